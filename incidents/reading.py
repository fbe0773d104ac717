"""Reading cases for a face: what a row shows and what the case page shows, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor
from clocks.calendar import SHANGHAI
from clocks.lamps import Lamp, lamp, lamp_of
from clocks.models import Clock
from grids.models import Area
from grids.queries import ancestors, area_names, codes_above
from incidents.catalogue_words import spoken
from incidents.choices import ENDS, STEP_OF_STATE, PhotoKind, SixSteps, Stage, State
from incidents.duplicates import Duplicate, likely_duplicates
from incidents.history import timeline
from incidents.models import Appeal, Ask, Assignment, Incident, Photo
from incidents.panels import Drawn, panels_of
from incidents.reporter import Reporter, masked, may_see_reporter
from incidents.responsibility import said
from steps.history import Line

SHORT = 90


def time_left(due_at: datetime | None, now: datetime) -> str:
    """How long by the wall clock until a deadline, or since it, in the largest unit that says enough; '' without one.

    The limit itself may count working time, so the words say when it is due, not what is left of it.
    """
    if due_at is None:
        return ""
    late = now > due_at
    words = _span(abs(due_at - now))
    return (_("%(time)s late") if late else _("due in %(time)s")) % {"time": words}


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(n)s min", "%(n)s min", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)s h", "%(n)s h", hours) % {"n": hours}
    return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}


@dataclass(frozen=True)
class Row:
    """A case as one line of a list: its lamp and the time left, and where it lies, in words."""

    case: Incident
    lamp: Lamp
    left: str
    area: str
    summary: str

    @property
    def item(self) -> str:
        item = self.case.item
        return spoken(item.name, item.name_en) if item else ""

    @property
    def unit(self) -> str:
        return self.case.unit.shown_name if self.case.unit else ""


def rows(cases: Sequence[Incident], now: datetime) -> list[Row]:
    """The lines of a list made with `querysets.for_list`. One query for all the names of areas."""
    names = area_names({code for case in cases for code in _told(case.area_code)})
    return [
        Row(
            case,
            lamp(case.due_at, case.amber_at, now),
            time_left(case.due_at, now),
            " ".join(names[code] for code in _told(case.area_code) if code in names),
            case.text if len(case.text) <= SHORT else f"{case.text[:SHORT]}…",
        )
        for case in cases
    ]


def _told(code: str) -> tuple[str, ...]:
    """The codes that say where a case lies: subdistrict and grid, or the widest that is known."""
    chain = (*codes_above(code), code)
    return tuple(c for c in chain if len(c) in (9, 15)) or (code,)


@dataclass(frozen=True)
class Lit:
    """A clock with its lamp now; `left` is empty once it stopped or while it is paused."""

    clock: Clock
    stage: str
    lamp: Lamp
    left: str


@dataclass(frozen=True)
class Stop:
    """One of the six steps (with handling between): `done`, `now`, or nothing yet."""

    label: str
    mark: str


@dataclass(frozen=True)
class Shown:
    """A photo as the page shows it."""

    url: str
    thumbnail: str
    alt: str
    note: str


@dataclass(frozen=True)
class Part:
    """A unit's part in the case, with the reason why it was chosen, as a sentence."""

    assignment: Assignment
    why: str


