"""The words of this room. Codes are stored; labels are what people read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MatterState(TextChoices):
    """How far a matter without a lead has come (domain A8, C7)."""

    RAISED = "raised", pgettext_lazy("matter", "Waits for a ruling")
    HEARING = "hearing", pgettext_lazy("matter", "Units are heard")
    ADJUDICATED = "adjudicated", pgettext_lazy("matter", "Lead named")
    WRITTEN = "written", pgettext_lazy("matter", "In the responsibility rules")
    REFUSED = "refused", pgettext_lazy("matter", "Has a lead already")
    WITHDRAWN = "withdrawn", pgettext_lazy("matter", "Withdrawn")


MATTER_ENDS = frozenset({MatterState.WRITTEN, MatterState.REFUSED, MatterState.WITHDRAWN})
UNRULED = frozenset({MatterState.RAISED, MatterState.HEARING})


class Says(TextChoices):
    """What a unit that was asked holds of a matter."""

    OURS = "ours", _("It is ours to lead")
    SHARED = "shared", _("Ours in part: we can assist")
    NOT_OURS = "not_ours", _("It is not ours")


class EnclaveState(TextChoices):
    """How far an enclave has come (domain E8). Mending is a stretch of the road between handing over and accepting."""

    REGISTERED = "registered", pgettext_lazy("enclave", "Registered")
    INVESTIGATED = "investigated", pgettext_lazy("enclave", "Investigated")
    ATTRIBUTED = "attributed", pgettext_lazy("enclave", "Attributed")
    HANDED_OVER = "handed_over", pgettext_lazy("enclave", "Handed over")
    MENDING = "mending", pgettext_lazy("enclave", "Being mended after a failed check")
    ACCEPTED = "accepted", pgettext_lazy("enclave", "Accepted")
    STRUCK = "struck", pgettext_lazy("enclave", "Struck off the register")


ENCLAVE_ENDS = frozenset({EnclaveState.ACCEPTED, EnclaveState.STRUCK})
# The manager answers for what happens inside.
MANAGED = frozenset({EnclaveState.HANDED_OVER, EnclaveState.MENDING, EnclaveState.ACCEPTED})


class Side(TextChoices):
    """Who signs a handover."""

    OWNER = "owner", _("The side that gives")
    MANAGER = "manager", _("The side that takes")


class CheckKind(TextChoices):
    """The three acceptance checks (domain E8)."""

    TERRITORY = "territory", _("Territorial responsibility laid down")
    HAZARDS = "hazards", _("Safety hazards removed")
    LIVELIHOOD = "livelihood", _("People's livelihood secured")


class ProblemState(TextChoices):
    """A named problem of old stays with who caused it until it is solved (domain E7)."""

    OPEN = "open", pgettext_lazy("problem", "Open")
    SOLVED = "solved", pgettext_lazy("problem", "Solved")


class Stage(TextChoices):
    """What this room has clocks for; how long each may take stands in `limits.py`."""

    RULE = "rule_on_lead", _("ruling on a matter without a lead")
    HEAR = "hear_units", _("opinions of the units")
    WRITE = "write_rule", _("writing the ruling into the rules")
    INVESTIGATE = "investigate", _("investigating an enclave")
    ATTRIBUTE = "attribute", _("attributing an enclave")
    HAND_OVER = "hand_over", _("handing over an enclave")
    ACCEPT = "accept", _("accepting an enclave")
    MEND = "mend", _("mending what failed a check")
