"""Reading this room's records for a face, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from accounts.actor import Actor
from accounts.roles import May
from clocks.lamps import Lamp, lamp
from emergency.calling import missing
from emergency.choices import AWAITED, CalledState, CallUpState, State
from emergency.doors import ACTIVATIONS, CALL_UPS, CALLED, ENROLMENTS
from emergency.figures import Tally, kept_tally, tallies_by, tally
from emergency.mode import InForce, in_force_at, mode_of
from emergency.models import Activation, Called, CallUp, Enrolment, Service, Team
from emergency.querysets import activations_visible_to, call_ups_visible_to, called_visible_to
from grids.queries import area_names, codes_above
from incidents.querysets import within
from incidents.reading import time_left
from steps.door import Offer
from steps.history import Line, timeline

MOST_PEOPLE = 200
MOST_POINTS = 500


def place(code: str, names: dict[str, str]) -> str:
    """Where an area lies, from the district down."""
    codes = [each for each in (*codes_above(code), code) if len(each) >= 6]
    return " ".join(names[each] for each in codes if each in names) or code


def places(codes: Sequence[str]) -> dict[str, str]:
    """Where each area lies. One query."""
    names = area_names({each for code in codes for each in (*codes_above(code), code)})
    return {code: place(code, names) for code in codes}


# --- activations -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ActivationRow:
    """An activation as one line; `covered_by` names the wider one that covers it."""

    activation: Activation
    place: str
    covered_by: InForce | None
    tally: Tally


def activation_rows(activations: Sequence[Activation]) -> list[ActivationRow]:
    """The lines of a list. Three queries for all of them."""
    where = places([one.area_code for one in activations])
    called = Called.objects.filter(call_up__activation__in=activations)
    tallies = tallies_by(called, "call_up__activation_id")
    covering = _covering(activations)
    return [
        ActivationRow(one, where[one.area_code], covering.get(one.pk), tallies.get(one.pk, Tally()))
        for one in activations
    ]


def _covering(activations: Sequence[Activation]) -> dict[int, InForce]:
    """The widest declaration above each one that is in force. One query."""
    above = {
        code
        for one in activations
        if one.state == State.DECLARED
        for code in codes_above(one.area_code)
    }
    wider = in_force_at(above)
    found = {}
    for one in activations:
        over = [each for each in wider if one.area_code.startswith(each.area_code)]
        if one.state == State.DECLARED and over:
            found[one.pk] = over[0]
    return found


class ActivationReading:
    """All that the page shows of one activation to one actor at one moment (aware)."""

    def __init__(self, activation: Activation, actor: Actor, now: datetime) -> None:
        self.activation, self.actor, self.now = activation, actor, now

    @cached_property
    def offers(self) -> list[Offer]:
        return ACTIVATIONS.available(self.activation, self.actor, self.now)

    @property
    def can(self) -> list[Offer]:
        """What may be pressed now; calling up first, ending last."""
        order = ("call_up", "raise", "lower", "instruct", "end")
        able = [offer for offer in self.offers if offer.allowed]
        return sorted(able, key=lambda offer: order.index(offer.step.code))

    @cached_property
    def place(self) -> str:
        return places([self.activation.area_code])[self.activation.area_code]

    @cached_property
    def covering(self) -> InForce | None:
        """The wider declaration that covers this one."""
        return _covering([self.activation]).get(self.activation.pk)

    @cached_property
    def gravest(self) -> InForce | None:
        """What counts in the area now."""
        return mode_of(self.activation.area_code).gravest

    @cached_property
    def covered(self) -> list[Activation]:
        """The narrower ones in force below it."""
        if self.activation.state != State.DECLARED:
            return []
        below = activations_visible_to(self.actor).filter(
            within(self.activation.area_code), state=State.DECLARED
        )
        return list(below.exclude(pk=self.activation.pk))

    @cached_property
    def covered_rows(self) -> list[ActivationRow]:
        return activation_rows(self.covered) if self.covered else []

    @cached_property
    def call_ups(self) -> "list[CallUpRow]":
        return call_up_rows(
            list(call_ups_visible_to(self.actor).filter(activation=self.activation)), self.now
        )

    @cached_property
    def tally(self) -> Tally:
        """Of all its call-ups; once it has ended, as it was then."""
        if self.activation.state == State.ENDED:
            return kept_tally(self.activation.figures)
        return tally(Called.objects.filter(call_up__activation=self.activation))

    @cached_property
    def story(self) -> list[Line]:
        return timeline((ACTIVATIONS.subject, self.activation.pk))

    @property
    def lasted(self) -> timedelta:
        return (self.activation.ended_at or self.now) - self.activation.declared_at


# --- call-ups --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CallUpRow:
    call_up: CallUp
    tally: Tally


def call_up_rows(call_ups: Sequence[CallUp], now: datetime) -> list[CallUpRow]:
    """The lines of a list. One query."""
    tallies = tallies_by(Called.objects.filter(call_up__in=call_ups), "call_up_id")
    return [CallUpRow(one, tallies.get(one.pk, Tally())) for one in call_ups]


@dataclass(frozen=True)
class TeamShown:
    team: Team
    name: str
    tally: Tally


@dataclass(frozen=True)
class PersonShown:
    """One person called, as whoever watches or leads sees them; `may_mark`: the actor answers for them by phone."""

    called: Called
    name: str
    may_mark: bool


class Board:
    """A call-up as the commander sees it live; a leader sees their own team. `team` narrows the list of people."""

    def __init__(self, call_up: CallUp, actor: Actor, now: datetime, team: str = "") -> None:
        self.call_up, self.actor, self.now = call_up, actor, now
        self.chosen = int(team) if team.isdecimal() and len(team) < 10 else None
        self.seen = called_visible_to(actor).filter(call_up=call_up)

    @cached_property
    def offers(self) -> list[Offer]:
        return CALL_UPS.available(self.call_up, self.actor, self.now)

    @cached_property
    def commands(self) -> bool:
        return self.actor.may(May.DECLARE_EMERGENCY, area_code=self.call_up.area_code) is not None

    @property
    def is_open(self) -> bool:
        return self.call_up.state == CallUpState.CALLING

    @cached_property
    def teams(self) -> list[TeamShown]:
        tallies = tallies_by(self.seen, "team_id")
        rows = list(self.call_up.teams.filter(pk__in=tallies).select_related("leader"))
        names = area_names({team.area_code for team in rows})
        return [
            TeamShown(team, names.get(team.area_code, team.area_code), tallies[team.pk])
            for team in rows
        ]

    @cached_property
    def tally(self) -> Tally:
        every = [shown.tally for shown in self.teams]
        return Tally(**{name: sum(getattr(one, name) for one in every) for name in vars(Tally())})

    @property
    def chosen_team(self) -> TeamShown | None:
        return next((shown for shown in self.teams if shown.team.pk == self.chosen), None)

    @cached_property
    def people(self) -> list[PersonShown]:
        """The chosen team's; else whoever is missing; at most `MOST_PEOPLE`."""
        rows = self.seen.select_related("enrolment__person", "team")
        if self.chosen_team is not None:
            rows = rows.filter(team=self.chosen_team.team)
        else:
            rows = rows.filter(state__in=[*AWAITED, CalledState.CANNOT])
        return [self._person(one) for one in rows.order_by("state", "id")[:MOST_PEOPLE]]

    def _person(self, one: Called) -> PersonShown:
        leads = self.actor.user_id is not None and one.team.leader_id == self.actor.user_id
        may = self.is_open and (leads or self.commands)
        return PersonShown(one, one.enrolment.shown_name, may)

    @cached_property
    def missing(self) -> int:
        return missing(self.call_up, self.now).count() if self.is_open else 0

    @property
    def again_at(self) -> datetime:
        """When the missing may be called again."""
        return self.call_up.called_again_at + timedelta(minutes=self.call_up.again_minutes)

    @property
    def may_call_again(self) -> bool:
        return any(offer.allowed and offer.step.code == "again" for offer in self.offers)

    @property
    def lamps(self) -> list[tuple[str, Lamp, datetime, str]]:
        """The two times that run, with their lamps; none once all have come or said that they cannot."""
        if not self.is_open:
            return []
        called, found = self.call_up, []
        spans = (
            ("answer", called.answer_by, called.answer_minutes, self.tally.silent),
            ("arrive", called.arrive_by, called.arrive_minutes, self.tally.missing),
        )
        for name, due, minutes, lost in spans:
            if lost:
                amber = due - timedelta(minutes=minutes * 0.2)
                found.append((name, lamp(due, amber, self.now), due, time_left(due, self.now)))
        return found

    @cached_property
    def points(self) -> list[dict[str, Any]]:
        """Assembly points, and where people checked in (longitude and latitude)."""
        found: list[dict[str, Any]] = [
            {
                "k": "team",
                "x": shown.team.lon,
                "y": shown.team.lat,
                "t": f"{shown.name} · {shown.tally.came}/{shown.tally.called}",
                "m": shown.tally.missing > 0,
            }
            for shown in self.teams
            if shown.team.lon is not None
        ]
        here = self.seen.filter(state=CalledState.HERE, lon__isnull=False)
        found += [
            {"k": "here", "x": x, "y": y} for x, y in here.values_list("lon", "lat")[:MOST_POINTS]
        ]
        return found


