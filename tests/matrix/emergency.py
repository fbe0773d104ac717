"""Who reaches what of emergency. The rights are written down here once more, by hand."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.roles import Role
from emergency.declaring import declare
from emergency.doors import ACTIVATIONS
from emergency.enrolling import enrol
from emergency.models import Called, CallUp
from grids.models import Area
from tests.emergency.alert import seed_paces
from tests.factories import HOME, actor, person_with
from tests.grids.factories import district
from tests.matrix.row import EVERYBODY, FORBIDDEN, HIDDEN, IN, Outcome, Row
from tests.matrix.world import World

COMMANDER = frozenset({Role.COMMANDER})
ENROLLERS = COMMANDER | {Role.COMMUNITY}
WATCHERS = ENROLLERS | {Role.GRID_CHIEF, Role.DISPATCHER, Role.SUPERVISOR}
ADMIN = frozenset({Role.SYSTEM_ADMIN})

HANDS: dict[str, frozenset[Role]] = {
    "amend": ENROLLERS,
    "record_service": ENROLLERS,
    "approve_service": ENROLLERS,
    "refuse_service": ENROLLERS,
    "end": ENROLLERS,
}


def build(world: World) -> None:
    """The home district in emergency, with one stranger called up."""
    if not Area.objects.filter(code=HOME).exists():
        district()
    seed_paces()
    now, commander = timezone.now(), actor(Role.COMMANDER)
    terms = {"area": HOME, "kind": "volunteer", "required_per": "month", "valid_from": "2020-01-01"}
    world.records["enrolment"] = enrol(
        by=commander, now=now, facts={**terms, "name": "王大山", "phone": "13800000001"}
    )
    facts = {"area": HOME, "kind": "flood", "level": "red", "reason": "强降雨"}
    made = declare(by=commander, now=now, facts=facts)
    ACTIVATIONS.take(
        "call_up", number=made.number, by=commander, now=now, facts={"grouping": "one"}
    )
    leader = person_with(Role.CITIZEN, "")
    CallUp.objects.get().teams.update(leader=leader)
    world.records |= {"activation": made, "call_up": CallUp.objects.get()}
    world.records["called"] = Called.objects.get()


def _named(record: str, **more: Any) -> Any:
    return lambda world: {"number": world.records[record].number, **more}


def _row(record: str, url: str, may: frozenset[Role], code: str = "", **more: Any) -> Row:
    """To whom the record is not shown there is none; who sees it without the right is refused."""
    exceptions: dict[Role, Outcome] = dict.fromkeys(WATCHERS - may, FORBIDDEN)
    kwargs = _named(record, **({"code": code} if code else {}))
    return Row(url=url, may=may, kwargs=kwargs, others=HIDDEN, exceptions=exceptions, **more)


def _steps(record: str, prefix: str, hands: dict[str, frozenset[Role]]) -> list[Row]:
    return [
        _row(record, f"{prefix}_{code}", may, method="post", partner=IN)
        for code, may in hands.items()
    ]


def _commanded(*codes: str) -> dict[str, frozenset[Role]]:
    return dict.fromkeys(codes, COMMANDER)


def _table(_world: World) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("people.csv", "账号,姓名\n".encode())}


ROWS = [
    Row(url="emergency:list", may=WATCHERS),
    Row(url="emergency:declare", may=COMMANDER),
    Row(url="emergency:declare", method="post", may=COMMANDER),
    _row("activation", "emergency:activation", WATCHERS),
    _row("activation", "emergency:activation_step", COMMANDER, "call_up"),
    _row("activation", "emergency:activation_step", COMMANDER, "end", method="post"),
    _row("call_up", "emergency:call_up", WATCHERS),
    _row("call_up", "emergency:call_up_step", COMMANDER, "end"),
    _row("call_up", "emergency:call_up_step", COMMANDER, "end", method="post"),
    Row(url="emergency:mine", may=EVERYBODY),
    _row("called", "emergency:called", WATCHERS),
    _row("called", "emergency:called_step", COMMANDER, "come"),
    _row("called", "emergency:called_step", COMMANDER, "come", method="post"),
    Row(url="emergency:enrolled", may=WATCHERS),
    Row(url="emergency:enrol", may=ENROLLERS),
    Row(url="emergency:enrol", method="post", may=ENROLLERS),
    Row(url="emergency:import", may=ENROLLERS),
    Row(url="emergency:import", method="post", may=ENROLLERS),
    Row(url="emergency:import_template", may=ENROLLERS),
    _row("enrolment", "emergency:enrolment", WATCHERS),
    _row("enrolment", "emergency:enrolment_step", ENROLLERS, "amend"),
    _row("enrolment", "emergency:enrolment_step", ENROLLERS, "amend", method="post"),
    Row(url="emergency:paces", may=ADMIN),
    Row(url="emergency:pace", may=ADMIN, kwargs=lambda _world: {"level": "red"}, foreign=IN),
    Row(
        url="emergency:pace",
        method="post",
        may=ADMIN,
        kwargs=lambda _world: {"level": "red"},
        foreign=IN,
    ),
    Row(
        url="api_emergency_mode",
        may=WATCHERS,
        kwargs=lambda _world: {"area_code": HOME},
        partner=IN,
    ),
    Row(url="api_emergencies", may=WATCHERS, partner=IN),
    Row(url="api_emergencies", method="post", may=COMMANDER, partner=IN),
    _row("activation", "api_emergency", WATCHERS, partner=IN),
    _row("activation", "api_emergency_steps", WATCHERS, partner=IN),
    _row("activation", "api_emergency_timeline", WATCHERS, partner=IN),
    *_steps(
        "activation",
        "api_emergency_step",
        _commanded("raise", "lower", "instruct", "call_up", "end"),
    ),
    Row(url="api_call_ups", may=EVERYBODY, partner=IN),
    _row("call_up", "api_call_up", WATCHERS, partner=IN),
    *_steps("call_up", "api_call_up_step", _commanded("again", "set_team", "end")),
    Row(url="api_own_calls", may=EVERYBODY, partner=IN),
    _row("called", "api_called", WATCHERS, partner=IN),
    *_steps(
        "called",
        "api_called_step",
        _commanded("come", "decline", "check_in", "phone", "stand_down"),
    ),
    Row(url="api_enrolments", may=WATCHERS, partner=IN),
    Row(url="api_enrolments", method="post", may=ENROLLERS, partner=IN),
    Row(url="api_enrolments_import", method="post", may=ENROLLERS, data=_table, partner=IN),
    _row("enrolment", "api_enrolment", WATCHERS, partner=IN),
    *_steps("enrolment", "api_enrolment_step", HANDS),
    Row(url="api_paces", may=ADMIN),
    Row(
        url="api_pace",
        method="post",
        may=ADMIN,
        kwargs=lambda _world: {"level": "red"},
        foreign=IN,
    ),
]
