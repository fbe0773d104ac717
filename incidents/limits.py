"""How long each stage of a case may take, and where that is written. Source: domain section 7, defaults."""

from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clocks import limits
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind
from incidents.catalogue import handling_limit
from incidents.choices import Risk, Stage, Urgency
from incidents.models import CatalogueItem, Incident, ItemLimit


def _work_hours(value: str) -> Allowance:
    return Allowance(Decimal(value), AllowanceKind.WORK_HOUR)


# What an administrator may change. Handling has none here: its limit is the item's, fixed at filing.
_DEFAULTS: dict[Stage, Allowance] = {
    Stage.PRECHECK: _work_hours("1"),
    Stage.FILING: _work_hours("0.5"),
    Stage.DISPATCH: _work_hours("0.5"),
    Stage.RECEIVE: _work_hours("2"),
    Stage.VERIFY: Allowance(Decimal(1), AllowanceKind.WORK_DAY),
    Stage.FEEDBACK: Allowance(Decimal(2), AllowanceKind.LEGAL_WORKDAY),
    Stage.ASK: Allowance(Decimal(1), AllowanceKind.WORK_DAY),
    Stage.ASK_ABOVE: Allowance(Decimal(1), AllowanceKind.WORK_DAY),
}
_RETURN = "incident.return"
EVALUATE_AFTER_DAYS = 7
MOST_EXTENSIONS = 2
LONGEST_SUSPENSION_DAYS = 365
RETURNS_BEFORE_DESIGNATION = 3


def _register() -> None:
    case = gettext_lazy("Case")
    for stage, default in _DEFAULTS.items():
        limits.register(f"incident.{stage}", format_lazy("{} · {}", case, stage.label), default)
    wrong = gettext_lazy("Returning a wrong dispatch")
    limits.register(_RETURN, format_lazy("{} · {}", case, wrong), _work_hours("1"))


_register()


def stage_limit(stage: Stage) -> Allowance:
    """The limit of a stage that is the same for every case."""
    return limits.limit(f"incident.{stage}")


def return_within() -> Allowance:
    """A wrong dispatch is said soon, or it counts as accepted (domain section 2.4)."""
    return limits.limit(_RETURN)


def limit_of(stage: Stage, incident: Incident) -> tuple[Allowance, str]:
    """The allowance of a stage for this case, and the rule it comes from (as a clock stores it)."""
    if stage is not Stage.HANDLE:
        return stage_limit(stage), f"stage:{stage}"
    return handling_allowance(incident), f"item:{incident.item_id}:{incident.limit_id}"


def handling_allowance(incident: Incident) -> Allowance:
    """The handling limit as it was fixed at filing."""
    assert incident.allowance_value is not None, "a case is filed with a limit"
    return Allowance(incident.allowance_value, AllowanceKind(incident.allowance_kind))


def urgency_for(risk: str, said: str) -> str:
    """A red risk runs on the urgent limit from the start (domain section 6); a clerk may lower it."""
    return Urgency.URGENT if risk == Risk.RED else said


def limit_at_filing(
    incident: Incident, item: CatalogueItem, urgency: str, chosen_id: int | None
) -> ItemLimit:
    """The limit to fix: the one chosen now, else the one chosen before for this item, else the standard's first.

    Raises as `catalogue.handling_limit` does.
    """
    before = incident.limit
    if chosen_id is None and before is not None:
        still_fits = before.item_id == item.pk and urgency == incident.urgency
        chosen_id = before.pk if still_fits else None
    return handling_limit(item, urgency, chosen_id)


def rule_said(rule: str) -> str:
    """Where a clock's limit comes from, in the reader's language."""
    match rule.split(":", maxsplit=1)[0]:
        case "stage":
            return _("General limit of this stage")
        case "item":
            return _("Limit of the item in the catalogue, as fixed at filing")
        case "extension":
            return _("Extension, granted by the dispatcher")
    return rule
