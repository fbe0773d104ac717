"""From report to file: placed, classified, checked on the spot where nobody on duty saw it, filed or refused."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.refusal import Refused
from incidents.case import Case, Deed
from incidents.choices import Informed, NotAccepted, PhotoKind, Placed
from incidents.limits import limit_at_filing, urgency_for
from incidents.models import CatalogueItem, Incident, ItemLimit
from incidents.placing import Position, place_at, place_in_grid
from incidents.remarks import set_main_case
from incidents.taking import effect, guard

# --- where --------------------------------------------------------------------------------------


@effect("place")
def place(deed: Deed) -> None:
    """Put the case where it happened: at a point, in the grid it lies in or that a person names."""
    facts, incident = deed.facts, deed.incident
    deed.data["was"] = {"grid": incident.grid_code, "area": incident.area_code}
    if facts["lon"] is not None:
        position = Position(facts["lon"], facts["lat"], facts["crs"] or "wgs84", how=Placed.MAP)
        sentence = place_at(incident, position)
        if sentence and not facts["grid_code"]:
            raise Refused("in_no_grid", sentence, 422, field="lon")
    if facts["grid_code"]:
        place_in_grid(incident, facts["grid_code"])
    incident.address = facts["address"] or incident.address
    deed.data.update(grid=incident.grid_code, placed=str(incident.placed))


# --- what -----------------------------------------------------------------------------------------


@effect("classify")
def classify(deed: Deed) -> None:
    """Another item, limit or urgency; the handling limit is fixed again where the case is filed already."""
    deed.data["was"] = _classified(deed.incident)
    set_item(deed)
    settled = _classified(deed.incident)
    deed.data.update(settled)
    if settled == deed.data["was"]:
        raise Refused(
            "nothing_changed", _("Nothing was changed: choose another item, limit or urgency.")
        )


def set_item(deed: Deed, *, filing: bool = False) -> None:
    """Take over item, limit and urgency from the facts, and what follows from them."""
    incident, facts = deed.incident, deed.facts
    item: CatalogueItem | None = facts["item"] or incident.item
    urgency: str = facts["urgency"] or incident.urgency
    if item is not None and item != incident.item and not facts["urgency"]:
        urgency = urgency_for(item.risk or "", urgency)
    if item is not None:
        _fix(incident, item, urgency, facts["limit"], filing=filing)
    incident.urgency = urgency


def _fix(
    incident: Incident, item: CatalogueItem, urgency: str, chosen: ItemLimit | None, *, filing: bool
) -> None:
    """How long handling may take is fixed at filing, by the edition of the catalogue that the item belongs to."""
    if filing or incident.filed_at is not None:
        limit = limit_at_filing(incident, item, urgency, chosen.pk if chosen else None)
        incident.limit = limit
        incident.allowance_value, incident.allowance_kind = limit.value, limit.kind
    elif chosen is not None or incident.item_id != item.pk:
        incident.limit = chosen
    incident.item = item
    incident.risk = item.risk or ""


def _classified(incident: Incident) -> dict[str, Any]:
    return {
        "item": incident.item.code if incident.item else "",
        "edition": incident.item.version_id if incident.item else None,
        "limit": incident.limit_id,
        "allowance": [str(incident.allowance_value or ""), incident.allowance_kind],
        "urgency": str(incident.urgency),
        "risk": str(incident.risk),
    }


# --- is it true? ------------------------------------------------------------------------------------


@effect("answer_precheck")
def answer_precheck(deed: Deed) -> None:
    """What the person on the spot found."""
    deed.incident.precheck_true = deed.facts["found"]
    deed.data["found"] = deed.incident.precheck_true


def _wants_picture(case: Case) -> bool:
    demanded = case.demands(PhotoKind.SCENE) or case.demands(PhotoKind.BEFORE)
    return demanded and not case.has_any_photo


@guard("answer_precheck")
def photo_of_the_spot_missing(case: Case) -> Promise | None:
    """Danger, and items whose standard says so, want a picture of the spot before anything is done."""
    if _wants_picture(case):
        return _("Add a photo of the spot first: this matter demands one.")
    return None


# --- filed or refused ------------------------------------------------------------------------------


@guard("file")
def not_placed(case: Case) -> Promise | None:
    """A case is filed in a grid: somebody must be able to go there."""
    if not case.incident.grid_code:
        return _("Place the case first: it lies in no grid yet.")
    return None


@guard("file")
def not_prechecked(case: Case) -> Promise | None:
    """What nobody on duty saw is looked at first; what was not found there is not filed."""
    if case.incident.precheck_true is False:
        return _("The check found nothing there. Do not accept the case, or send to check again.")
    if case.needs_precheck and case.incident.precheck_true is None:
        return _("Send somebody to check first: nobody on duty has seen it.")
    return None


@guard("file")
def photo_missing(case: Case) -> Promise | None:
    """As `photo_of_the_spot_missing`, at filing at the latest."""
    if _wants_picture(case):
        return _(
            "This matter demands a photo before it is filed. Add one, or send somebody to check."
        )
    return None


@effect("file")
def file(deed: Deed) -> None:
    """Fix item and limit by the edition in force, and keep which standard was ticked."""
    set_item(deed, filing=True)
    assert deed.item is not None, "the form demands an item"
    if sentence := photo_missing(deed):  # the item may have been chosen only now
        raise Refused("photo_missing", sentence, 409)
    deed.incident.filed_at = deed.now
    deed.data.update(
        **_classified(deed.incident),
        standard=deed.item.filing_standards,
        grid=deed.incident.grid_code,
    )


@effect("refuse")
def refuse(deed: Deed) -> None:
    """Not accepted, on one of four grounds; the reporter was told."""
    facts, incident = deed.facts, deed.incident
    ground = NotAccepted(facts["ground"])
    if ground is NotAccepted.FALSE and incident.precheck_true is not False and deed.needs_precheck:
        raise Refused(
            "not_prechecked",
            _("Whether it is true is seen on the spot: send somebody to check first."),
            409,
        )
    if ground is NotAccepted.DUPLICATE:
        set_main_case(deed, facts["main_case"])
    incident.not_accepted = ground
    incident.informed = facts["informed"] or Informed.SELF
    incident.informed_at = deed.now
    deed.data.update(ground=ground.value, told=str(incident.informed))
