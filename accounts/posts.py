"""Granting and ending posts.

Three administrators are three people (MLPS level 3): nobody holds two of their roles, an administrator
holds no other role, and nobody grants a post to themself. The security administrator grants and ends
administrators' posts, the system administrator all others (docs/roles.md says why).
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import area_names, journaling
from accounts.actor import Actor, HeldPost
from accounts.authority import grants, require_over
from accounts.edits import LOCAL
from accounts.models import Organisation, Post, PostQuerySet, User
from accounts.roles import ADMINISTRATORS, RULES, Role, Scope
from config.refusal import Refused, SomebodyWasFirst


@dataclass(frozen=True, kw_only=True)
class PostFacts:
    """A post to be granted. Both dates are local days and included; without `valid_to` it has no end."""

    role: Role
    valid_from: date
    organisation: Organisation | None = None
    area_code: str = ""
    valid_to: date | None = None

    @property
    def area(self) -> str:
        """The post's area: the given one, else that of its organisation."""
        if self.area_code or self.organisation is None:
            return self.area_code
        return self.organisation.area_code


def open_posts(user: User, now: datetime) -> PostQuerySet:
    """The person's posts that are held today or will be."""
    today = now.astimezone(LOCAL).date()
    return user.posts.filter(ended_at=None).filter(Q(valid_to=None) | Q(valid_to__gte=today))


def state_of(post: Post, today: date) -> str:
    """`held`, `coming` or `ended`, on a local day."""
    if post.ended_at is not None or (post.valid_to is not None and post.valid_to < today):
        return "ended"
    return "coming" if post.valid_from > today else "held"


def grantable_by(by: Actor) -> list[Role]:
    """The roles that this administrator may grant."""
    return [role for role in Role if by.posts_with(grants(role))]


@transaction.atomic
def grant_post(user: User, facts: PostFacts, *, by: Actor, now: datetime) -> Post:
    """Give a person a post. Raises Refused (own post, separation of administrators, overlap, closed account)."""
    under = require_over(by, grants(facts.role), facts.area)
    if by.user_id == user.pk:
        raise Refused(
            "own_post", _("Nobody grants a post to themself. Ask another administrator."), 409
        )
    holder = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    _check_whole(facts)
    _check_holder(holder, facts, now)
    made = Post.objects.create(
        user=holder,
        role=facts.role,
        organisation=facts.organisation,
        area_code=facts.area,
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
    )
    _journal(
        "post.granted",
        made,
        by=by,
        now=now,
        post=under,
        from_day=facts.valid_from.isoformat(),
        to_day=facts.valid_to.isoformat() if facts.valid_to else None,
    )
    return made


@transaction.atomic
def end_post(post: Post, *, last_day: date | None, by: Actor, now: datetime) -> Post:
    """End a post at once, or with `last_day` after that local day (it may lie later than the present end).

    Raises SomebodyWasFirst where it has ended, Refused for a day that has passed or for the last
    security administrator.
    """
    under = require_over(by, grants(post.role), post.area_code)
    if by.user_id == post.user_id:
        raise Refused("own_post", _("Nobody ends their own post. Ask another administrator."), 409)
    holder = User.objects.select_for_update(of=("self",)).get(pk=post.user_id)
    post.refresh_from_db()
    if post.role == Role.SECURITY_ADMIN:
        refuse_last_security_administrator(holder, now)
    if last_day is None:
        end_at_once(post, by=by, now=now, post=under)
    else:
        _end_after(post, last_day, by=by, now=now, under=under)
    return post


def end_at_once(held: Post, *, by: Actor, now: datetime, post: HeldPost | None) -> None:
    """End a post from this moment on, in the caller's transaction. Raises SomebodyWasFirst."""
    ended = Post.objects.filter(pk=held.pk, ended_at=None)
    today = now.astimezone(LOCAL).date()
    if not ended.exclude(valid_to__lt=today).update(ended_at=now):
        raise SomebodyWasFirst(_("This post has ended already."))
    held.refresh_from_db()
    _journal("post.ended", held, by=by, now=now, post=post)


