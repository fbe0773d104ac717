"""Who reaches what of hotline. The rights are written down here once more, by hand."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.identity import actor_of
from accounts.roles import May, Role
from grids.locate import look_again
from grids.models import Area
from hotline.calls import ring
from hotline.choices import Purpose, RunState
from hotline.door import DOOR
from hotline.drafts import begin
from hotline.intake import take_in
from hotline.models import OrderPhoto, TrainingRun
from tests.factories import HOME, actor
from tests.grids.factories import district
from tests.hotline.desk import tiers
from tests.incidents.photo_samples import encoded
from tests.matrix.row import FORBIDDEN, HIDDEN, IN, Outcome, Row, roles_with
from tests.matrix.world import World

OPERATOR, VISITOR = frozenset({Role.HOTLINE_OPERATOR}), frozenset({Role.RETURN_VISITOR})
UNIT = frozenset({Role.DEPARTMENT, Role.CONTRACTOR, Role.UNIT_LEADER})
WATCH = frozenset({Role.SUPERVISOR, Role.COMMANDER})
SEES = OPERATOR | VISITOR | UNIT | WATCH
ADMIN = frozenset({Role.SYSTEM_ADMIN})
MANAGERS = roles_with(May.MANAGE_CATALOGUE)
DESK = roles_with(May.ACCEPT, May.DISPATCH, May.TAKE_CALLS)

HANDS: dict[str, frozenset[Role]] = {
    "answer": OPERATOR,
    "other_way": OPERATOR,
    "dispatch": OPERATOR,
    "designate": OPERATOR,
    "uphold": OPERATOR,
    "to_case": OPERATOR,
    "amend": OPERATOR,
    "receive": UNIT,
    "accept": UNIT,
    "return": UNIT,
    "call_in": UNIT | OPERATOR,
    "start": UNIT,
    "contribute": UNIT,
    "ask_extension": UNIT,
    "grant_extension": OPERATOR,
    "refuse_extension": OPERATOR,
    "reply": UNIT,
    "visit": VISITOR | OPERATOR,
    "not_reached": VISITOR | OPERATOR,
    "unreachable": VISITOR | OPERATOR,
    "close": VISITOR | OPERATOR,
    "note": OPERATOR | VISITOR | UNIT,
}


def build(world: World) -> None:
    """An order of the home district with the unit of these people, a photo, a call, and a draft of the operator's."""
    if not Area.objects.filter(code=HOME).exists():
        district()
    look_again()
    tiers()
    now, operator = timezone.now(), actor(Role.HOTLINE_OPERATOR)
    facts = {"channel": "phone", "text": "水管爆裂", "caller_phone": "13812341234", "lon": 117.205}
    unit = world.organisations[HOME]
    order = take_in(by=operator, now=now, facts={**facts, "lat": 39.005}).order
    given = {"unit": unit.code, "reason": "属其职责"}
    order = DOOR.take("dispatch", number=order.number, by=operator, now=now, facts=given)
    world.records["order"] = order
    world.records["order_photo"] = OrderPhoto.objects.create(
        order=order, width=1, height=1, sha256="0", uploaded_at=now, file="x.jpg", thumbnail="x.jpg"
    )
    world.records["call"] = ring(by=operator, now=now, call_id="matrix", number="1381").call
    own = world.people[Role.HOTLINE_OPERATOR, HOME]
    world.records["order_draft"] = begin(by=actor_of(own), now=now)
    world.records["training"] = TrainingRun.objects.create(
        purpose=Purpose.ITEMS, state=RunState.TOO_FEW, asked_by="system", asked_at=now
    )


def _order(world: World) -> dict[str, Any]:
    return {"number": world.records["order"].number}


def _step(code: str) -> Any:
    return lambda world: {**_order(world), "code": code}


def _photo(world: World) -> dict[str, Any]:
    photo = {"photo_id": world.records["order_photo"].pk, "size": "full"}
    return {**_order(world), **photo}


def _picture(_world: World) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("a.jpg", encoded())}


def _call(world: World) -> dict[str, Any]:
    return {"pk": world.records["call"].pk}


def _draft(world: World) -> dict[str, Any]:
    return {"pk": world.records["order_draft"].pk}


def _tier(_world: World) -> dict[str, Any]:
    return {"code": "general"}


