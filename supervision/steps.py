"""The life of an order in one table: step, from, to, in whose hands, and whether words are needed.

open → answered → accepted or sent back (to be answered again, a new round of its clock) → closed; withdrawn.
`taking.take` is the only door through which an order moves. Source: domain section 2.2, flag `supervised`, row D3.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import May
from supervision.choices import STANDS, TO_ANSWER, OrderState


class Who(StrEnum):
    UNIT = "unit"  # of the organisation that the order names
    JUDGE = "judge"  # supervises the area from which it was ordered, or one above


@dataclass(frozen=True)
class OrderStep:
    code: str
    label: Promise
    sources: frozenset[OrderState]
    to: OrderState
    who: Who
    words: Promise  # what the text says
    words_needed: bool = True
    by_time: bool = False  # the system may take it
    why: str = ""

    @property
    def may(self) -> May:
        return May.ANSWER_ORDER if self.who is Who.UNIT else May.SUPERVISE

    @property
    def verb(self) -> str:
        return f"supervision.{self.to}"


S = OrderState
_REASON = _("Reason")
ORDER_STEPS: dict[str, OrderStep] = {
    step.code: step
    for step in (
        OrderStep(
            "answer", pgettext_lazy("an order", "Answer"), TO_ANSWER, S.ANSWERED, Who.UNIT,
            _("Answer"), why="stops the clock",
        ),
        OrderStep(
            "accept", pgettext_lazy("an order", "Accept the answer"), frozenset({S.ANSWERED}),
            S.ACCEPTED, Who.JUDGE, _("Note"), words_needed=False,
            why="watched until the case is closed, and closed with it",
        ),
        OrderStep(
            "send_back", pgettext_lazy("an order", "Send back"), frozenset({S.ANSWERED}),
            S.SENT_BACK, Who.JUDGE, _("What is missing"), why="a new round with its own clock",
        ),
        OrderStep(
            "close", pgettext_lazy("an order", "Close"), frozenset({S.ANSWERED, S.ACCEPTED}),
            S.CLOSED, Who.JUDGE, _("Note"), words_needed=False, by_time=True,
        ),
        OrderStep(
            "withdraw", pgettext_lazy("an order", "Withdraw"), STANDS, S.WITHDRAWN, Who.JUDGE,
            _REASON, by_time=True, why="cancels the clock",
        ),
    )
}  # fmt: skip
