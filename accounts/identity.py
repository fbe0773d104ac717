"""From an account or a partner system to the Actor who acts, with the posts held right now."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import get_language, override

from accounts import area_names
from accounts.actor import Actor, ActorKind, HeldPost
from accounts.edits import LOCAL
from accounts.models import ApiClient, Post, User
from accounts.roles import Role

ANONYMOUS = Actor(ActorKind.REPORTER, None, "anonymous")


def actor_of(
    user: User | AnonymousUser, now: datetime | None = None, acting: int | None = None
) -> Actor:
    """The Actor for a signed-in person: their union of posts held on the local day (Asia/Shanghai) of `now`.

    One query. `acting` is the id of the post they chose to act under; one that is not held is ignored.
    Anonymous visitors and switched-off accounts get an actor without posts.
    """
    if not isinstance(user, User) or not user.is_active:
        return ANONYMOUS
    day = (now or timezone.now()).astimezone(LOCAL).date()
    posts = tuple(
        held_post(post)
        for post in Post.objects.held_on(day)
        .filter(user_id=user.pk)
        .select_related("organisation")
        .order_by("id")
    )
    chosen = acting if any(p.id == acting for p in posts) else None
    return Actor(ActorKind.USER, user.pk, user.name or user.username, posts, chosen)


def held_post(post: Post) -> HeldPost:
    """The post as its holder acts under it, called after its organisation (or area) and role."""
    role = Role(post.role)
    organisation = post.organisation
    recorded = title = _titled(organisation.shown_name if organisation else _area(post), role)
    if get_language() != settings.LANGUAGE_CODE:
        with override(settings.LANGUAGE_CODE):
            recorded = _titled(organisation.name if organisation else _area(post), role)
    return HeldPost(post.pk, role, post.organisation_id, post.area_code, title, recorded)


def _area(post: Post) -> str:
    """The name of the post's area, else its code."""
    return area_names.names_of([post.area_code]).get(post.area_code, post.area_code)


def _titled(where: str, role: Role) -> str:
    return " · ".join(part for part in (where, str(role.label)) if part)


def client_actor(client: ApiClient, scopes: Iterable[str]) -> Actor:
    """The Actor for a partner system: its roles over its area and organisation, narrowed by the token's scopes.

    Its posts have id 0: they are no rows. A switched-off client has neither posts nor scopes.
    """
    if not client.active:
        return Actor(ActorKind.CLIENT, client.pk, client.name)
    posts = tuple(
        HeldPost(0, Role(role), client.organisation_id, client.area_code, client.name)
        for role in client.roles
        if role in Role.values
    )
    allowed = frozenset(scopes) & frozenset(client.allowed_scopes)
    return Actor(ActorKind.CLIENT, client.pk, client.name, posts, scopes=allowed)
