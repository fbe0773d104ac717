"""Who reaches what of the areas: the browser, the drawing board, the staffing, the API."""

from datetime import UTC, date, datetime
from typing import Any

from accounts.actor import SYSTEM
from accounts.roles import Role
from grids.models import Duty
from grids.staffing import assign
from tests.factories import user
from tests.grids.factories import district
from tests.matrix.row import EVERYBODY, HIDDEN, IN, Row
from tests.matrix.world import World

COMMUNITY, GRID = "120103001001", "120103001001001"

# Two administrators have no business with territory; everybody else sees the ground of their posts.
SEES = EVERYBODY - {Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}
DRAWS = frozenset({Role.SYSTEM_ADMIN})
APPOINTS = frozenset({Role.COMMUNITY, Role.SYSTEM_ADMIN})
SEES_STAFF = APPOINTS | {Role.GRID_CHIEF, Role.SUPERVISOR, Role.COMMANDER}


def build(world: World) -> None:
    """The home district with four grids; one of them has a worker."""
    district()
    world.records["duty"] = assign(
        grid_code=GRID,
        person=user(),
        duty=Duty.FULL_TIME,
        since=date(2026, 1, 1),
        by=SYSTEM,
        now=datetime(2026, 3, 9, tzinfo=UTC),
    )


def _grid(_world: World) -> dict[str, Any]:
    return {"code": GRID}


def _community(_world: World) -> dict[str, Any]:
    return {"code": COMMUNITY}


def _duty(world: World) -> dict[str, Any]:
    return {"pk": world.records["duty"].pk}


def _drawn(name: str, kwargs: Any = _grid) -> list[Row]:
    return [
        Row(url=f"grids:{name}", may=DRAWS, kwargs=kwargs, method=method)
        for method in ("get", "post")
    ]


ROWS = [
    Row(url="grids:areas", may=SEES),
    Row(url="grids:area", may=SEES, kwargs=_grid),
    *_drawn("describe"),
    *_drawn("draw", _community),
    *_drawn("border"),
    *_drawn("split"),
    *_drawn("merge"),
    *_drawn("retire"),
    Row(url="grids:staffing", may=SEES_STAFF),
    Row(url="grids:staffing_export", may=SEES_STAFF),
    Row(url="grids:people_options", may=APPOINTS),
    Row(url="grids:end_duty", method="post", may=APPOINTS, kwargs=_duty),
    Row(url="grids:assign", method="post", may=APPOINTS, kwargs=_grid),
    Row(url="api_areas", may=SEES, partner=IN),
    Row(
        url="api_areas_tree",
        may=SEES,
        query="?root=120103",
        foreign=HIDDEN,
        partner=IN,
        partner_foreign=HIDDEN,
    ),
    # Where a point lies is asked before a report is sent, also by those who stand abroad.
    Row(url="api_areas_locate", may=SEES, query="?lon=117.205&lat=39.005", partner=IN),
    Row(url="api_areas_geojson", may=SEES, query="?parent=120103&level=grid", partner=IN),
    Row(url="api_area", may=SEES, kwargs=_grid, partner=IN),
]
