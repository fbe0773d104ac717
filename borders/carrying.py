"""What the rule of a ruling has carried since: a reading of the journal that counts the dispatches it decided."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from accounts.actor import Actor
from borders.models import Matter
from incidents.choices import State
from incidents.models import Incident
from incidents.querysets import visible_to as cases_visible_to
from incidents.querysets import within
from journal.models import Event
from journal.readers import follow

READER = "borders.carried"
_WAITING = (State.REPORTED, State.PRECHECKING, State.FILED)


def count_carried(limit: int = 500) -> int:
    """Read the next dispatches; the number of events read. Counter and cursor move together, so each counts once."""
    return follow(READER, _count, verbs={"incident.dispatched"}, limit=limit)


def _count(events: Sequence[Event]) -> None:
    carried: dict[int, list[datetime]] = defaultdict(list)
    for event in events:
        why = event.data.get("chosen_by") or {}
        if why.get("by") == "rule":
            carried[int(why["rule"])].append(event.at)
    for rule, times in sorted(carried.items()):
        Matter.objects.filter(rule_id=rule).update(
            carried=F("carried") + len(times),
            carried_last_at=Greatest(F("carried_last_at"), max(times)),
        )


def waiting_cases(matter: Matter, actor: Actor) -> QuerySet[Incident]:
    """The open cases of the matter that no unit has yet, as far as the actor sees them: the rule names the lead for
    each when it is dispatched."""
    seen = cases_visible_to(actor).filter(within(_where(matter)), state__in=_WAITING)
    code = matter.item_code
    if not code:
        return seen.none()
    by_item = seen.filter(item__code=code)
    branch = seen.filter(item__sub_code=code) | seen.filter(item__class_code=code)
    return (by_item | branch).select_related("item").order_by("due_order", "id")


def _where(matter: Matter) -> str:
    return matter.rule.area_code if matter.rule else matter.area_code
