"""Who reaches what of whistles. The rights are written down here once more, by hand."""

from typing import Any

from django.utils import timezone

from accounts.roles import Role
from grids.locate import look_again
from grids.models import Area
from tests.factories import HOME, actor
from tests.grids.factories import district
from tests.matrix.row import FORBIDDEN, HIDDEN, IN, NOBODY, Outcome, Row
from tests.matrix.world import World
from tests.whistles.street import STREET as STREET_CODE
from tests.whistles.street import types
from whistles.drafting import draft
from whistles.personnel import decide, suggest
from whistles.taking import take

STREET = frozenset({Role.COMMUNITY, Role.DISPATCHER, Role.COMMANDER})
COMMANDER, OFFICER = frozenset({Role.COMMANDER}), frozenset({Role.PERSONNEL_OFFICER})
UNIT = frozenset({Role.DEPARTMENT, Role.UNIT_LEADER})
SEES = STREET | UNIT | {Role.SUPERVISOR}
ADMIN = frozenset({Role.SYSTEM_ADMIN})

HANDS: dict[str, frozenset[Role]] = {
    "amend": STREET,
    "approve": COMMANDER,
    "blow": STREET,
    "call_in": STREET,
    "sign": UNIT,
    "contact": UNIT,
    "check_in": UNIT,
    "object": UNIT,
    "uphold": STREET,
    "release": STREET,
    "start": UNIT,
    "plan": STREET,
    "tick": STREET | UNIT,
    "deliver": UNIT,
    "send_back": STREET,
    "leave": UNIT,
    "confirm": STREET,
    "evaluate": STREET,
    "close": STREET,
    "cancel": STREET,
}


def build(world: World) -> None:
    """A whistle in the home district that summons the unit of these people, and a suggestion that was sent on."""
    if not Area.objects.filter(code=HOME).exists():
        district()
    look_again()
    types()
    now, commander = timezone.now(), actor(Role.COMMANDER)
    unit = world.organisations[HOME]
    facts = {"type": "emergency", "text": "沿街商铺起火", "lon": 117.205, "lat": 39.005}
    made = draft(by=commander, now=now, facts={**facts, "lead": unit.code})
    for step in ("approve", "blow"):
        take(step, number=made.number, by=commander, now=now)
    secretary = actor(Role.COMMANDER, STREET_CODE)
    said = {"kind": "commendation", "unit": unit.code, "person_name": "王勇", "text": "表现突出"}
    one = suggest(by=secretary, now=now, facts=said)
    world.records["whistle"] = made
    world.records["suggestion"] = decide("approve", one.pk, by=secretary, now=now)


def _whistle(world: World) -> dict[str, Any]:
    return {"number": world.records["whistle"].number}


def _confirm(world: World) -> dict[str, Any]:
    return {**_whistle(world), "code": "confirm"}


def _suggestion(world: World) -> dict[str, Any]:
    return {"pk": world.records["suggestion"].pk}


def _receive(world: World) -> dict[str, Any]:
    return {**_suggestion(world), "code": "receive"}


def _kind(_world: World) -> dict[str, Any]:
    return {"code": "emergency"}


def _of_whistle(url: str, may: frozenset[Role] = SEES, **more: Any) -> Row:
    """To whom the whistle is not shown there is none; who sees it without the right is refused."""
    exceptions: dict[Role, Outcome] = dict.fromkeys(SEES - may, FORBIDDEN)
    return Row(
        url=url, may=may, **{"kwargs": _whistle, "others": HIDDEN, "exceptions": exceptions, **more}
    )


def _of_suggestion(url: str, **more: Any) -> Row:
    """Everybody but the recipient, the home district's commander too, learns nothing of it."""
    return Row(url=url, may=OFFICER, **{"kwargs": _suggestion, "others": HIDDEN, **more})


ROWS = [
    Row(url="whistles:list", may=SEES),
    Row(url="whistles:map", may=SEES),
    Row(url="whistles:figures", may=SEES),
    Row(url="whistles:called", may=UNIT),
    Row(url="whistles:new", may=STREET),
    Row(url="whistles:new", method="post", may=STREET),
    _of_whistle("whistles:whistle"),
    _of_whistle("whistles:come", UNIT),
    _of_whistle("whistles:step", STREET, kwargs=_confirm),
    _of_whistle("whistles:step", STREET, kwargs=_confirm, method="post"),
    Row(url="whistles:types", may=ADMIN),
    Row(url="whistles:type", may=ADMIN, kwargs=_kind, foreign=IN),
    Row(url="whistles:type", method="post", may=ADMIN, kwargs=_kind, foreign=IN),
    Row(url="whistles:suggestions", may=COMMANDER | OFFICER),
    # A suggestion is a street's own: these commanders' posts are a district's.
    Row(url="whistles:suggestion_new", may=NOBODY),
    Row(url="whistles:suggestion_new", method="post", may=NOBODY),
    _of_suggestion("whistles:suggestion"),
    _of_suggestion("whistles:suggestion_step", method="post", kwargs=_receive),
    Row(url="api_whistles", may=SEES, partner=IN),
    Row(url="api_whistles", method="post", may=STREET, partner=IN),
    _of_whistle("api_whistle", partner=IN),
    _of_whistle("api_whistle_steps", partner=IN),
    _of_whistle("api_whistle_timeline", partner=IN),
    *[
        _of_whistle(f"api_whistle_step_{code}", may, method="post", partner=IN)
        for code, may in HANDS.items()
    ],
    Row(url="api_whistle_figures", may=SEES, partner=IN),
    Row(url="api_whistle_types", may=SEES | ADMIN, partner=IN),
    Row(
        url="api_whistle_type",
        may=SEES | ADMIN,
        kwargs=_kind,
        foreign=IN,
        partner=IN,
        partner_foreign=IN,
    ),
    Row(url="api_whistle_type", method="post", may=ADMIN, kwargs=_kind, foreign=IN),
    Row(url="api_suggestions", may=COMMANDER | OFFICER),
    Row(url="api_suggestions", method="post", may=NOBODY),
    _of_suggestion("api_suggestion"),
    _of_suggestion("api_suggestion_step_receive", method="post"),
    *[
        Row(
            url=f"api_suggestion_step_{code}",
            method="post",
            may=NOBODY,
            kwargs=_suggestion,
            others=HIDDEN,
            exceptions={Role.PERSONNEL_OFFICER: FORBIDDEN},
        )
        for code in ("approve", "refuse", "withdraw")
    ],
]
