"""What each administrator sees of organisations, people, posts and partner systems: every read starts here."""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actor import Actor
from accounts.authority import prefixes
from accounts.models import ApiClient, Organisation, Post, PostQuerySet, User
from accounts.roles import May

ADMINISTERING = (May.MANAGE_PEOPLE, May.MANAGE_POLICIES)


def organisations_visible_to(actor: Actor) -> QuerySet[Organisation]:
    """Organisations in the areas that this system or security administrator serves."""
    return Organisation.objects.filter(_within("area_code", prefixes(actor, *ADMINISTERING)))


def people_visible_to(actor: Actor) -> QuerySet[User]:
    """People whose organisation, or one of whose posts (past ones too), lies in the administrator's areas."""
    areas = prefixes(actor, *ADMINISTERING)
    if areas == ("",):
        return User.objects.all()
    here = Post.objects.filter(_within("area_code", areas), user_id=OuterRef("pk"))
    return User.objects.filter(_within("organisation__area_code", areas) | Exists(here))


def posts_visible_to(actor: Actor) -> PostQuerySet:
    """Posts over the administrator's areas."""
    return Post.objects.filter(_within("area_code", prefixes(actor, *ADMINISTERING)))


def clients_visible_to(actor: Actor) -> QuerySet[ApiClient]:
    """Partner systems in the security administrator's areas."""
    return ApiClient.objects.filter(_within("area_code", prefixes(actor, May.MANAGE_POLICIES)))


def _within(field: str, areas: tuple[str, ...]) -> Q:
    if not areas:
        return Q(pk__in=[])
    if "" in areas:
        return Q()
    return reduce(or_, (Q(**{f"{field}__startswith": area}) for area in areas))
