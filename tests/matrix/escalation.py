"""Who reaches what of escalation."""

from typing import Any

from django.utils import timezone

from accounts.roles import May
from clocks.models import Clock
from escalation.models import EscalationRule, Ladder
from incidents.choices import Stage
from tests.factories import HOME
from tests.matrix import incidents
from tests.matrix.incidents import SEES
from tests.matrix.row import FORBIDDEN, HIDDEN, IN, Row, roles_with
from tests.matrix.world import World

MANAGERS = roles_with(May.MANAGE_LADDERS)


def build(world: World) -> None:
    """A rule of the home district, and a ladder there whose rung could not be done."""
    incidents.build(world)
    rungs = [{"when": "due", "value": 0, "deed": "urge", "days": 0}]
    world.records["ladder_rule"] = EscalationRule.objects.create(
        name="河西区", area_code=HOME, stage=Stage.HANDLE, rungs=rungs
    )
    case = world.records["case"]
    world.records["ladder"] = Ladder.objects.create(
        clock=Clock.objects.filter(subject_kind="incident", subject_id=case.pk).latest("pk"),
        incident=case,
        area_code=case.area_code,
        failures=1,
        failed_at=timezone.now(),
        last_error="Refused: …",
    )


def _rule(world: World) -> dict[str, Any]:
    return {"pk": world.records["ladder_rule"].pk}


def _ladder(world: World) -> dict[str, Any]:
    return {"pk": world.records["ladder"].pk}


def _row(url: str, *, method: str = "get", **more: Any) -> Row:
    return Row(url=url, may=MANAGERS, method=method, **more)


ROWS = [
    _row("escalation:rules"),
    _row("escalation:rule_new"),
    _row("escalation:rule_new", method="post"),
    _row("escalation:rule", kwargs=_rule),
    _row("escalation:rule", kwargs=_rule, method="post"),
    _row("escalation:how"),
    _row("escalation:failures"),
    _row("escalation:try_again", kwargs=_ladder, method="post"),
    _row("api_escalation_rules", partner=FORBIDDEN),
    _row("api_escalation_rules", method="post", partner=FORBIDDEN),
    _row("api_escalation_rule", kwargs=_rule, partner=FORBIDDEN),
    _row("api_escalation_rule_change", kwargs=_rule, method="post", partner=FORBIDDEN),
    _row("api_escalation_preview", partner=FORBIDDEN),
    _row("api_escalation_failures", partner=FORBIDDEN),
    _row("api_escalation_try", kwargs=_ladder, method="post", partner=FORBIDDEN),
    Row(
        url="api_incident_ladder",
        may=SEES,
        kwargs=lambda world: {"number": world.records["case"].number},
        others=HIDDEN,
        partner=IN,
    ),
]
