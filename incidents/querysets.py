"""Who sees which cases, expressed once; and the lamp beside each."""

from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from accounts.actor import Actor, ActorKind
from accounts.roles import May, Scope
from clocks.lamps import lamp_expression
from incidents.choices import State
from incidents.models import Incident

READ, WRITE = "incidents:read", "incidents:write"


def visible_to(actor: Actor) -> QuerySet[Incident]:
    """The cases an actor sees:

    - those in the area of a post that sees cases (confidential ones only where the post also sees reporters);
    - those that their unit was ever sent, leading or assisting, returned ones too: it answers for them;
    - what they reported, and what they are sent to look at;
    - a partner system: what it reported, and what its roles give it, if its token may read or write cases;
    - a reporter who proved a case: that case. Administrators and people without a post: nothing.
    """
    if actor.is_system:
        return Incident.objects.all()
    reach = [*_own(actor), *_by_area(actor), *_by_unit(actor)]
    if _is_barred(actor) or not reach:
        return Incident.objects.none()
    return Incident.objects.filter(reduce(or_, reach))


def _is_barred(actor: Actor) -> bool:
    """Administrators see no business data (MLPS), whatever else they may hold; tokens need a scope."""
    if actor.kind is ActorKind.CLIENT:
        return not actor.scopes & {READ, WRITE}
    if actor.kind is ActorKind.USER:
        return not actor.posts or any(post.rule_scope is Scope.NOTHING for post in actor.posts)
    return False


def _own(actor: Actor) -> list[Q]:
    if actor.id is None:
        return []
    match actor.kind:
        case ActorKind.USER:
            return [Q(reporter_id=actor.id), Q(checker_id=actor.id)]
        case ActorKind.CLIENT:
            return [Q(client_id=actor.id)]
        case ActorKind.REPORTER:
            return [Q(pk=actor.id)]
    return []


def _by_area(actor: Actor) -> list[Q]:
    confidants = set(actor.area_prefixes(May.SEE_REPORTER))
    return [
        within(prefix) if prefix in confidants else within(prefix) & Q(confidential=False)
        for prefix in actor.area_prefixes(May.SEE_CASES)
    ]


def _by_unit(actor: Actor) -> list[Q]:
    units = actor.organisation_ids(May.SEE_CASES)
    return [Q(units__overlap=list(units))] if units else []


def within(prefix: str, column: str = "area_code") -> Q:
    """The rows in the subtree of an area: a range of the column's order ("C"), so that an index serves it."""
    return Q(**{f"{column}__gte": prefix, f"{column}__lt": f"{prefix}:"}) if prefix else Q()


def with_lamp(cases: QuerySet[Incident], now: datetime) -> QuerySet[Incident]:
    """The cases with `lamp` (green, amber, red, none) as of `now`."""
    return cases.annotate(lamp=lamp_expression(now))


def for_list(cases: QuerySet[Incident], now: datetime) -> QuerySet[Incident]:
    """As `with_lamp`, with the names that lists show, in one query; without what they do not."""
    listed = cases.select_related("item", "unit", "centre")
    return with_lamp(listed, now).defer("search", "reporter_name", "reporter_phone")


def scope_words(actor: Actor) -> str | None:
    """Who the actor is, as the search index knows cases (a tsquery): every case they see bears one of these
    words, others may too. None where the words would spare nothing: the system, and a whole city.
    """
    prefixes = actor.area_prefixes(May.SEE_CASES)
    if actor.is_system or any(len(prefix) not in _WORD_LENGTHS for prefix in prefixes):
        return None
    words = [f"@{prefix}" for prefix in prefixes]
    words += [f"~{unit}" for unit in actor.organisation_ids(May.SEE_CASES)]
    if actor.kind is ActorKind.USER:
        words.append(f"^{actor.id}")
    elif actor.kind is ActorKind.CLIENT:
        words.append(f"${actor.id}")
    else:
        return None
    return " | ".join(f"'{word}'" for word in words)


# The levels of areas that cases bear as words; a city is all of them.
_WORD_LENGTHS = frozenset({6, 9, 12, 15})


def to_check(actor: Actor) -> QuerySet[Incident]:
    """The spots that this person is sent to look at, before filing or before closing."""
    waits = Q(state=State.PRECHECKING) | Q(state=State.VERIFYING, check_passed=None)
    return visible_to(actor).filter(waits, checker_id=actor.user_id or 0)
