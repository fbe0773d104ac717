"""A record as one actor meets it at one moment: what guards and effects ask about, each read at most once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from accounts.actor import Actor, ActorKind, HeldPost
from accounts.roles import Scope
from clocks.calendar import SHANGHAI
from steps.models import Moving
from steps.table import Hand, Step

R = TypeVar("R", bound=Moving)

AREA = "area"  # a post over the record's area


@dataclass
class Meeting(Generic[R]):
    """`now` is aware. What is read here is kept, so it serves one decision and is then thrown away.

    In the middle of a step the record is locked, `post` is what allowed the step, and `facts` are validated.
    Effects change `record` in memory (the door saves it) and put ids and facts into `data` for the journal:
    never personal data. Where the table leaves the next state open, the effect sets `record.state`.
    A room's subclass answers for its own bonds, and adds what its guards and effects ask about.
    """

    record: R
    by: Actor
    now: datetime
    step: Step | None = None
    post: HeldPost | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The local day (Asia/Shanghai)."""
        return self.now.astimezone(SHANGHAI).date()

    def is_bound(self, bond: str, post: HeldPost | None) -> bool:
        """Whether the bond holds by this post (None: for a hand without permission). Here: the area's."""
        return (
            bond == AREA
            and post is not None
            and post.rule_scope is Scope.AREA
            and post.covers(self.record.area_code)
        )

    def post_for(self, hand: Hand) -> HeldPost | bool:
        """The post by which the actor has this hand, True where none is needed, False where they have not."""
        if hand.may is None:
            return self.is_bound(hand.bond, None)
        held = self.by.posts_with(hand.may)
        return next((post for post in held if self.is_bound(hand.bond, post)), False)

    def could(self, step: Step, write_scope: str) -> bool:
        """Whether the actor could ever take the step, bonds aside."""
        if self.by.is_system:
            return step.by_time
        if self.by.kind is ActorKind.CLIENT and write_scope not in self.by.scopes:
            return False
        return any(
            self.is_bound(hand.bond, None) if hand.may is None else self.by.posts_with(hand.may)
            for hand in step.hands
        )

    def hold(self, step: Step, write_scope: str) -> HeldPost | bool:
        """The post by which the actor may take the step, True where none is needed, False where not."""
        if not self.could(step, write_scope):
            return False
        if self.by.is_system:
            return True
        held = (self.post_for(hand) for hand in step.hands)
        return next((post for post in held if post is not False), False)
