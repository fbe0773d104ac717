"""A case as one actor meets it at one moment: what guards and effects ask about, each read at most once."""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from accounts.actor import ActorKind, HeldPost
from accounts.roles import May, Scope
from clocks.models import Clock
from clocks.running import open_clocks
from incidents.choices import (
    CHECKED_SOURCES,
    ON_DUTY_SOURCES,
    AppealState,
    AskState,
    PhotoKind,
    Source,
    Stage,
    State,
)
from incidents.deadlines import subject_of
from incidents.lifecycle import Who
from incidents.limits import RETURNS_BEFORE_DESIGNATION
from incidents.models import Appeal, Ask, Assignment, CatalogueItem, Incident
from incidents.responsibility import Choice, suggest
from steps.meeting import Meeting


@dataclass
class Case(Meeting[Incident]):
    """What is read here is kept, so a case serves one decision and is then thrown away."""

    @property
    def incident(self) -> Incident:
        return self.record

    @property
    def state(self) -> State:
        return State(self.incident.state)

    @property
    def item(self) -> CatalogueItem | None:
        return self.incident.item

    # --- units -----------------------------------------------------------------------------

    @cached_property
    def all_assignments(self) -> list[Assignment]:
        return list(self.incident.assignments.select_related("unit"))

    @property
    def assignments(self) -> list[Assignment]:
        """Those of the present round that still stand."""
        return [
            a
            for a in self.all_assignments
            if a.round == self.incident.dispatch_round
            and a.returned_at is None
            and a.withdrawn_at is None
        ]

    @property
    def lead(self) -> Assignment | None:
        return next((a for a in self.assignments if a.lead), None)

    @property
    def assisting(self) -> list[Assignment]:
        return [a for a in self.assignments if not a.lead]

    @property
    def involved_units(self) -> set[int]:
        """Every unit that was ever told to act here."""
        return {a.unit_id for a in self.all_assignments}

    def own_part(self) -> Assignment | None:
        """The assisting assignment of the actor's unit."""
        units = self.by.organisation_ids(May.HANDLE)
        return next((a for a in self.assisting if a.unit_id in units), None)

    @cached_property
    def suggestion(self) -> Choice | None:
        """The unit that the rules name for this case today, and why."""
        return suggest(self.incident, self.today)

    @property
    def must_designate(self) -> bool:
        """Returned this often, it is not sent round any more: somebody decides, and it stays there."""
        return self.incident.return_count >= RETURNS_BEFORE_DESIGNATION

    # --- requests, clocks, photos ------------------------------------------------------------

    @cached_property
    def open_ask(self) -> Ask | None:
        waiting = [AskState.ASKED, AskState.APPROVED]
        return self.incident.asks.filter(state__in=waiting).first()

    @cached_property
    def open_appeal(self) -> Appeal | None:
        waiting = [AppealState.ASKED, AppealState.SUPPORTED]
        return self.incident.appeals.filter(state__in=waiting).first()

    @cached_property
    def clocks(self) -> list[Clock]:
        return open_clocks(subject_of(self.incident))

    def clock(self, stage: Stage) -> Clock | None:
        return next((c for c in self.clocks if c.stage == stage), None)

    @cached_property
    def _photo_kinds(self) -> set[tuple[str, int]]:
        return set(self.incident.photos.values_list("kind", "round"))

    def has_photo(self, kind: PhotoKind) -> bool:
        """Whether there is a photo of this kind from the present round."""
        return (kind.value, self.incident.dispatch_round) in self._photo_kinds

    @property
    def has_any_photo(self) -> bool:
        return bool(self._photo_kinds)

    # --- what the rules turn on ----------------------------------------------------------------

    @property
    def is_dangerous(self) -> bool:
        """Harm 3: injury or group incident (domain section 6)."""
        return self.item is not None and self.item.harm == 3

    def demands(self, kind: PhotoKind) -> bool:
        """Whether the item's standard, or the danger, demands a photo of this kind."""
        if self.item is None:
            return False
        return self.is_dangerous or kind.value in self.item.evidence

    @property
    def reporter_on_duty(self) -> bool:
        """Whether the reporter is the city's own staff, who sees the case and need not be told apart."""
        return Source(self.incident.source) in ON_DUTY_SOURCES

    @property
    def needs_precheck(self) -> bool:
        return Source(self.incident.source) in CHECKED_SOURCES

    @property
    def needs_check(self) -> bool:
        """Whether somebody must look again before closing: citizens' side, danger, and anything done twice."""
        return (
            Source(self.incident.source) in CHECKED_SOURCES
            or self.is_dangerous
            or self.incident.rework_count > 0
            or self.incident.reopened_count > 0
        )

    # --- hands -----------------------------------------------------------------------------------

    def is_bound(self, bond: str, post: HeldPost | None) -> bool:
        """The bonds of `lifecycle.Who`."""
        match bond:
            case Who.LEAD:
                return self._is_of(post, self.incident.unit_id)
            case Who.ASSISTING:
                return any(self._is_of(post, a.unit_id) for a in self.assisting)
            case Who.CHECKER:
                return self._is_checker(post)
            case Who.REPORTER:
                return self.is_reporter
            case Who.INSIDER:
                return post is not None
        return super().is_bound(bond, post)

    @staticmethod
    def _is_of(post: HeldPost | None, unit_id: int | None) -> bool:
        return (
            post is not None
            and post.rule_scope is Scope.ORGANISATION
            and unit_id is not None
            and post.organisation_id == unit_id
        )

    def _is_checker(self, post: HeldPost | None) -> bool:
        """The person sent; or a partner system that checks in this area, whose own people go."""
        if post is None:
            return False
        if self.by.kind is ActorKind.CLIENT:
            return self.is_bound(Who.AREA, post) and post.organisation_id not in self.involved_units
        return self.by.user_id is not None and self.by.user_id == self.incident.checker_id

    @property
    def is_reporter(self) -> bool:
        """Whether the actor reported this case (a reporter without account proved it: `id` is the case's)."""
        incident, by = self.incident, self.by
        match by.kind:
            case ActorKind.USER:
                return by.id is not None and by.id == incident.reporter_id
            case ActorKind.CLIENT:
                return by.id is not None and by.id == incident.client_id
            case ActorKind.REPORTER:
                return by.id is not None and by.id == incident.pk
        return False


# A case in the middle of a step, as effects get it: locked, allowed, its facts validated.
Deed: TypeAlias = Case
