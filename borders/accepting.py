"""An enclave is done only when all three checks pass: territory, hazards, livelihood (domain E8)."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from borders.choices import CheckKind, EnclaveState, Stage
from borders.doors import ENCLAVES, EnclaveMeeting
from borders.lifecycle import ENCLAVE
from borders.models import Check
from clocks import running
from config.refusal import Refused
from steps.door import show_open


@ENCLAVES.guard("check")
def mend_first(m: EnclaveMeeting) -> Promise | None:
    """What failed is mended before it is checked again."""
    if not m.to_check:
        return gettext_lazy("What failed must be mended before it is checked again.")
    return None


@ENCLAVES.effect("check")
def check(m: EnclaveMeeting) -> None:
    """One of three. The last that passes accepts the enclave; one that fails sends it to be mended."""
    kind, passed = CheckKind(m.facts["check"]), bool(m.facts["passed"])
    made = Check.objects.create(
        enclave=m.record,
        kind=kind,
        passed=passed,
        note=m.facts["note"],
        checked_by_id=m.by.user_id,
        checked_at=m.now,
    )
    m.checks[kind] = made
    m.data.update(check=kind, passed=passed, verdict="passed" if passed else "failed")
    if not passed:
        _to_mend(m)
    elif len(m.checks) == len(CheckKind) and all(one.passed for one in m.checks.values()):
        _accept(m)


def _to_mend(m: EnclaveMeeting) -> None:
    if m.record.state == EnclaveState.HANDED_OVER:
        ENCLAVES.start_clock(m, Stage.MEND)
    m.record.state = EnclaveState.MENDING
    show_open(m.record, (ENCLAVE, m.record.pk))


def _accept(m: EnclaveMeeting) -> None:
    subject = (ENCLAVE, m.record.pk)
    m.record.state, m.record.accepted_at = EnclaveState.ACCEPTED, m.now
    running.stop(subject=subject, stages=(Stage.ACCEPT,), now=m.now)
    show_open(m.record, subject)
    m.data["accepted"] = True


@ENCLAVES.effect("mend")
def mend(m: EnclaveMeeting) -> None:
    """What failed was handled; when nothing is left of that, it waits for the checker again."""
    waiting = {one.kind: one for one in m.to_mend}
    failed = waiting.get(m.facts["check"])
    if failed is None:
        raise Refused("nothing_failed", _("This check did not fail, or was mended."), 409)
    failed.mended_at, failed.mending = m.now, m.facts["text"]
    failed.save(update_fields=["mended_at", "mending"])
    m.data["check"] = failed.kind
    if len(waiting) == 1:
        subject = (ENCLAVE, m.record.pk)
        m.record.state = EnclaveState.HANDED_OVER
        running.stop(subject=subject, stages=(Stage.MEND,), now=m.now)
        show_open(m.record, subject)