def refuse_last_security_administrator(user: User, now: datetime) -> None:
    """Raise Refused where without this person nobody could appoint administrators in some area any more."""
    with connection.cursor() as cursor:  # two of them must not end each other at the same instant
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts.security administrators'))")
    today = now.astimezone(LOCAL).date()
    held = Post.objects.held_on(today).filter(role=Role.SECURITY_ADMIN, user__is_active=True)
    rows = list(held.values_list("user_id", "area_code"))
    others = [area for holder, area in rows if holder != user.pk]
    for holder, area in rows:
        if holder == user.pk and not any(area.startswith(other) for other in others):
            raise Refused(
                "last_security_administrator",
                _("This is the only security administrator. Appoint another one first."),
                409,
            )


def _end_after(
    post: Post, last_day: date, *, by: Actor, now: datetime, under: HeldPost | None
) -> None:
    today = now.astimezone(LOCAL).date()
    if last_day < max(today, post.valid_from):
        raise Refused(
            "post_end_passed",
            _(
                "The last day lies before today or before the post begins. To end it now, leave the day empty."
            ),
            field="valid_to",
        )
    current = Post.objects.filter(pk=post.pk, ended_at=None).exclude(valid_to__lt=today)
    if not current.update(valid_to=last_day):
        raise SomebodyWasFirst(_("This post has ended already."))
    post.refresh_from_db()
    _journal("post.ends_changed", post, by=by, now=now, post=under, to_day=last_day.isoformat())


def _check_whole(facts: PostFacts) -> None:
    if facts.valid_to is not None and facts.valid_to < facts.valid_from:
        raise Refused("post_period", _("The post ends before it begins."), field="valid_to")
    area_names.check(facts.area)
    scope = RULES[facts.role].scope
    if scope is Scope.ORGANISATION and facts.organisation is None:
        raise Refused(
            "post_without_organisation",
            _("A %(role)s works for an organisation: choose one.") % {"role": facts.role.label},
            field="organisation",
        )
    if scope is Scope.AREA and not facts.area:
        raise Refused(
            "post_without_area",
            _("A %(role)s serves an area: enter its code.") % {"role": facts.role.label},
            field="area_code",
        )
    if facts.organisation is not None:
        current = Organisation.objects.select_for_update().get(pk=facts.organisation.pk)
        if not current.active:
            raise Refused(
                "organisation_closed",
                _("%(name)s is not active any more.") % {"name": current.name},
                field="organisation",
            )


def _check_holder(holder: User, facts: PostFacts, now: datetime) -> None:
    if not holder.is_active:
        raise Refused("account_off", _("This account is switched off."), 409)
    meanwhile = _overlapping(holder, facts)
    if meanwhile.filter(
        role=facts.role, organisation=facts.organisation, area_code=facts.area
    ).exists():
        raise Refused(
            "post_held", _("%(name)s holds this post in that time already.") % {"name": holder}, 409
        )
    others = meanwhile.exclude(role=facts.role)
    if facts.role in ADMINISTRATORS and others.exists():
        raise Refused(
            "administrators_are_apart",
            _(
                "%(name)s holds another post in that time. System, security and audit administrator are three"
                " people, and none of them does other work here."
            )
            % {"name": holder},
            409,
            field="role",
        )
    if others.filter(role__in=ADMINISTRATORS).exists():
        raise Refused(
            "administrators_are_apart",
            _(
                "%(name)s is an administrator in that time, and administrators do no other work here."
            )
            % {"name": holder},
            409,
            field="role",
        )


def _overlapping(holder: User, facts: PostFacts) -> PostQuerySet:
    """The holder's posts that share a day with the one to be granted."""
    found = holder.posts.filter(ended_at=None)
    found = found.filter(Q(valid_to=None) | Q(valid_to__gte=facts.valid_from))
    if facts.valid_to is not None:
        found = found.filter(valid_from__lte=facts.valid_to)
    return found


def _journal(
    verb: str, row: Post, *, by: Actor, now: datetime, post: HeldPost | None, **data: object
) -> None:
    facts = {
        "post": row.pk,
        "role": row.role,
        "organisation": row.organisation_id,
        "area": row.area_code,
    }
    journaling.append(
        verb,
        subject=("account", row.user_id),
        area_code=row.area_code,
        by=by,
        now=now,
        post=post,
        data=facts | data,
    )
