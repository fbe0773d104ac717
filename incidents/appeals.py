"""A unit appeals against its lateness (超时申诉). Source: domain section 2.4, default A.

Only on closed cases, only the handling unit, once; two reviews, the dispatcher's and then the clerk's. What is granted
exempts the statistic and keeps the fact.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import May
from clocks import running
from clocks.choices import Outcome
from clocks.models import Clock
from incidents.case import Case, Deed
from incidents.choices import AppealState, Stage
from incidents.deadlines import SUBJECT, subject_of
from incidents.lifecycle import STEPS
from incidents.models import Appeal
from incidents.taking import effect, guard

# The unit's own stages.
STAGES = (Stage.RECEIVE, Stage.HANDLE)


@guard("appeal")
def appealed_before(case: Case) -> Promise | None:
    """Once, whatever came of it."""
    if case.incident.appeals.exclude(state=AppealState.DROPPED).exists():
        return _("The unit has appealed before; there is no second time.")
    return None


@guard("appeal")
def was_not_late(case: Case) -> Promise | None:
    """There must be a lateness of this very unit that counts."""
    mine = Clock.objects.filter(
        subject_kind=SUBJECT,
        subject_id=case.incident.pk,
        stage__in=STAGES,
        unit_id=case.incident.unit_id,
    )
    if not mine.filter(outcome=Outcome.MISSED).exists():
        return _("The unit was not late with this case: there is nothing to appeal against.")
    return None


@guard("support_appeal", "grant_appeal", "refuse_appeal")
def no_appeal_is_open(case: Case) -> Promise | None:
    """There must be something to decide."""
    if case.open_appeal is None:
        return _("No appeal waits for a review.")
    return None


@guard("support_appeal")
def supported_already(case: Case) -> Promise | None:
    """The dispatcher speaks first, and once."""
    if _open(case).state != AppealState.ASKED:
        return _("The dispatcher has supported the appeal; it waits for the clerk.")
    return None


@guard("grant_appeal")
def dispatcher_has_not_reviewed(case: Case) -> Promise | None:
    """Two reviews."""
    if _open(case).state != AppealState.SUPPORTED:
        return _("The appeal waits for the dispatcher's review.")
    return None


@guard("refuse_appeal")
def not_your_review(case: Case) -> Promise | None:
    """While it is asked the dispatcher says no, once supported the clerk does."""
    asked = _open(case).state == AppealState.ASKED
    may = May.DISPATCH if asked else May.ACCEPT
    if any(case.post_for(hand) for hand in STEPS["refuse_appeal"].hands if hand.may is may):
        return None
    if asked:
        return _("The appeal waits for the dispatcher's review.")
    return _("The dispatcher has supported the appeal; it waits for the clerk.")


def _open(case: Case) -> Appeal:
    assert case.open_appeal is not None, "guards demand an open appeal"
    return case.open_appeal


@effect("appeal")
def appeal(deed: Deed) -> None:
    """The unit says why its lateness should not count."""
    assert deed.incident.unit_id is not None, "a closed case had its unit"
    made = Appeal.objects.create(
        incident=deed.incident,
        unit_id=deed.incident.unit_id,
        reason=deed.facts["reason"],
        asked_by_id=deed.by.user_id,
        asked_at=deed.now,
    )
    deed.data.update(appeal=made.pk, unit=made.unit_id)


@effect("support_appeal")
def support_appeal(deed: Deed) -> None:
    """The first review."""
    found = _open(deed)
    found.state, found.support_note = AppealState.SUPPORTED, deed.facts["note"]
    found.save(update_fields=["state", "support_note"])
    deed.data.update(appeal=found.pk, unit=found.unit_id)


@effect("grant_appeal")
def grant_appeal(deed: Deed) -> None:
    """The unit's missed clocks of this case do not count any more; that they were missed stays."""
    found = _decide(deed, AppealState.GRANTED)
    mine = subject_of(deed.incident)
    spared = running.exempt(subject=mine, stages=STAGES, unit_id=found.unit_id)
    deed.data["clocks"] = [clock.pk for clock in spared]


@effect("refuse_appeal")
def refuse_appeal(deed: Deed) -> None:
    """The lateness counts."""
    _decide(deed, AppealState.REFUSED)


def _decide(deed: Deed, state: AppealState) -> Appeal:
    found = _open(deed)
    found.state, found.decided_at, found.decision_note = state, deed.now, deed.facts["note"]
    found.save(update_fields=["state", "decided_at", "decision_note"])
    deed.data.update(appeal=found.pk, unit=found.unit_id)
    return found


def drop_open_appeal(deed: Deed) -> None:
    """The case is reopened: what was appealed against may yet change, and the unit may appeal again at the end."""
    if deed.open_appeal is not None:
        deed.open_appeal.state, deed.open_appeal.decided_at = AppealState.DROPPED, deed.now
        deed.open_appeal.save(update_fields=["state", "decided_at"])
        deed.data["dropped_appeal"] = deed.open_appeal.pk
