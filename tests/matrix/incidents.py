"""Who reaches what of the cases: lists, one case and its photos, and each of its steps.

The rights are written down here once more, by hand: a slip in the table of steps is found, not copied.
"""

import io
from typing import Any

from django.utils import timezone

from accounts.actor import SYSTEM
from accounts.roles import Role
from grids.locate import look_again
from incidents.choices import Source
from incidents.photos import examine
from incidents.report import Position, report
from incidents.taking import take
from tests.factories import HOME, actor
from tests.grids.factories import district
from tests.incidents.catalogue.factories import edition
from tests.incidents.photo_samples import encoded
from tests.incidents.town import ticked
from tests.matrix.row import EVERYBODY, FORBIDDEN, HIDDEN, IN, NOBODY, Outcome, Row
from tests.matrix.world import World

STREET = frozenset({Role.GRID_WORKER, Role.GRID_CHIEF, Role.COMMUNITY})
DESK = frozenset({Role.CLERK, Role.DISPATCHER})
UNIT = frozenset({Role.DEPARTMENT, Role.CONTRACTOR, Role.UNIT_LEADER})
WATCH = frozenset({Role.SUPERVISOR, Role.COMMANDER})
HOTLINE = frozenset(
    {Role.HOTLINE_OPERATOR}
)  # sees and reports for callers; takes no step but a comment
SEES = STREET | DESK | UNIT | WATCH | HOTLINE
NEIGHBOURS = frozenset({Role.CITIZEN, Role.DOOR_CAPTAIN, Role.VOLUNTEER})
REPORTS = NEIGHBOURS | STREET | DESK | HOTLINE | {Role.COMMANDER}

_CLERK, _DISPATCHER = frozenset({Role.CLERK}), frozenset({Role.DISPATCHER})
_SPOT, _LEADER = STREET, frozenset({Role.UNIT_LEADER})

# Which roles can have a step of this case in their hands. Its reporter is none of these people.
HANDS: dict[str, frozenset[Role]] = {
    "place": _CLERK,
    "classify": _CLERK,
    "link": DESK,
    "confide": DESK,
    "precheck": _CLERK,
    "answer_precheck": _SPOT,
    "refuse": _CLERK,
    "self_close": frozenset({Role.GRID_WORKER, Role.GRID_CHIEF}),
    "file": _CLERK,
    "dispatch": _DISPATCHER,
    "receive": UNIT,
    "return": UNIT,
    "recall": _DISPATCHER,
    "call_in": _DISPATCHER,
    "release": _DISPATCHER | UNIT,
    "receive_assist": NOBODY,  # the unit leads this case, and so does not assist in it
    "answer_assist": NOBODY,
    "answer": UNIT,
    "ask_extension": UNIT,
    "ask_suspension": UNIT,
    "drop_ask": UNIT,
    "approve_ask": _LEADER,
    "refuse_ask": _LEADER | _DISPATCHER,
    "grant_extension": _DISPATCHER,
    "grant_suspension": _DISPATCHER,
    "resume": _DISPATCHER,
    "send_check": _DISPATCHER,
    "change_checker": DESK,
    "pass_check": _SPOT,
    "rework": _SPOT,
    "send_back": _DISPATCHER,
    "inform": _DISPATCHER,
    "close": _DISPATCHER,
    "rate": _DISPATCHER,
    "reopen": _DISPATCHER,
    "withdraw": _CLERK,
    "take_back": NOBODY,
    "appeal": UNIT,
    "support_appeal": _DISPATCHER,
    "grant_appeal": _CLERK,
    "refuse_appeal": DESK,
    "urge": WATCH,
    "raise": frozenset({Role.GRID_CHIEF, Role.COMMUNITY, Role.DISPATCHER}),
    "take_over": frozenset({Role.COMMUNITY, Role.DISPATCHER, Role.COMMANDER}),
    "hand_back": frozenset({Role.COMMUNITY, Role.DISPATCHER, Role.COMMANDER}),
    "comment": SEES,
}