class CalledReading:
    """The phone page of one person called."""

    def __init__(self, called: Called, actor: Actor, now: datetime) -> None:
        self.called, self.actor, self.now = called, actor, now
        call_up = called.call_up
        waits_for_answer = called.state == CalledState.CALLED
        self.due = call_up.answer_by if waits_for_answer else call_up.arrive_by
        minutes = call_up.answer_minutes if waits_for_answer else call_up.arrive_minutes
        self.lamp = lamp(self.due, self.due - timedelta(minutes=minutes * 0.2), now)
        self.left = time_left(self.due, now)

    @cached_property
    def can(self) -> set[str]:
        """The codes of the steps that may be taken now."""
        offers = CALLED.available(self.called, self.actor, self.now)
        return {offer.step.code for offer in offers if offer.allowed}

    @cached_property
    def place(self) -> str:
        return places([self.called.team.area_code])[self.called.team.area_code]


# --- enrolments ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EnrolmentRow:
    enrolment: Enrolment
    place: str
    served: Any
    short: Any

    @property
    def percent(self) -> int:
        required = self.enrolment.required_hours
        return min(100, round(100 * self.served / required)) if required else 100


def enrolment_rows(enrolments: Sequence[Any]) -> list[EnrolmentRow]:
    """The lines of a list made with `serving.with_hours`. One query for all names of areas."""
    where = places([one.area_code for one in enrolments])
    return [EnrolmentRow(one, where[one.area_code], one.served, one.short) for one in enrolments]


