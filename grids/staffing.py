"""Who serves which grid: 一格一长一警一专多兼, with one person in several grids, and the list of what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor, HeldPost
from accounts.authority import require_over
from accounts.models import User
from accounts.roles import May
from config.refusal import Refused, SomebodyWasFirst
from grids.models import Area, Duty, Level, Staffing
from grids.queries import area_names, codes_above, visible_to
from journal.append import append

# Every grid needs one of each; part-time people come on top.
NEEDED = (Duty.CHIEF, Duty.POLICE, Duty.FULL_TIME)


def assign(
    *, grid_code: str, person: User, duty: Duty | str, since: date, by: Actor, now: datetime
) -> Staffing:
    """Give a person a duty in a grid from the local day `since` on (Asia/Shanghai).

    Raises PermissionDenied, and Refused: no such grid in force, account switched off, duty already held by
    somebody else (who is named; end that duty first).
    """
    duty = Duty(duty)
    post = require_over(by, May.MANAGE_STAFFING, grid_code)
    with transaction.atomic():
        grid = _grid_in_force(grid_code)
        if not person.is_active:
            raise Refused(
                "person_off",
                _("This account is switched off: choose somebody else."),
                field="person",
            )
        _refuse_taken(grid, person, duty, since)
        try:
            with transaction.atomic():
                made = Staffing.objects.create(
                    grid=grid, person=person, duty=duty, valid_from=since
                )
        except IntegrityError:
            raise SomebodyWasFirst(
                _("Somebody else filled this duty at the same moment. Look at the grid again.")
            ) from None
        _journal("staffing.assigned", made, by=by, now=now, post=post)
    return made


def end_duty(*, staffing_id: int, last_day: date | None, by: Actor, now: datetime) -> Staffing:
    """End a duty on `last_day` (local, Asia/Shanghai); today without one.

    Raises Staffing.DoesNotExist, PermissionDenied, Refused where it has ended or would end before it began.
    """
    with transaction.atomic():
        held = Staffing.objects.select_for_update().get(pk=staffing_id)
        post = require_over(by, May.MANAGE_STAFFING, held.grid_id)
        day = last_day or timezone.localdate(now)
        if held.valid_to is not None:
            raise SomebodyWasFirst(_("This duty has already been ended."))
        if day < held.valid_from:
            raise Refused(
                "ends_before_it_began",
                _("The last day lies before the first one."),
                field="last_day",
            )
        held.valid_to = day
        held.save(update_fields=["valid_to"])
        _journal("staffing.ended", held, by=by, now=now, post=post)
    return held


def hand_over(grids: Sequence[Area], heirs: Sequence[Area], *, day: date) -> dict[str, int]:
    """End the duties in retired grids before `day` and give them on in the grids that take over.

    Part-time people all go along. A duty that there is only one of goes along where one person alone held
    it and no heir has somebody already; else it is a gap. Called by the actions that retire grids, in their
    transaction. Gives back how many duties each grid handed on.
    """
    open_duties = Staffing.objects.filter(grid__in=grids, valid_to=None).order_by("id")
    held = list(open_duties.select_for_update(of=("self",)))
    people: dict[str, set[int]] = {}
    for one in held:
        people.setdefault(one.duty, set()).add(one.person_id)
        one.valid_to = max(day - timedelta(days=1), one.valid_from)
    Staffing.objects.bulk_update(held, ["valid_to"])
    taken = set(
        Staffing.objects.filter(grid__in=heirs, valid_to=None).values_list("grid_id", "duty")
    )
    moved: dict[str, int] = {}
    fresh: dict[tuple[str, str, int], Staffing] = {}
    for one in held:
        alone = one.duty == Duty.PART_TIME or len(people[one.duty]) == 1
        for heir in heirs:
            if alone and (one.duty == Duty.PART_TIME or (heir.code, one.duty) not in taken):
                key = (heir.code, one.duty, one.person_id)
                fresh[key] = Staffing(
                    grid=heir, duty=one.duty, person_id=one.person_id, valid_from=day
                )
                moved[one.grid_id] = moved.get(one.grid_id, 0) + 1
    Staffing.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    return moved


def _grid_in_force(code: str) -> Area:
    """The grid, locked: nobody gets a duty in it while it is being retired."""
    rows = Area.objects.select_for_update(of=("self",), no_key=True).listed()
    grid = rows.filter(code=code, level=Level.GRID).first()
    if grid is None or not grid.is_active:
        raise Refused("no_grid", _("There is no grid in force with this code."), field="grid")
    return grid


def _refuse_taken(grid: Area, person: User, duty: Duty, since: date) -> None:
    """A duty whose last day is still to come is taken until then."""
    open_then = Q(valid_to=None) | Q(valid_to__gte=since)
    held = Staffing.objects.filter(open_then, grid=grid, duty=duty).select_related("person")
    if duty is Duty.PART_TIME:
        held = held.filter(person=person)
    holder = held.first()
    if holder is not None:
        raise Refused(
            "duty_taken",
            (
                _("%(duty)s of this grid is %(name)s until %(day)s. Choose a later first day.")
                if holder.valid_to
                else _("%(duty)s of this grid is %(name)s already. End that duty first.")
            )
            % {"duty": duty.label, "name": holder.person.name, "day": holder.valid_to},
            409,
            field="duty",
        )


def _journal(verb: str, held: Staffing, *, by: Actor, now: datetime, post: HeldPost | None) -> None:
    append(
        verb,
        subject=("area", held.grid_id),
        area_code=held.grid_id,
        by=by,
        now=now,
        post=post,
        data={"staffing": held.pk, "person": held.person_id, "duty": held.duty},
    )


# --- reading ----------------------------------------------------------------------------------------


def serving(grid_code: str, day: date) -> QuerySet[Staffing]:
    """The duties held in a grid on a local day, chief first."""
    on = Q(valid_to=None) | Q(valid_to__gte=day)
    held = Staffing.objects.filter(on, grid_id=grid_code, valid_from__lte=day)
    return held.select_related("person")


def history(grid_code: str) -> QuerySet[Staffing]:
    """Every duty that anybody ever held in a grid, the latest first."""
    held = Staffing.objects.filter(grid_id=grid_code).select_related("person")
    return held.order_by("-valid_from", "-id")


def held_in(actor: Actor) -> QuerySet[Staffing]:
    """Duties, past ones too, in the grids that the actor sees."""
    seen = visible_to(actor).at(Level.GRID).values("code")
    return Staffing.objects.filter(grid__in=seen).select_related("person", "grid")


def grids_of(person_id: int, day: date) -> list[str]:
    """Codes of the grids that a person serves on a local day."""
    on = Q(valid_to=None) | Q(valid_to__gte=day)
    held = Staffing.objects.filter(on, person_id=person_id, valid_from__lte=day)
    return sorted(set(held.values_list("grid_id", flat=True)))


def with_gaps(actor: Actor, day: date) -> QuerySet[Area]:
    """Grids in the actor's scope in code order, each with `duties`: the codes of those held on a local day."""
    on = Q(valid_to=None) | Q(valid_to__gte=day)
    held = Staffing.objects.filter(on, grid_id=OuterRef("code"), valid_from__lte=day)
    # One array per row that is looked at: unlike EXISTS, which PostgreSQL would answer for all grids at once.
    grids = visible_to(actor).listed().active().at(Level.GRID)
    return grids.annotate(duties=ArraySubquery(held.values("duty"))).order_by("code")


