"""Who can be given a duty in a grid: people who serve there already in some post, and their organisations."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.actor import Actor
from accounts.authority import prefixes
from accounts.models import Organisation, Post, User
from accounts.roles import May
from grids.models import CODE_LENGTHS, Level

_DISTRICT = CODE_LENGTHS[Level.DISTRICT]


def people_for(actor: Actor) -> QuerySet[User]:
    """Active accounts with a post held today in a district where the actor manages staffing."""
    held = Post.objects.held_on(timezone.localdate()).filter(user_id=OuterRef("pk"))
    return User.objects.filter(Exists(held.filter(_in_districts(actor))), is_active=True)


def search_people(actor: Actor, text: str, limit: int = 20) -> list[User]:
    """Those whose name or user name contains `text`."""
    text = text.strip()
    named = Q(name__icontains=text) | Q(username__icontains=text.split(" ")[0])
    return list(people_for(actor).filter(named).order_by("name", "username")[:limit])


def bodies_for(actor: Actor) -> QuerySet[Organisation]:
    """Organisations that may act for an area that the actor manages."""
    return Organisation.objects.filter(_in_districts(actor, May.MANAGE_AREAS), active=True)


def _in_districts(actor: Actor, may: May = May.MANAGE_STAFFING) -> Q:
    """Areas in the districts of the actor's posts: a neighbour's officer may help out."""
    codes = {code[:_DISTRICT] for code in prefixes(actor, may)}
    if "" in codes:
        return Q()
    test = Q(pk__in=[])
    for code in codes:
        test |= Q(area_code__startswith=code)
    return test
