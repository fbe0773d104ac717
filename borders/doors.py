"""The two doors of this room, and a record as one actor meets it: whose hands, how long, which units."""

from functools import cached_property

from django.db.models import QuerySet

from accounts.actor import Actor, HeldPost
from accounts.roles import Scope
from borders import step_forms
from borders.choices import (
    ENCLAVE_ENDS,
    MATTER_ENDS,
    CheckKind,
    EnclaveState,
    MatterState,
    ProblemState,
    Side,
    Stage,
)
from borders.lifecycle import ENCLAVE, ENCLAVE_STEPS, MATTER, MATTER_STEPS
from borders.limits import allowance_of
from borders.models import Check, Enclave, Matter, Opinion, Problem, Signature
from borders.querysets import WRITE, enclaves_visible_to, matters_visible_to
from clocks.allowance import MINUTE, Allowance
from clocks.choices import AllowanceKind
from steps.door import Door, Timed
from steps.meeting import Meeting


def is_of(post: HeldPost | None, unit_id: int | None) -> bool:
    """Whether it is a post of this very unit."""
    return (
        post is not None
        and unit_id is not None
        and post.rule_scope is Scope.ORGANISATION
        and post.organisation_id == unit_id
    )


class MatterMeeting(Meeting[Matter]):
    """A matter without a lead, as one actor meets it."""

    @cached_property
    def opinions(self) -> list[Opinion]:
        return list(self.record.opinions.select_related("unit"))

    @property
    def silent(self) -> list[Opinion]:
        """Those who were asked and have not answered."""
        return [one for one in self.opinions if one.given_at is None]

    @property
    def own(self) -> list[Opinion]:
        """What the actor's units were asked."""
        units = {p.organisation_id for p in self.by.posts if p.rule_scope is Scope.ORGANISATION}
        return [one for one in self.opinions if one.unit_id in units]

    def is_bound(self, bond: str, post: HeldPost | None) -> bool:
        if bond == "raiser":
            return self.by.user_id is not None and self.by.user_id == self.record.raised_by_id
        if bond == "asked":
            return any(is_of(post, one.unit_id) for one in self.opinions)
        return super().is_bound(bond, post)


class MatterDoor(Door[Matter, MatterMeeting]):
    subject, table, states, ends = MATTER, MATTER_STEPS, MatterState, MATTER_ENDS
    forms = step_forms.MATTER_FORMS
    model, meeting, write_scope = Matter, MatterMeeting, WRITE
    related = ("lead", "rule__organisation", "raised_by", "raised_by_unit")

    def seen_by(self, actor: Actor) -> QuerySet[Matter]:
        return matters_visible_to(actor)

    def timed(self, m: MatterMeeting, stage: str) -> Timed | None:
        """The limit of the stage; units that are asked have until the moment that was named."""
        allowance = allowance_of(stage)
        if stage == Stage.HEAR and m.facts.get("until"):
            minutes = (m.facts["until"] - m.now).total_seconds() * 1_000_000 / MINUTE
            allowance = Allowance.parse(f"{minutes:.2f}", AllowanceKind.MINUTE_CONT)
        return Timed(allowance, f"border:{stage}", None)


class EnclaveMeeting(Meeting[Enclave]):
    """An enclave, as one actor meets it."""

    @cached_property
    def problems(self) -> list[Problem]:
        return list(self.record.problems.select_related("owner"))

    @property
    def open_problems(self) -> list[Problem]:
        return [one for one in self.problems if one.state == ProblemState.OPEN]

    @cached_property
    def checks(self) -> dict[str, Check]:
        """The newest of each kind: the one that counts."""
        return {one.kind: one for one in self.record.checks.select_related("checked_by")}

    @property
    def to_mend(self) -> list[Check]:
        """What failed and waits to be mended."""
        return [one for one in self.checks.values() if not one.passed and one.mended_at is None]

    @property
    def to_check(self) -> list[CheckKind]:
        """What may be checked now: all but what has passed, and what must be mended first."""
        known = self.checks
        return [
            kind
            for kind in CheckKind
            if kind not in known or (not known[kind].passed and known[kind].mended_at is not None)
        ]

    @cached_property
    def signatures(self) -> dict[str, Signature]:
        """By side, those under the present wording."""
        under = self.record.signatures.filter(handover_version=self.record.handover_version)
        return {one.side: one for one in under.select_related("signed_by", "organisation")}

    @property
    def own_sides(self) -> list[Side]:
        """The sides for which the actor may sign."""
        sides = {Side.OWNER: self.record.owner_id, Side.MANAGER: self.record.manager_id}
        signing = self.by.posts_with(step_forms.SIGN)
        return [side for side, unit in sides.items() if any(is_of(post, unit) for post in signing)]

    def is_bound_to(self, unit_id: int) -> bool:
        """Whether the actor acts for this unit."""
        return any(is_of(post, unit_id) for post in self.by.posts)

    def is_bound(self, bond: str, post: HeldPost | None) -> bool:
        match bond:
            case "manager":
                return is_of(post, self.record.manager_id)
            case "owner":
                return is_of(post, self.record.owner_id)
            case "legacy":
                return any(is_of(post, one.owner_id) for one in self.problems)
        return super().is_bound(bond, post)


class EnclaveDoor(Door[Enclave, EnclaveMeeting]):
    subject, table, states, ends = ENCLAVE, ENCLAVE_STEPS, EnclaveState, ENCLAVE_ENDS
    forms = step_forms.ENCLAVE_FORMS
    model, meeting, write_scope = Enclave, EnclaveMeeting, WRITE
    related = ("owner", "manager", "registered_by")

    def seen_by(self, actor: Actor) -> QuerySet[Enclave]:
        return enclaves_visible_to(actor)

    def timed(self, m: EnclaveMeeting, stage: str) -> Timed | None:
        """The limit of the stage; against the unit that takes it, once that is known."""
        return Timed(allowance_of(stage), f"border:{stage}", m.record.manager_id)


MATTERS, ENCLAVES = MatterDoor(), EnclaveDoor()
