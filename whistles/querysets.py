"""Who sees which whistles and suggestions, expressed once."""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actor import Actor, ActorKind
from accounts.roles import May, Role
from grids.queries import codes_above
from incidents.querysets import within
from whistles.choices import HEARD, ON_THE_WAY, State, SuggestionState
from whistles.models import PersonnelSuggestion, Summons, Whistle, WhistleType

READ, WRITE = "whistles:read", "whistles:write"
# Whoever may blow, approve or supervise in an area sees the area's whistles.
WATCHES = (May.BLOW, May.APPROVE_WHISTLE, May.SUPERVISE)
SEES = (*WATCHES, May.COME)


def area_prefixes(actor: Actor) -> tuple[str, ...]:
    """The areas whose whistles the actor sees from the street's side."""
    return tuple(dict.fromkeys(p for may in WATCHES for p in actor.area_prefixes(may)))


def visible_to(actor: Actor) -> QuerySet[Whistle]:
    """The whistles an actor sees: those of the areas they blow, approve or supervise in; and those that summon
    their unit, from the moment they are blown. A partner system needs a scope; administrators see nothing."""
    if actor.is_system:
        return Whistle.objects.all()
    if actor.kind is ActorKind.CLIENT and not actor.scopes & {READ, WRITE}:
        return Whistle.objects.none()
    reach = [within(prefix) for prefix in area_prefixes(actor)]
    if units := actor.organisation_ids(May.COME):
        mine = Summons.objects.filter(whistle_id=OuterRef("pk"), unit_id__in=units)
        reach.append(Q(Exists(mine), blown_at__isnull=False))
    return Whistle.objects.filter(reduce(or_, reach)) if reach else Whistle.objects.none()


def for_list(whistles: QuerySet[Whistle]) -> QuerySet[Whistle]:
    """With what a row shows, in two queries."""
    return whistles.select_related("type", "street").prefetch_related("summonses__unit")


def on_map(actor: Actor, most: int) -> list[Whistle]:
    """The open whistles with a place, the newest first, at most `most`."""
    placed = visible_to(actor).filter(lon__isnull=False, lat__isnull=False)
    open_ones = placed.exclude(state__in=(State.CLOSED, State.CANCELLED))
    return list(open_ones.select_related("type")[:most])


def calls_of(actor: Actor) -> QuerySet[Summons]:
    """What this person's units were summoned to and have not finished, the most urgent first."""
    units = actor.organisation_ids(May.COME)
    heard = Summons.objects.filter(unit_id__in=units, whistle__state__in=HEARD)
    return heard.select_related("whistle__type", "whistle__street", "unit").order_by(
        "whistle__due_at", "-whistle__blown_at", "id"
    )


def on_the_way(whistle: Whistle) -> list[Summons]:
    """The units that stand, have not come, and still have time to."""
    return [
        one
        for one in whistle.summonses.select_related("unit")
        if one.state in ON_THE_WAY and not one.is_absent
    ]


def types_for(actor: Actor) -> list[WhistleType]:
    """The types in use that one of the actor's roles may blow."""
    roles = {str(post.role) for post in actor.posts_with(May.BLOW)}
    known = WhistleType.objects.filter(enabled=True)
    return [one for one in known if roles & set(one.blown_by)]


def all_types() -> QuerySet[WhistleType]:
    """Every type, for administrators; types are no secret."""
    return WhistleType.objects.all()


def type_coded(code: str) -> WhistleType | None:
    return WhistleType.objects.filter(code=code).first()


# --- suggestions about people ------------------------------------------------------------------------


def streets_of(actor: Actor, may: May) -> tuple[str, ...]:
    """The streets (9 digits) for which the actor holds `may` by a post of that very street: a suggestion about
    people is the street's own, and no district's."""
    return tuple(code for code in actor.area_prefixes(may) if len(code) == 9)


def suggestions_visible_to(actor: Actor) -> QuerySet[PersonnelSuggestion]:
    """Those of one's own street's Party committee; for the organisation department those that were sent to it.

    Everybody else, partner systems included, sees none.
    """
    none = PersonnelSuggestion.objects.none()
    if actor.kind is not ActorKind.USER:
        return none
    own = {
        s for may in (May.SUGGEST_PERSONNEL, May.APPROVE_PERSONNEL) for s in streets_of(actor, may)
    }
    reach = [Q(street_code__in=own)] if own else []
    sent = Q(state__in=(SuggestionState.APPROVED, SuggestionState.RECEIVED))
    reach += [within(area, "street_code") & sent for area in _received_areas(actor)]
    return PersonnelSuggestion.objects.filter(reduce(or_, reach)) if reach else none


def _received_areas(actor: Actor) -> tuple[str, ...]:
    posts = actor.posts_with(May.RECEIVE_PERSONNEL)
    return tuple(dict.fromkeys(p.area_code for p in posts if p.role == Role.PERSONNEL_OFFICER))


def level_above(street_code: str) -> str:
    """The area above a street: its district."""
    above = codes_above(street_code)
    return above[-1] if above else ""
