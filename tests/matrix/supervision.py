"""Who reaches what of supervision: the desk, orders, cards and the rules that draw them."""

import io
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.actor import SYSTEM
from accounts.roles import Role
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind
from grids.locate import look_again
from incidents.choices import Source
from incidents.photos import examine
from incidents.report import Position, report
from incidents.taking import take
from supervision.models import Card, CardRule
from supervision.orders import open_orders
from supervision.steps import ORDER_STEPS
from tests.factories import HOME, actor
from tests.grids.factories import district
from tests.incidents.catalogue.factories import edition
from tests.incidents.photo_samples import encoded
from tests.incidents.town import ticked
from tests.matrix.row import FORBIDDEN, HIDDEN, IN, Row
from tests.matrix.world import World

WATCH = frozenset({Role.SUPERVISOR, Role.COMMANDER})
DESK = frozenset({Role.CLERK, Role.DISPATCHER})
UNIT = frozenset({Role.DEPARTMENT, Role.CONTRACTOR, Role.UNIT_LEADER})
CONCERNED = WATCH | DESK | UNIT
ADMIN = frozenset({Role.SYSTEM_ADMIN})
# Whose unit it is answers, and at home everybody's organisation is that unit; who watches judges.
HANDS = {code: UNIT | DESK if code == "answer" else WATCH for code in ORDER_STEPS}


def build(world: World) -> None:
    """A case of the home district in the hands of their unit, an order on it, and a card."""
    district()
    look_again()
    edition()
    now = timezone.now()
    case = report(
        by=SYSTEM, now=now, source=Source.GRID, text="路边有暴露垃圾", item_code="010101",
        position=Position(117.205, 39.005), photos=(examine(io.BytesIO(encoded()), "a.jpg"),),
    ).incident  # fmt: skip
    unit = world.organisations[HOME]
    take(
        "file", number=case.number, by=actor(Role.CLERK), now=now, facts={"standards": ticked(case)}
    )
    facts = {"lead": unit.code, "reason": "所属单位"}
    take("dispatch", number=case.number, by=actor(Role.DISPATCHER), now=now, facts=facts)
    (world.records["order"],) = open_orders(
        numbers=[case.number], question="进展", by=SYSTEM, now=now,
        answer_by=Allowance(Decimal(1), AllowanceKind.HOUR_CONT),
    )  # fmt: skip
    rule = CardRule.objects.first() or CardRule.objects.create(
        colour="yellow", counted="overdue", threshold=3, within_days=30
    )
    world.records["rule"] = rule
    world.records["card"] = Card.objects.create(unit=unit, rule=rule, colour="yellow", drawn_at=now)
    world.records["case"] = case


def _of(name: str) -> Any:
    return lambda world: {"pk": world.records[name].pk}


def _numbers(world: World) -> dict[str, Any]:
    return {"number": world.records["case"].number}


def _orders(world: World) -> dict[str, Any]:
    numbers = [world.records["case"].number]
    return {"numbers": numbers, "question": "进展", "value": "1", "kind": "hour_cont"}


def _urge(world: World) -> dict[str, Any]:
    return {"numbers": [world.records["case"].number]}


ROWS = [
    Row(url="supervision:desk", may=WATCH),
    Row(url="supervision:urge", may=WATCH, method="post", data=_numbers),
    Row(url="supervision:new_order", may=WATCH),
    Row(url="supervision:new_order", may=WATCH, method="post", data=_numbers),
    Row(url="supervision:orders", may=CONCERNED),
    Row(url="supervision:order", may=CONCERNED, kwargs=_of("order")),
    Row(
        url="supervision:step", may=UNIT | DESK, method="post",
        kwargs=lambda world: {"pk": world.records["order"].pk, "code": "answer"},
        data=lambda world: {"text": "答"},
    ),
    Row(url="supervision:cards", may=CONCERNED),
    Row(url="supervision:card", may=CONCERNED, kwargs=_of("card")),
    Row(
        url="supervision:card", may=WATCH, method="post", kwargs=_of("card"),
        data=lambda world: {"reason": "误判"},
    ),
    Row(url="supervision:card_rules", may=ADMIN),
    Row(url="supervision:new_card_rule", may=ADMIN),
    Row(url="supervision:new_card_rule", may=ADMIN, method="post"),
    Row(url="supervision:card_rule", may=ADMIN, kwargs=_of("rule"), foreign=IN),
    Row(url="supervision:card_rule", may=ADMIN, method="post", kwargs=_of("rule"), foreign=IN),
    Row(url="api_supervision_cases", may=WATCH, partner=IN),
    Row(url="api_supervision_spread", may=WATCH, partner=IN),
    Row(url="api_supervision_urge", may=WATCH, method="post", data=_urge, partner=IN),
    Row(url="api_supervision_orders", may=CONCERNED, partner=IN),
    Row(url="api_supervision_orders", may=WATCH, method="post", data=_orders, foreign=HIDDEN, partner=IN,
        partner_foreign=HIDDEN),
    Row(url="api_supervision_order", may=CONCERNED, kwargs=_of("order"), partner=IN),
    *[
        Row(url=f"api_order_{code}", may=may, method="post", kwargs=_of("order"), partner=IN)
        for code, may in HANDS.items()
    ],
    Row(url="api_supervision_cards", may=CONCERNED, partner=IN),
    Row(url="api_supervision_card", may=CONCERNED, kwargs=_of("card"), partner=IN),
    Row(url="api_card_lift", may=WATCH, method="post", kwargs=_of("card"), partner=IN),
    Row(url="api_card_rules", may=ADMIN, partner=FORBIDDEN),
    Row(url="api_card_rules", may=ADMIN, method="post", partner=FORBIDDEN),
    Row(url="api_card_rule", may=ADMIN, kwargs=_of("rule"), foreign=IN, partner=FORBIDDEN),
    Row(url="api_card_rule", may=ADMIN, method="put", kwargs=_of("rule"), foreign=IN, partner=FORBIDDEN),
]  # fmt: skip
