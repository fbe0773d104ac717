"""Two lives, each in one table: a matter that nobody owns, and an enclave.

Pages, API and permissions are read off the tables; `doors.MATTERS.take` and `doors.ENCLAVES.take` are the only doors.
Sources: domain rows A8, C7 (no-lead register) and E6, E7, E8 (enclaves).
"""

from django.utils.translation import gettext_lazy as _

from accounts.roles import May
from borders.choices import MANAGED, UNRULED, Stage
from borders.choices import EnclaveState as E
from borders.choices import MatterState as M
from steps.meeting import AREA
from steps.table import Hand, row, table

MATTER, ENCLAVE = "unowned", "enclave"  # their names in the journal and on clocks

RULER = Hand(May.RULE_ON_LEAD, AREA, _("whoever rules for the area"))
RAISER = Hand(May.RAISE_UNOWNED, "raiser", _("whoever raised it"))
ASKED = Hand(May.SEE_BORDERS, "asked", _("a unit that was asked"))
REGISTRAR = Hand(May.RAISE_UNOWNED, AREA, _("whoever keeps the register for the area"))
TAKER = Hand(May.SIGN_HANDOVER, "manager", _("the leader of the unit that takes it"))
GIVER = Hand(May.SIGN_HANDOVER, "owner", _("the leader of the unit that gives it"))
CHECKER = Hand(May.ACCEPT_ENCLAVE, AREA, _("whoever checks for the area"))
MANAGER = Hand(May.SEE_BORDERS, "manager", _("the unit that manages it"))
LEGACY = Hand(May.SEE_BORDERS, "legacy", _("the unit that an old problem stays with"))

# fmt: off
MATTER_STEPS = table(
    MATTER,
    row("ask", "opinions_asked", _("Ask units for their opinion"), UNRULED, M.HEARING, RULER, starts=(Stage.HEAR,),
        why="each unit has its own say until a time"),
    row("opine", "opinion_given", _("Give our opinion"), {M.HEARING}, None, ASKED, whatever_version=True,
        why="units do not stand in each other's way; late ones count until the ruling"),
    row("rule", "ruled", _("Name the lead and write the rule"), UNRULED, M.WRITTEN, RULER, stops=(Stage.RULE,),
        cancels=(Stage.HEAR,), why="where it is plain: both with one press"),
    row("adjudicate", "adjudicated", _("Name the lead"), UNRULED | {M.ADJUDICATED}, M.ADJUDICATED, RULER,
        stops=(Stage.RULE,), cancels=(Stage.HEAR, Stage.WRITE), starts=(Stage.WRITE,),
        why="may be ruled anew until it is written into the rules"),
    row("write", "written", _("Write it into the responsibility rules"), {M.ADJUDICATED}, M.WRITTEN, RULER,
        stops=(Stage.WRITE,)),
    row("refuse", "refused", _("Refuse: there is a lead"), UNRULED, M.REFUSED, RULER, stops=(Stage.RULE,),
        cancels=(Stage.HEAR,), why="says which unit it is"),
    row("withdraw", "withdrawn", _("Withdraw"), UNRULED | {M.ADJUDICATED}, M.WITHDRAWN, RAISER, RULER,
        cancels=(Stage.RULE, Stage.HEAR, Stage.WRITE)),
)

_WITH_PROBLEMS = MANAGED | {E.INVESTIGATED, E.ATTRIBUTED}

ENCLAVE_STEPS = table(
    ENCLAVE,
    row("amend", "amended", _("Amend the facts"), {E.REGISTERED, E.INVESTIGATED}, None, REGISTRAR),
    row("investigate", "investigated", _("Enter what was found"), {E.REGISTERED}, E.INVESTIGATED, REGISTRAR,
        stops=(Stage.INVESTIGATE,), starts=(Stage.ATTRIBUTE,)),
    row("attribute", "attributed", _("Attribute it"), {E.INVESTIGATED, E.ATTRIBUTED}, E.ATTRIBUTED, RULER,
        stops=(Stage.ATTRIBUTE,), cancels=(Stage.HAND_OVER,), starts=(Stage.HAND_OVER,),
        why="to whoever governs where it lies; anew until it is handed over, which voids signatures"),
    row("word", "handover_worded", _("Word the handover"), {E.ATTRIBUTED}, None, TAKER, GIVER, RULER,
        why="another wording voids signatures under the one before"),
    row("sign", "handover_signed", _("Sign the handover"), {E.ATTRIBUTED}, None, TAKER, GIVER, whatever_version=True,
        why="in any order; what is signed is the wording that was read, and the second signature hands over"),
    row("list_problem", "problem_listed", _("List an old problem"), _WITH_PROBLEMS, None, RULER, REGISTRAR, TAKER,
        why="it stays with who caused it"),
    row("link_case", "case_linked", _("Link a case to an old problem"), _WITH_PROBLEMS, None, REGISTRAR, MANAGER,
        LEGACY),
    row("solve_problem", "problem_solved", _("Say that an old problem is solved"), _WITH_PROBLEMS, None, LEGACY,
        whatever_version=True),
    row("reopen_problem", "problem_reopened", _("Reopen an old problem"), _WITH_PROBLEMS, None, MANAGER, CHECKER),
    row("check", "checked", _("Enter a check"), {E.HANDED_OVER, E.MENDING}, None, CHECKER,
        why="three of them; the last that passes accepts it, one that fails sends it to be mended"),
    row("mend", "mended", _("Say what was mended"), {E.MENDING}, None, MANAGER,
        why="then it is checked again"),
    row("strike", "struck", _("Strike it off the register"), {E.REGISTERED, E.INVESTIGATED, E.ATTRIBUTED}, E.STRUCK,
        RULER, cancels=(Stage.INVESTIGATE, Stage.ATTRIBUTE, Stage.HAND_OVER)),
)
# fmt: on
