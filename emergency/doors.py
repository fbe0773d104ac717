"""The four doors of this room, and its records as one actor meets them."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet

from accounts.actor import Actor, HeldPost
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind
from emergency import lifecycle, querysets
from emergency.choices import CalledState, CallUpState, EnrolmentState, Stage, State
from emergency.models import Activation, Called, CallUp, Enrolment
from emergency.step_forms import ACTIVATION_FORMS, CALL_UP_FORMS, CALLED_FORMS, ENROLMENT_FORMS
from steps.door import Door, Timed
from steps.meeting import Meeting


@dataclass
class ActivationMeeting(Meeting[Activation]):
    """An activation as one actor meets it."""


@dataclass
class CallUpMeeting(Meeting[CallUp]):
    """A call-up as one actor meets it."""


@dataclass
class CalledMeeting(Meeting[Called]):
    """One person called, as they themselves, their leader or the commander meet it."""

    def is_bound(self, bond: str, post: HeldPost | None) -> bool:
        mine = self.by.user_id
        if bond == lifecycle.SELF:
            return mine is not None and self.record.person_id == mine
        if bond == lifecycle.LEADER:
            return mine is not None and self.record.team.leader_id == mine
        return super().is_bound(bond, post)


@dataclass
class EnrolmentMeeting(Meeting[Enrolment]):
    """An enrolment as one actor meets it."""

    def is_bound(self, bond: str, post: HeldPost | None) -> bool:
        if bond == lifecycle.SELF:
            return self.by.user_id is not None and self.record.person_id == self.by.user_id
        return super().is_bound(bond, post)

    @cached_property
    def services(self) -> list[int]:
        """The hours that wait for approval."""
        waiting = self.record.services.filter(state="to_approve")
        return list(waiting.order_by("id").values_list("pk", flat=True))


class ActivationDoor(Door[Activation, ActivationMeeting]):
    subject, table, forms = "emergency", lifecycle.ACTIVATION, ACTIVATION_FORMS
    states, ends, write_scope = State, frozenset({State.ENDED}), querysets.WRITE
    model, meeting = Activation, ActivationMeeting

    def seen_by(self, actor: Actor) -> QuerySet[Activation]:
        return querysets.activations_visible_to(actor)

    def timed(self, m: ActivationMeeting, stage: str) -> Timed | None:
        """An emergency has no deadline."""
        return None


class CallUpDoor(Door[CallUp, CallUpMeeting]):
    subject, table, forms = "call_up", lifecycle.CALL_UP, CALL_UP_FORMS
    states, ends, write_scope = CallUpState, frozenset({CallUpState.ENDED}), querysets.WRITE
    model, meeting, related = CallUp, CallUpMeeting, ("activation",)

    def seen_by(self, actor: Actor) -> QuerySet[CallUp]:
        return querysets.call_ups_visible_to(actor)

    def timed(self, m: CallUpMeeting, stage: str) -> Timed | None:
        """What the level gave when the people were called."""
        given = {
            Stage.ANSWER: m.record.answer_minutes,
            Stage.ARRIVE: m.record.arrive_minutes,
            Stage.ANSWER_ABOVE: m.record.above_minutes,
            Stage.ARRIVE_ABOVE: m.record.above_minutes,
        }
        allowance = Allowance(Decimal(given[Stage(stage)]), AllowanceKind.MINUTE_CONT)
        return Timed(allowance, f"call_up:{m.record.activation.level}:{stage}", None)


class CalledDoor(Door[Called, CalledMeeting]):
    subject, table, forms = "called", lifecycle.CALLED, CALLED_FORMS
    states, ends, write_scope = CalledState, frozenset({CalledState.DOWN}), querysets.WRITE
    model, meeting = Called, CalledMeeting
    related = ("call_up", "team", "enrolment__person")

    def seen_by(self, actor: Actor) -> QuerySet[Called]:
        return querysets.called_visible_to(actor)

    def timed(self, m: CalledMeeting, stage: str) -> Timed | None:
        """The clocks are the call-up's: all of its people were called at one moment."""
        return None


class EnrolmentDoor(Door[Enrolment, EnrolmentMeeting]):
    subject, table, forms = "enrolment", lifecycle.ENROLMENT, ENROLMENT_FORMS
    states, ends, write_scope = EnrolmentState, frozenset({EnrolmentState.ENDED}), querysets.WRITE
    model, meeting, related = Enrolment, EnrolmentMeeting, ("person",)

    def seen_by(self, actor: Actor) -> QuerySet[Enrolment]:
        return querysets.enrolments_visible_to(actor)

    def timed(self, m: EnrolmentMeeting, stage: str) -> Timed | None:
        """Hours are required by month or year, without a clock."""
        return None


ACTIVATIONS, CALL_UPS = ActivationDoor(), CallUpDoor()
CALLED, ENROLMENTS = CalledDoor(), EnrolmentDoor()
