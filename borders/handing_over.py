"""A handover is worded and signed by both sides, in any order; the second signature hands the enclave over."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from borders.choices import EnclaveState, Side, Stage
from borders.doors import ENCLAVES, EnclaveMeeting
from borders.lifecycle import ENCLAVE
from borders.models import Signature
from clocks import running
from config.refusal import Refused
from steps.door import show_open


@ENCLAVES.effect("word")
def word(m: EnclaveMeeting) -> None:
    """Another wording voids the signatures under the one before."""
    if m.facts["handover"].strip() == m.record.handover.strip():
        raise Refused("same_wording", _("This is the wording that stands there already."), 409)
    voided = list(m.signatures)
    m.record.handover = m.facts["handover"]
    m.record.handover_version += 1
    m.data.update(handover_version=m.record.handover_version, voided=voided)


@ENCLAVES.guard("sign")
def nothing_to_sign(m: EnclaveMeeting) -> Promise | None:
    """A handover is signed as it is worded."""
    if not m.record.handover:
        return gettext_lazy("The handover is not worded yet: word it first.")
    if all(side in m.signatures for side in m.own_sides):
        return gettext_lazy("Your side has signed this wording already.")
    return None


@ENCLAVES.effect("sign")
def sign(m: EnclaveMeeting) -> None:
    """One side signs the wording that it read; with the other side's signature it is handed over."""
    side = _side(m)
    if m.facts["handover_version"] != m.record.handover_version:
        raise Refused(
            "worded_anew",
            _("The handover was worded anew after you opened it. Read it again, then sign."),
            409,
        )
    owns = side is Side.OWNER
    unit = m.record.owner_id if owns else m.record.manager_id
    assert unit is not None, "an attributed enclave has a manager"
    Signature.objects.create(
        enclave=m.record,
        side=side,
        handover_version=m.record.handover_version,
        organisation_id=unit,
        signed_by_id=m.by.user_id,
        signed_at=m.now,
    )
    both = len({*m.signatures, side}) == len(Side)
    if both:
        _hand_over(m)
    m.data.update(unit=unit, side=side, both=both, handover_version=m.record.handover_version)


def _side(m: EnclaveMeeting) -> Side:
    named = m.facts["side"]
    sides = [s for s in m.own_sides if (not named or s == named) and s not in m.signatures]
    if len(sides) != 1:
        raise Refused("side_unclear", _("Say for which side you sign."), field="side")
    return sides[0]


def _hand_over(m: EnclaveMeeting) -> None:
    subject = (ENCLAVE, m.record.pk)
    m.record.state, m.record.handed_over_at = EnclaveState.HANDED_OVER, m.now
    running.stop(subject=subject, stages=(Stage.HAND_OVER,), now=m.now)
    ENCLAVES.start_clock(m, Stage.ACCEPT)
    show_open(m.record, subject)