class CaseReading:
    """All that the case page shows of one case to one actor at one moment (aware). Each part is read once."""

    def __init__(self, case: Incident, actor: Actor, now: datetime) -> None:
        self.case = case
        self.actor = actor
        self.now = now
        self.lamp = lamp(case.due_at, case.amber_at, now)
        self.left = time_left(case.due_at, now)
        self.title = spoken(case.item.name, case.item.name_en) if case.item else ""

    @property
    def class_line(self) -> str:
        item = self.case.item
        if item is None:
            return ""
        return f"{spoken(item.class_name, item.class_name_en)} › {spoken(item.sub_name, item.sub_name_en)}"

    @cached_property
    def clocks(self) -> list[Lit]:
        """Every clock of the case, as they were started."""
        mine = Clock.objects.filter(subject_kind="incident", subject_id=self.case.pk)
        return [self._lit(clock) for clock in mine.order_by("started_at", "due_at", "id")]

    def _lit(self, clock: Clock) -> Lit:
        runs = clock.stopped_at is None and clock.paused_at is None
        left = time_left(clock.due_at, self.now) if runs else ""
        return Lit(clock, str(Stage(clock.stage).label), lamp_of(clock, self.now), left)

    @property
    def panels(self) -> list[Drawn]:
        """What upper rooms have to say about the case."""
        return panels_of(self.case, self.actor, self.now)

    @cached_property
    def parts(self) -> list[Part]:
        sent = self.case.assignments.select_related("unit").order_by("round", "-lead", "id")
        return [Part(one, said(one.chosen_by) if one.chosen_by else "") for one in sent]

    @cached_property
    def asks(self) -> QuerySet[Ask]:
        return self.case.asks.order_by("id")

    @cached_property
    def appeals(self) -> QuerySet[Appeal]:
        return self.case.appeals.order_by("id")

    @cached_property
    def photo_groups(self) -> list[tuple[str, list[Shown]]]:
        """Photos by kind, in the order of the work."""
        shown = [(photo.kind, self._shown(photo)) for photo in self.case.photos.order_by("id")]
        return [
            (str(kind.label), [photo for of, photo in shown if of == kind])
            for kind in PhotoKind
            if any(of == kind for of, _photo in shown)
        ]

    def _shown(self, photo: Photo) -> Shown:
        taken = photo.taken_at or photo.uploaded_at
        return Shown(
            reverse("incidents:photo", args=[photo.pk, "full"]),
            reverse("incidents:photo", args=[photo.pk, "thumb"]),
            photo.get_kind_display(),
            taken.astimezone(SHANGHAI).strftime("%m-%d %H:%M"),
        )

    @cached_property
    def _chain(self) -> list[Area]:
        codes = ancestors(self.case.area_code) if self.case.area_code else []
        own = Area.objects.listed().filter(code=self.case.area_code).first()
        return [*codes, own] if own else list(codes)

    @property
    def place(self) -> list[str]:
        """Names from the district down to the grid."""
        return [spoken(area.name, area.name_en) for area in self._chain if len(area.code) >= 6]

    @property
    def synthetic(self) -> bool:
        """Whether the boundary of the grid was made by the program."""
        return bool(self._chain) and self._chain[-1].synthetic

    @property
    def stops(self) -> list[Stop]:
        """The six steps as a progress bar; empty for a case that ended on the way."""
        here = STEP_OF_STATE[State(self.case.state)]
        if here is None:
            return []
        order = list(SixSteps)
        at = len(order) if self.case.state in ENDS else order.index(here)
        marks = ["done"] * at + ["now"] * (at < len(order)) + [""] * (len(order) - at - 1)
        return [Stop(str(step.label), mark) for step, mark in zip(order, marks, strict=True)]

    @property
    def reporter(self) -> Reporter | None:
        """Who reported, masked; nothing for those who may not know, or where nobody is named."""
        named = self.case.reporter_name or self.case.reporter_phone
        return masked(self.case) if named and may_see_reporter(self.actor, self.case) else None

    @cached_property
    def duplicates(self) -> list[Duplicate]:
        """Likely the same matter, while the case is still being filed."""
        if (
            self.case.state not in (State.REPORTED, State.PRECHECKING)
            or self.case.lon is None
            or self.case.lat is None
        ):
            return []
        return likely_duplicates(
            by=self.actor,
            now=self.now,
            item_id=self.case.item_id,
            lon=self.case.lon,
            lat=self.case.lat,
            text=self.case.text,
            except_id=self.case.pk,
        )

    @cached_property
    def timeline(self) -> list[Line]:
        """What happened, the newest first."""
        return list(reversed(timeline(self.case, self.actor)))
