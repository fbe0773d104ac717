"""A hotline order as one actor meets it: what guards and effects ask about, each read at most once."""

from functools import cached_property

from accounts.actor import HeldPost
from accounts.roles import May, Scope
from clocks.models import Clock
from clocks.running import open_clocks
from hotline.choices import WITH_UNIT, Stage, State
from hotline.lifecycle import HELPER_BOND, LEAD_BOND, PART_BOND
from hotline.limits import RETURNS_BEFORE_DESIGNATION
from hotline.models import Order, Part
from incidents.responsibility import Choice, choose
from steps.meeting import Meeting


class OrderMeeting(Meeting[Order]):
    """Bonds: `lead` for the unit that must act, `helper` for those it called in, `part` for all of them."""

    def is_bound(self, bond: str, post: HeldPost | None) -> bool:
        if bond not in (LEAD_BOND, HELPER_BOND, PART_BOND):
            return super().is_bound(bond, post)
        if post is None or post.rule_scope is not Scope.ORGANISATION or not self.with_unit:
            return False
        units = {
            part.unit_id
            for part in self.parts
            if bond == PART_BOND or part.lead is (bond == LEAD_BOND)
        }
        return post.organisation_id in units

    @property
    def with_unit(self) -> bool:
        """Whether a unit must act now."""
        return State(self.record.state) in WITH_UNIT

    @cached_property
    def all_parts(self) -> list[Part]:
        return list(self.record.parts.select_related("unit"))

    @property
    def parts(self) -> list[Part]:
        """Those of the present round, the lead first."""
        return [part for part in self.all_parts if part.round == self.record.round]

    @property
    def lead(self) -> Part | None:
        return next((part for part in self.parts if part.lead), None)

    def own_part(self) -> Part | None:
        """The part of the actor's own unit as a helper."""
        units = self.by.organisation_ids(May.HANDLE)
        return next((part for part in self.parts if not part.lead and part.unit_id in units), None)

    @cached_property
    def clocks(self) -> dict[str, Clock]:
        """The open clocks by stage."""
        return {clock.stage: clock for clock in open_clocks(self.record.subject)}

    @property
    def window_is_over(self) -> bool:
        """Whether the time for returning has passed; silence is acceptance."""
        window = self.clocks.get(Stage.RETURN)
        return window is None or (window.due_at is not None and window.due_at < self.now)

    @property
    def must_designate(self) -> bool:
        """Returned this often, it is not sent round any more."""
        return self.record.return_count >= RETURNS_BEFORE_DESIGNATION

    @cached_property
    def suggestion(self) -> Choice | None:
        """The unit that the responsibility rules name today, and why."""
        if self.record.item is None:
            return None
        return choose(self.record.item, self.record.area_code, self.today)
