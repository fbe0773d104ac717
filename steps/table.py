"""What a row of a table of steps says: from, to, in whose hands, and what it does to the clocks.

A room writes its table once, in its `lifecycle.py`; pages, API, permissions and tests are read off it:

    STEPS = table(
        "unowned",
        row("adjudicate", "adjudicated", _("Adjudicate"), {S.RAISED}, S.ADJUDICATED, ADJUDICATOR, stops=(K.RULE,)),
    )
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypedDict, TypeVar, Unpack

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import May


@dataclass(frozen=True)
class Hand:
    """A hand that a step can be in: a permission, and the bond that ties a person to this very record.

    The bond is a word of the room's own, answered by its `Meeting.is_bound`. Without a permission (None) the bond
    alone decides.
    """

    may: May | None
    bond: str
    label: Promise


class Moves(TypedDict, total=False):
    """What a step does to the record's clocks. Nothing named here stays as it is."""

    stops: tuple[str, ...]  # met or missed
    cancels: tuple[str, ...]  # no longer counts
    pauses: tuple[str, ...]
    resumes: tuple[str, ...]
    starts: tuple[str, ...]  # a new round with its full allowance
    goes_on: tuple[str, ...]  # the paused one, or else a new one
    reopens: tuple[str, ...]  # a new round that keeps the original due time
    extends: tuple[str, ...]  # by what the room's `extension` says


TIME = _("the system, when the time has come")


@dataclass(frozen=True)
class Step:
    """One row. `to` is None where the state stays, or where the step's effect decides it."""

    code: str
    verb: str
    label: Promise
    sources: frozenset[str]
    to: str | None
    hands: tuple[Hand, ...]
    moves: Moves
    why: str = ""
    by_time: bool = False  # the system may take it, too
    whatever_version: bool = False  # people who take it do not stand in each other's way

    @property
    def held_by(self) -> list[Promise]:
        """Whose hands it is in, in words."""
        held = [hand.label for hand in self.hands]
        return [*held, TIME] if self.by_time else held

    @property
    def leads_to(self) -> str:
        """Where it leads, for the API's description."""
        return self.to or "the same state"


S = TypeVar("S", bound=Step)


def row(
    code: str,
    verb: str,
    label: Promise,
    sources: Collection[str],
    to: str | None,
    *hands: Hand,
    why: str = "",
    by_time: bool = False,
    whatever_version: bool = False,
    **moves: Unpack[Moves],
) -> Step:
    """A row of a table. `verb` is the past participle that the journal keeps, without the record's name."""
    taken_by = tuple(hands)
    return Step(
        code, verb, label, frozenset(sources), to, taken_by, moves, why, by_time, whatever_version
    )


def table(subject: str, *rows: S) -> Mapping[str, S]:
    """The rows by their codes; the journal's verbs get the name of the record in front."""
    return {step.code: replace(step, verb=f"{subject}.{step.verb}") for step in rows}
