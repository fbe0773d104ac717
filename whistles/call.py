"""A whistle as one actor meets it at one moment: what guards and effects ask about, each read at most once."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from accounts.actor import Actor, HeldPost
from accounts.roles import May, Scope
from whistles.choices import State, UnitState
from whistles.lifecycle import Hand, Step, Who
from whistles.models import Milestone, Summons, Whistle
from whistles.querysets import area_prefixes

# How far a unit has come, as a state of the whole whistle.
_AS_A_WHOLE = {
    UnitState.SUMMONED: State.BLOWN,
    UnitState.SIGNED: State.SIGNED,
    UnitState.CONTACTED: State.CONTACTED,
    UnitState.CHECKED_IN: State.CHECKED_IN,
    UnitState.HANDLING: State.HANDLING,
    UnitState.DELIVERED: State.DELIVERED,
}
_ORDER = list(State)


@dataclass
class Call:
    """`now` is aware. What is read here is kept, so it serves one decision and is then thrown away.

    `part` is the summons that the step is about, where it is about one.
    """

    whistle: Whistle
    by: Actor
    now: datetime
    part: Summons | None = None

    @property
    def state(self) -> State:
        return State(self.whistle.state)

    @cached_property
    def summonses(self) -> list[Summons]:
        """Every unit's, released ones too; the lead first."""
        found = list(self.whistle.summonses.select_related("unit"))
        if self.part is not None:
            found = [self.part if one.pk == self.part.pk else one for one in found]
        return found

    @property
    def standing(self) -> list[Summons]:
        return [one for one in self.summonses if one.stands]

    @cached_property
    def milestones(self) -> list[Milestone]:
        return list(self.whistle.milestones.select_related("unit"))

    @property
    def own(self) -> list[Summons]:
        """The standing summonses of the actor's units."""
        units = self.by.organisation_ids(May.COME)
        return [one for one in self.standing if one.unit_id in units]

    def of_unit(self, code: str) -> Summons | None:
        return next((one for one in self.summonses if one.unit.code == code), None)

    @property
    def derived_state(self) -> State:
        """The state that follows from the units: that of the one that has come least far. Whoever is absent is
        not waited for; where the street has confirmed, it is done."""
        if self.whistle.confirmed_at is not None:
            return State.DELIVERED
        there = [one for one in self.standing if not one.is_absent]
        reached = [_AS_A_WHOLE[UnitState(one.state)] for one in there]
        return min(reached, key=_ORDER.index, default=State.BLOWN)

    @property
    def from_the_street(self) -> bool:
        """Whether the actor stands on the street's side: who blows, approves or supervises here."""
        return self.by.is_system or any(
            self.whistle.area_code.startswith(prefix) for prefix in area_prefixes(self.by)
        )

    def post_for(self, hand: Hand) -> HeldPost | None:
        """The post under which the actor has this hand on the whistle (and on `part`)."""
        posts = self.by.posts_with(hand.may)
        return next((post for post in posts if self._is_bound(hand.who, post)), None)

    def _is_bound(self, who: Who, post: HeldPost) -> bool:
        if who is Who.AREA:
            return post.rule_scope is Scope.AREA and post.covers(self.whistle.area_code)
        parts = [self.part] if self.part is not None else self.standing
        units = {one.unit_id for one in parts}
        return post.rule_scope is Scope.ORGANISATION and post.organisation_id in units


@dataclass
class Deed(Call):
    """A whistle in the middle of a step: locked, allowed, its facts validated. Effects change `whistle` and
    `part` in memory (saved by the executor) and put ids and facts into `data`, no personal data."""

    step: Step = field(kw_only=True)
    post: HeldPost | None = field(kw_only=True, default=None)
    facts: dict[str, Any] = field(kw_only=True, default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