def lacking(grids: QuerySet[Area], duties: Iterable[Duty] = NEEDED) -> QuerySet[Area]:
    """Of the grids from `with_gaps`, those that lack any of the duties."""
    return grids.exclude(Q(("duties__contains", [duty.value for duty in duties])))


def complete(grids: QuerySet[Area]) -> QuerySet[Area]:
    """Of the grids from `with_gaps`, those that lack nobody."""
    return grids.filter(Q(("duties__contains", [duty.value for duty in NEEDED])))


@dataclass(frozen=True)
class Crew:
    """A grid and its people by duty, for a list."""

    grid: Area
    people: dict[str, list[str]]
    where: str = ""

    @property
    def cells(self) -> list[tuple[str, list[str], bool]]:
        """(label, names, whether somebody is needed) for each duty, in their order."""
        return [(str(duty.label), self.people.get(duty.value, []), duty in NEEDED) for duty in Duty]

    @property
    def missing(self) -> list[str]:
        return [str(duty.label) for duty in NEEDED if not self.people.get(duty)]


def crews(grids: Iterable[Area], day: date) -> list[Crew]:
    """The people of each grid, and where it lies. Three queries for all of them."""
    listed = list(grids)
    names = area_names({code for grid in listed for code in codes_above(grid.code)})
    on = Q(valid_to=None) | Q(valid_to__gte=day)
    held = Staffing.objects.filter(
        on, grid_id__in=[grid.code for grid in listed], valid_from__lte=day
    ).select_related("person")
    people: dict[str, dict[str, list[str]]] = {grid.code: {} for grid in listed}
    for one in held:
        people[one.grid_id].setdefault(one.duty, []).append(one.person.name)
    return [Crew(grid, people[grid.code], _where(grid.code, names)) for grid in listed]


def _where(code: str, names: dict[str, str]) -> str:
    """Subdistrict and community of a grid."""
    return " › ".join(names[above] for above in codes_above(code)[2:] if above in names)