def build(world: World) -> None:
    """A case of the home district, reported by none of these people, with a photo, in the hands of their unit."""
    district()
    look_again()
    edition()
    now = timezone.now()
    case = report(
        by=SYSTEM,
        now=now,
        source=Source.GRID,
        text="路边有暴露垃圾",
        item_code="010101",
        position=Position(117.205, 39.005),
        photos=(examine(io.BytesIO(encoded()), "a.jpg"),),
    ).incident
    unit = world.organisations[HOME]
    clerk, dispatcher = actor(Role.CLERK), actor(Role.DISPATCHER)
    ticks = {"standards": ticked(case)}
    take("file", number=case.number, by=clerk, now=now, facts=ticks)
    take(
        "dispatch",
        number=case.number,
        by=dispatcher,
        now=now,
        facts={"lead": unit.code, "reason": "所属单位"},
    )
    world.records["case"] = case
    world.records["photo"] = case.photos.get()


def _case(world: World) -> dict[str, Any]:
    return {"number": world.records["case"].number}


def _dispatch(world: World) -> dict[str, Any]:
    return {**_case(world), "code": "dispatch"}


def _photo(world: World) -> dict[str, Any]:
    return {"photo_id": world.records["photo"].pk, "size": "thumb"}


def _photo_of_case(world: World) -> dict[str, Any]:
    return {**_case(world), **_photo(world)}


def _new_photo(_world: World) -> dict[str, Any]:
    file = io.BytesIO(encoded())
    file.name = "b.jpg"
    return {"kind": "scene", "file": file}


def _text(_world: World) -> dict[str, Any]:
    return {"text": "路边有暴露垃圾"}


def _of_case(url: str, may: frozenset[Role] = SEES, **more: Any) -> Row:
    """To whom the case is not shown there is none; who sees it without the right is refused."""
    exceptions: dict[Role, Outcome] = dict.fromkeys(SEES - may, FORBIDDEN)
    return Row(
        url=url, may=may, **{"kwargs": _case, "others": HIDDEN, "exceptions": exceptions, **more}
    )


ROWS = [
    Row(url="incidents:search", may=SEES),
    Row(url="incidents:map", may=SEES),
    Row(url="incidents:points", may=SEES, query="?box=117,38,118,40"),
    Row(url="incidents:inbox", may=DESK),
    Row(url="incidents:todo", may=UNIT),
    Row(url="incidents:bulk_dispatch", method="post", may=_DISPATCHER),
    Row(url="incidents:field_home", may=REPORTS),
    Row(url="incidents:report", may=REPORTS),
    Row(url="incidents:report", method="post", may=REPORTS, data=_text),
    Row(url="incidents:items", may=REPORTS),
    Row(url="incidents:duplicates", may=REPORTS, query="?lon=117.205&lat=39.005"),
    _of_case("incidents:photo", kwargs=_photo),
    _of_case("incidents:case"),
    _of_case("incidents:step", _DISPATCHER, kwargs=_dispatch),
    _of_case("incidents:step", _DISPATCHER, kwargs=_dispatch, method="post"),
    # Everybody sees their own reports; who has none finds an empty list.
    Row(url="api_incidents", may=EVERYBODY, partner=IN),
    Row(url="api_incidents", method="post", may=REPORTS, data=_text, partner=IN),
    _of_case("api_incident", partner=IN),
    _of_case("api_incident_steps", partner=IN),
    _of_case("api_incident_timeline", partner=IN),
    _of_case("api_incident_photos", partner=IN),
    # The case is with its unit: the scene is shown by the desk and the unit.
    _of_case("api_incident_photos", DESK | UNIT, method="post", data=_new_photo, partner=IN),
    _of_case("api_incident_photo", kwargs=_photo_of_case, partner=IN),
    *[
        _of_case(f"api_step_{code}", may, method="post", partner=IN if may else FORBIDDEN)
        for code, may in HANDS.items()
    ],
]