class EnrolmentReading:
    """The page of one enrolment, read with `serving.with_hours`."""

    def __init__(self, enrolment: Any, actor: Actor, now: datetime) -> None:
        self.enrolment, self.actor, self.now = enrolment, actor, now
        (self.row,) = enrolment_rows([enrolment])

    @cached_property
    def offers(self) -> list[Offer]:
        return ENROLMENTS.available(self.enrolment, self.actor, self.now)

    @property
    def can(self) -> list[Offer]:
        """What may be pressed; hours are judged where they stand."""
        return [
            offer
            for offer in self.offers
            if offer.allowed and not offer.step.code.endswith("e_service")
        ]

    @property
    def judges(self) -> bool:
        return any(o.allowed and o.step.code == "approve_service" for o in self.offers)

    @cached_property
    def services(self) -> list[Service]:
        return list(self.enrolment.services.select_related("entered_by")[:100])

    @cached_property
    def story(self) -> list[Line]:
        return timeline((ENROLMENTS.subject, self.enrolment.pk))


def only_one(called: Sequence[Called]) -> Called | None:
    """The one call-up that somebody is out on."""
    out = [
        one
        for one in called
        if one.state != CalledState.DOWN and one.call_up.state == CallUpState.CALLING
    ]
    return out[0] if len(out) == 1 else None
