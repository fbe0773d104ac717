"""A whistle as one actor meets it at one moment: what guards and effects ask about, each read at most once."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from accounts.actor import HeldPost
from accounts.roles import May, Scope
from steps.meeting import Meeting
from whistles.choices import State, UnitState
from whistles.lifecycle import OF_UNIT
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
class Call(Meeting[Whistle]):
    """`part` is the summons that the step is about, where it is about one. The door saves it like the whistle."""

    part: Summons | None = None

    @property
    def whistle(self) -> Whistle:
        return self.record

    def about(self, part: Summons) -> "Call":
        """The same call, about this part."""
        meant = replace(self, part=part)
        meant.__dict__["summonses"] = self.summonses
        return meant

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

    def is_bound(self, bond: str, post: HeldPost | None) -> bool:
        """Of a summoned unit: of the one that the step is about, or of any that stands."""
        if bond != OF_UNIT:
            return super().is_bound(bond, post)
        parts = [self.part] if self.part is not None else self.standing
        return (
            post is not None
            and post.rule_scope is Scope.ORGANISATION
            and post.organisation_id in {one.unit_id for one in parts}
        )


# A call in the middle of a step, as effects get it: locked, allowed, its facts validated.
Deed: TypeAlias = Call