def _of_order(url: str, may: frozenset[Role] = SEES, **more: Any) -> Row:
    """To whom the order is not shown there is none; who sees it without the right is refused."""
    exceptions: dict[Role, Outcome] = dict.fromkeys(SEES - may, FORBIDDEN)
    return Row(
        url=url, may=may, **{"kwargs": _order, "others": HIDDEN, "exceptions": exceptions, **more}
    )


def _training(world: World) -> dict[str, Any]:
    return {"pk": world.records["training"].pk}


ROWS = [
    Row(url="hotline:trainings", may=MANAGERS),
    Row(
        url="hotline:training_start",
        may=MANAGERS,
        method="post",
        data=lambda world: {"purpose": "units"},
    ),
    Row(url="hotline:training", may=MANAGERS, kwargs=_training, foreign=IN),
    Row(url="api_suggestions_items", may=DESK, method="post", partner=IN),
    Row(url="api_suggestions_units", may=DESK, method="post", partner=IN),
    Row(url="api_trainings", may=MANAGERS, partner=FORBIDDEN),
    Row(url="api_trainings", may=MANAGERS, method="post", partner=FORBIDDEN),
    Row(url="api_training", may=MANAGERS, kwargs=_training, foreign=IN, partner=FORBIDDEN),
    Row(url="hotline:desk", may=OPERATOR),
    Row(url="hotline:ringing", may=OPERATOR),
    Row(url="hotline:answer", may=OPERATOR, kwargs=_call, method="post"),
    Row(url="hotline:new", may=OPERATOR, method="post"),
    Row(url="hotline:draft", may=OPERATOR, kwargs=_draft),
    Row(url="hotline:draft", may=OPERATOR, kwargs=_draft, method="post"),
    Row(url="hotline:save", may=OPERATOR, kwargs=_draft, method="post"),
    Row(url="hotline:hints", may=OPERATOR, method="post"),
    Row(url="hotline:places", may=OPERATOR, method="post"),
    Row(url="hotline:caller", may=OPERATOR | VISITOR),
    Row(url="hotline:caller", may=OPERATOR | VISITOR, method="post"),
    Row(url="hotline:discard", may=OPERATOR, kwargs=_draft, method="post"),
    Row(url="hotline:orders", may=SEES),
    Row(url="hotline:todo", may=UNIT),
    Row(url="hotline:visits", may=VISITOR),
    Row(url="hotline:tiers", may=ADMIN),
    Row(url="hotline:tier", may=ADMIN, kwargs=_tier, foreign=IN),
    Row(url="hotline:tier", may=ADMIN, kwargs=_tier, foreign=IN, method="post"),
    _of_order("hotline:order"),
    _of_order("hotline:step", UNIT, kwargs=_step("accept")),
    _of_order("hotline:step", UNIT, kwargs=_step("accept"), method="post"),
    # Where nothing was sent there is nothing to refuse.
    _of_order("hotline:photos", method="post"),
    _of_order("hotline:photo", frozenset(), kwargs=_photo, exceptions={}),
    Row(url="api_hotline_orders", may=SEES, partner=IN),
    Row(url="api_hotline_orders", may=OPERATOR, method="post", partner=IN),
    _of_order("api_hotline_order", partner=IN),
    _of_order("api_hotline_order_steps", partner=IN),
    _of_order("api_hotline_order_timeline", partner=IN),
    _of_order("api_hotline_order_photos", partner=IN),
    _of_order("api_hotline_order_photos", UNIT, method="post", data=_picture, partner=IN),
    _of_order("api_hotline_order_photo", frozenset(), kwargs=_photo, exceptions={}, partner=HIDDEN),
    *[
        _of_order(f"api_hotline_order_step_{code}", may, method="post", partner=IN)
        for code, may in HANDS.items()
    ],
    Row(url="api_hotline_tiers", may=SEES | ADMIN, partner=IN),
    Row(
        url="api_hotline_tier",
        may=SEES | ADMIN,
        kwargs=_tier,
        foreign=IN,
        partner=IN,
        partner_foreign=IN,
    ),
    Row(url="api_hotline_tier", may=ADMIN, kwargs=_tier, foreign=IN, method="post"),
    Row(url="api_hotline_callers", may=OPERATOR | VISITOR, method="post", partner=IN),
    Row(url="api_hotline_ringing", may=OPERATOR, method="post", partner=IN),
    Row(url="api_hotline_call_ended", may=OPERATOR, method="post", partner=IN),
]
