"""Who reaches what of the calculator and the working calendars."""

from typing import Any

from django.utils import timezone

from accounts.identity import actor_of
from accounts.roles import May, Role
from clocks import edit_calendar
from clocks.seed import seed_country
from tests.factories import HOME
from tests.matrix.row import EVERYBODY, IN, Row, roles_with
from tests.matrix.world import World

MANAGERS = roles_with(May.MANAGE_CALENDAR)
ASKED = "?start=2026-03-09T09:00&value=2&kind=work_hour"


def build(world: World) -> None:
    """A calendar of the home district's own."""
    seed_country(now=timezone.now())
    world.records["calendar"] = edit_calendar.create_calendar(
        area_code=HOME,
        name="河西区",
        by=actor_of(world.people[Role.SYSTEM_ADMIN, HOME]),
        now=timezone.now(),
    )


def _calendar(world: World) -> dict[str, Any]:
    return {"pk": world.records["calendar"].pk}


def _limit(_world: World) -> dict[str, Any]:
    return {"code": "incident.verify"}


def _row(url: str, *, method: str = "get", **more: Any) -> Row:
    return Row(url=url, may=MANAGERS, method=method, **more)


ROWS = [
    Row(url="clocks:calculator", may=EVERYBODY, query=ASKED),
    Row(url="api_clocks_due", may=EVERYBODY, query=ASKED, partner=IN),
    _row("clocks:limits"),
    _row("clocks:limit", kwargs=_limit, foreign=IN),
    _row("clocks:limit", method="post", kwargs=_limit, foreign=IN),
    _row("api_limits"),
    _row("api_limit", kwargs=_limit, foreign=IN),
    _row("api_limit", method="put", kwargs=_limit, foreign=IN),
    _row("clocks:calendars"),
    _row("clocks:new_calendar"),
    _row("clocks:new_calendar", method="post"),
    _row("clocks:notice_example"),
    _row("clocks:calendar", kwargs=_calendar),
    _row("clocks:import_notice", kwargs=_calendar),
    _row("clocks:import_notice", method="post", kwargs=_calendar),
    _row("clocks:day", method="post", kwargs=_calendar),
    _row("clocks:season", method="post", kwargs=_calendar),
    _row("clocks:season_removed", method="post", kwargs=_calendar),
    _row("clocks:day_end", method="post", kwargs=_calendar),
]
