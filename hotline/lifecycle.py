"""The life of a hotline order in one table: step, from, to, who, what it does to the clocks. Source: domain 2.5.

Pages, API, permissions and tests are read off `STEPS`; `hotline.door.DOOR` is the only door. The unit first sent leads:
it may call others in, but it gives an order back only within its window, the hotline decides about that, and its
clock runs until it has (首接负责).
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import May
from hotline.choices import OPEN, TAKEN_ON, WITH_HOTLINE, WITH_UNIT, Stage, State
from hotline.models import SUBJECT
from steps.meeting import AREA
from steps.table import Hand, row, table

LEAD_BOND, HELPER_BOND, PART_BOND = "lead", "helper", "part"

HOTLINE = Hand(May.TAKE_CALLS, AREA, _("the hotline"))
VISITOR = Hand(May.VISIT, AREA, _("whoever calls back"))
LEAD = Hand(May.HANDLE, LEAD_BOND, _("the unit that it was sent to"))
HELPER = Hand(May.HANDLE, HELPER_BOND, _("a unit that was called in"))
UNIT = Hand(May.HANDLE, PART_BOND, _("a unit that has a part in it"))

S, K = State, Stage
_HANDLED = TAKEN_ON - {S.EXTENDED}

# fmt: off
STEPS = table(
    SUBJECT,
    # --- the hotline decides
    row("answer", "answered", pgettext_lazy("step", "Answer directly"), WITH_HOTLINE, S.ANSWERED_DIRECTLY, HOTLINE,
        stops=(K.DISPATCH,), cancels=(K.HANDLE,), why="the caller knows what they wanted to know"),
    row("other_way", "settled", pgettext_lazy("step", "Settle another way"), WITH_HOTLINE, S.OTHER_WAY, HOTLINE,
        stops=(K.DISPATCH,), cancels=(K.HANDLE,), why="one of six ways"),
    row("dispatch", "dispatched", pgettext_lazy("step", "Send to a unit"), WITH_HOTLINE, S.DISPATCHED, HOTLINE,
        stops=(K.DISPATCH,), cancels=(K.HANDLE,), starts=(K.RECEIVE, K.RETURN, K.HANDLE),
        why="the unit by the rules, or another with a reason"),
    row("designate", "designated", pgettext_lazy("step", "Designate a unit"), {S.RETURNED}, S.DESIGNATED, HOTLINE,
        stops=(K.DISPATCH,), cancels=(K.HANDLE,), starts=(K.RECEIVE, K.HANDLE),
        why="returned for the third time; it stays there"),
    row("uphold", "upheld", pgettext_lazy("step", "Refuse the return"), {S.RETURNED}, S.ACCEPTED, HOTLINE,
        stops=(K.DISPATCH,), why="the unit first sent stays responsible; its clock never stopped"),
    row("to_case", "made_case", pgettext_lazy("step", "Make it a case"), WITH_HOTLINE, S.IN_CASE, HOTLINE,
        stops=(K.DISPATCH,), cancels=(K.HANDLE,), starts=(K.HANDLE,),
        why="somebody must go and look; its result becomes the reply"),
    row("amend", "amended", pgettext_lazy("step", "Put right"), WITH_HOTLINE, None, HOTLINE,
        why="item, place and urgency, before it is sent"),
    # --- the unit takes it on, or says that it is not its matter
    row("receive", "received", pgettext_lazy("step", "Sign for it"), WITH_UNIT, None, LEAD, stops=(K.RECEIVE,),
        why="the unit has it before it; the window for returning goes on"),
    row("accept", "accepted", pgettext_lazy("step", "Accept"), {S.DISPATCHED}, S.ACCEPTED, LEAD,
        stops=(K.RECEIVE,), cancels=(K.RETURN,)),
    row("accept_silently", "accepted_silently", pgettext_lazy("step", "Accept by silence"), {S.DISPATCHED}, S.ACCEPTED,
        cancels=(K.RETURN,), by_time=True, why="the window for returning has passed: silence is acceptance"),
    row("return", "returned", pgettext_lazy("step of a hotline order", "Return"), {S.DISPATCHED}, S.RETURNED, LEAD,
        stops=(K.RECEIVE, K.RETURN), starts=(K.DISPATCH,),
        why="within its window; the unit stays responsible until the hotline has decided"),
    row("call_in", "unit_called_in", pgettext_lazy("step", "Call in another unit"), TAKEN_ON, None, LEAD, HOTLINE,
        why="the first receiver goes on leading"),
    row("start", "started", pgettext_lazy("step", "Begin to handle"), {S.DISPATCHED, S.ACCEPTED, S.DESIGNATED},
        S.HANDLING, LEAD, stops=(K.RECEIVE,), cancels=(K.RETURN,), why="who begins has received and accepted"),
    row("contribute", "contributed", pgettext_lazy("step", "Answer as helping unit"), TAKEN_ON, None, HELPER,
        whatever_version=True),
    row("ask_extension", "extension_asked", pgettext_lazy("step", "Ask for more time"), _HANDLED, None, LEAD,
        why="once, and before the deadline"),
    row("grant_extension", "extended", pgettext_lazy("step", "Grant more time"), _HANDLED, S.EXTENDED, HOTLINE,
        why="the deadline moves by that many working days"),
    row("refuse_extension", "extension_refused", pgettext_lazy("step", "Refuse more time"), _HANDLED, None, HOTLINE),
    row("reply", "replied", pgettext_lazy("step", "Reply"), TAKEN_ON, S.REPLIED, LEAD,
        stops=(K.RECEIVE, K.HANDLE), starts=(K.VISIT,), why="the unit has told the caller what it did"),
    # --- the case that it became
    row("reply_from_case", "replied_from_case", pgettext_lazy("step", "Reply with the result of the case"), {S.IN_CASE},
        S.REPLIED, by_time=True, stops=(K.HANDLE,), starts=(K.VISIT,), why="the case was closed"),
    row("case_fell", "case_fell", pgettext_lazy("step", "The case came to nothing"), {S.IN_CASE}, S.RECEIVED,
        by_time=True, cancels=(K.HANDLE,), starts=(K.DISPATCH,), why="void or not accepted: the hotline decides anew"),
    # --- the caller is called back
    row("visit", "visited", pgettext_lazy("step", "Write down the call back"), {S.REPLIED}, None, VISITOR, HOTLINE,
        stops=(K.VISIT,), starts=(K.HANDLE, K.DISPATCH),
        why="the first time that the caller is not satisfied it is handled once more; what was a case goes to the "
        "hotline again"),
    row("not_reached", "not_reached", pgettext_lazy("step", "Nobody answered"), {S.REPLIED}, None, VISITOR, HOTLINE,
        why="an attempt is written down"),
    row("unreachable", "unreachable", pgettext_lazy("step", "Give up: unreachable"), {S.REPLIED}, S.VISITED, VISITOR,
        HOTLINE, stops=(K.VISIT,), why="after three attempts, or where there is no number to call"),
    row("close", "closed", pgettext_lazy("step", "Close the order"), {S.VISITED}, S.CLOSED, VISITOR, HOTLINE,
        by_time=True, why="by itself a day after the call back"),
    # --- beside the road
    row("note", "noted", pgettext_lazy("step", "Add a note, or ask"), OPEN, None, HOTLINE, VISITOR, UNIT,
        whatever_version=True, why="everybody who has a part in it reads it"),
)
# fmt: on
