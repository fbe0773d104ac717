"""The mark on a case that an order from above stands on it (督办). The room of orders sets it and takes it off."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actor import Actor, HeldPost
from config.refusal import Refused
from incidents.choices import OPEN
from incidents.deadlines import subject_of
from incidents.models import Incident
from incidents.querysets import visible_to
from journal.append import Happening

SUPERVISED = "incident.supervised"
UNSUPERVISED = "incident.unsupervised"


def locked(numbers: Collection[str], by: Actor) -> list[Incident]:
    """The cases, locked in one order, so that two who choose the same ones never block each other.

    Raises Incident.DoesNotExist where the actor does not see one of them.
    """
    wanted = set(numbers)
    seen = visible_to(by).select_for_update(of=("self",)).filter(number__in=wanted)
    cases = list(seen.order_by("pk"))
    if len(cases) < len(wanted):
        raise Incident.DoesNotExist
    return cases


def demand_open(cases: Collection[Incident]) -> None:
    """Pass where every case is still on its way. Raises Refused `case_not_open`, naming those that are not."""
    over = [case.number for case in cases if case.state not in OPEN]
    if over:
        raise Refused(
            "case_not_open",
            _("These cases are closed or ended, nothing more can be ordered on them: %(numbers)s.")
            % {"numbers": ", ".join(over)},
            409,
        )


def mark(
    case: Incident, *, order: int, unit_id: int, due: datetime | None, by: Actor, now: datetime,
    post: HeldPost | None,
) -> Happening:  # fmt: skip
    """Say on the (locked) case that `unit_id` must answer an order by `due`. The caller appends what is returned."""
    _write(case, supervised=True, now=now)
    data: dict[str, object] = {
        "order": order,
        "unit": unit_id,
        "due": due.isoformat() if due else None,
    }
    return _told(SUPERVISED, case, data, by=by, now=now, post=post)


def unmark(case: Incident, *, by: Actor, now: datetime, post: HeldPost | None) -> Happening:
    """The last order on the (locked) case has ended. The caller appends what is returned."""
    _write(case, supervised=False, now=now)
    return _told(UNSUPERVISED, case, {}, by=by, now=now, post=post)


def _write(case: Incident, *, supervised: bool, now: datetime) -> None:
    case.supervised, case.version, case.updated_at = supervised, case.version + 1, now
    case.save(update_fields=["supervised", "version", "updated_at"])


def _told(
    verb: str, case: Incident, data: dict[str, object], *, by: Actor, now: datetime, post: HeldPost | None
) -> Happening:  # fmt: skip
    data |= {"version": case.version}
    return Happening(
        verb=verb, subject=subject_of(case), area_code=case.area_code, by=by, now=now, post=post, data=data
    )  # fmt: skip
