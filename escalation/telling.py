"""Who hears of a rung: a reading of the journal that fills bells, each exactly once.

Of several reminders that fired together (the sweep was down) only the last tells, and says how many it stands
for. What moves a case up, and orders from above, are told by the rooms whose events they are.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import Post
from accounts.roles import RULES, May, Role
from clocks.calendar import SHANGHAI
from clocks.marks import AMBER
from escalation.choices import AUDIENCE, Deed, When
from escalation.climbing import FAILED
from escalation.deeds import VERBS as REMINDING
from escalation.models import Ladder
from incidents.choices import Stage
from incidents.deadlines import SUBJECT
from incidents.models import Incident
from incidents.telling import Staff, Told
from journal.models import Event
from journal.readers import follow
from notices.tell import tell

READER = "escalation.telling"
KINDS = {verb: f"ladder.{deed}" for deed, verb in REMINDING.items()}
LATE = "ladder.late"
VERBS = {*KINDS, FAILED}


def tell_people(now: datetime, limit: int = 500) -> int:
    """Read the next events of ladders and fill the bells; the number of events read. `now` is aware."""
    return follow(READER, partial(_tell_all, now), verbs=VERBS, limit=limit)


def reminds(marks: Sequence[Event]) -> set[int]:
    """Of these events (a deadline is near, or has passed) those at whose moment a rung reminds whose turn it is: what
    tells of deadlines otherwise is silent then. A ladder that is stuck, or has no such rung, reminds nobody."""
    clocks = {event.data.get("clock") for event in marks}
    standing = Ladder.objects.filter(clock_id__in=clocks, failures=0)
    plans = dict(standing.values_list("clock_id", "plan"))
    return {event.pk for event in marks if _rung_at(event.verb, plans.get(event.data.get("clock")))}


def _rung_at(verb: str, plan: Sequence[Mapping[str, Any]] | None) -> bool:
    """Whether the plan has a rung for whose turn it is at the very moment that this verb tells of."""
    amber = (When.SHARE, int(settings.AMBER_SHARE * 100))
    moment = amber if verb == AMBER else (When.DUE, 0)
    return any(
        (row["when"], row["value"], row["day"]) == (*moment, 0)
        and AUDIENCE.get(Deed(row["deed"])) == "turn"
        and not row.get("past")
        for row in plan or ()
    )


def _tell_all(now: datetime, events: Sequence[Event]) -> None:
    loud = [e for e in events if e.subject_kind == SUBJECT and not e.data.get("quiet")]
    cases = Incident.objects.select_related("item").in_bulk({int(e.subject_id) for e in loud})
    staff = Staff(now.astimezone(SHANGHAI).date())
    for event in loud:
        case = cases.get(int(event.subject_id))
        if case is not None:
            _tell(Told(event, case, staff), now)


def _tell(told: Told, now: datetime) -> None:
    if told.event.verb == FAILED:
        people, kind = (
            managers(now.astimezone(SHANGHAI).date(), told.case.area_code),
            "ladder.failed",
        )
        link = reverse("escalation:failures")
    else:
        people, kind = (
            _people(told),
            LATE if told.event.data.get("missed") else KINDS[told.event.verb],
        )
        link = reverse("incidents:case", args=[told.case.number])
    if people:
        tell(told.event, sorted(people), kind=kind, facts=_facts(told), link=link, now=now)


def _people(told: Told) -> frozenset[int]:
    """Whose turn it is, or who answers for them: the unit's leader, and who is in charge of the case's level."""
    if told.event.verb != "escalation.told":
        return told.whose_turn()
    return told.unit(May.APPROVE) | told.in_charge(told.case.escalated_level) | _commander(told)


def _commander(told: Told) -> frozenset[int]:
    """The first responsible person of the area is named in every overdue notice (domain row E3)."""
    return told.staff.in_charge(told.case.area_code, Role.COMMANDER)


def managers(day: date, area_code: str) -> frozenset[int]:
    """Those whose post of this day lets them mend the ladders of an area."""
    roles = [role for role, rule in RULES.items() if May.MANAGE_LADDERS in rule.may]
    posts = Post.objects.held_on(day).filter(role__in=roles, user__is_active=True)
    held = posts.values_list("user_id", "area_code")
    return frozenset(person for person, area in held if area_code.startswith(area))


def _facts(told: Told) -> dict[str, object]:
    case, data = told.case, told.event.data
    facts: dict[str, object] = {"number": case.number, "item": case.item.code if case.item else ""}
    facts |= {"unit": data.get("unit") or case.unit_id, "missed": data.get("missed", 0)}
    facts["stage"] = data.get("stage", Stage.HANDLE)
    return facts | ({"due": data["due"]} if data.get("due") else {})
