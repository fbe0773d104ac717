"""In the units' hands: signing, contacting, checking in, handling, delivering, leaving; and objecting."""

from math import asin, cos, radians, sin, sqrt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from whistles.call import Call, Deed
from whistles.choices import Objection
from whistles.deadlines import clock_ids
from whistles.models import Summons, Whistle
from whistles.taking import effect, guard

EARTH_RADIUS_M = 6_371_000


def _part(call: Call) -> Summons:
    assert call.part is not None, "the table says that the step is about a unit"
    return call.part


def _has_signed(deed: Deed) -> Summons:
    """Whoever contacts the street, or is there, has signed."""
    part = _part(deed)
    if part.signed_at is None:
        part.signed_at, part.signed_by_id = deed.now, deed.by.user_id
    return part


@effect("sign")
def sign(deed: Deed) -> None:
    """The unit has it."""
    _has_signed(deed)


@effect("contact")
def contact(deed: Deed) -> None:
    """The unit has spoken with the street."""
    part = _has_signed(deed)
    part.contacted_at, part.contacted_by_id = deed.now, deed.by.user_id


@effect("check_in")
def check_in(deed: Deed) -> None:
    """Person, time and position. Where it stands exactly is kept with the summons and not in the journal."""
    part = _has_signed(deed)
    part.arrived_at, part.arrived_by_id = deed.now, deed.by.user_id
    part.arrived_lon, part.arrived_lat = deed.facts["lon"], deed.facts["lat"]
    part.arrived_accuracy_m = deed.facts["accuracy_m"]
    deed.data["placed"] = part.arrived_lon is not None


def metres_from_spot(whistle: Whistle, part: Summons) -> float | None:
    """How far (metres) from the whistle's point a unit checked in; None where either is not known."""
    here = (whistle.lon, whistle.lat, part.arrived_lon, part.arrived_lat)
    if None in here:
        return None
    lon1, lat1, lon2, lat2 = (radians(degree) for degree in here if degree is not None)
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(half))


@guard("deliver")
def other_units_still_act(call: Call) -> Promise | None:
    """The lead delivers for all, and so delivers last."""
    others = [
        one for one in call.standing if not one.lead and one.arrived_at and not one.delivered_at
    ]
    if _part(call).lead and others:
        return _("The lead unit delivers last; other units on the spot have not delivered yet.")
    return None


@effect("deliver")
def deliver(deed: Deed) -> None:
    """What the unit did."""
    part = _part(deed)
    part.delivered_at, part.delivered_by_id = deed.now, deed.by.user_id
    part.delivery = deed.facts["result"]


@guard("leave")
def left_already(call: Call) -> Promise | None:
    """Once."""
    return _("Your unit has left the spot already.") if _part(call).left_at else None


@guard("leave")
def work_is_not_done(call: Call) -> Promise | None:
    """事不完、人不撤: the lead unit stays until the street has confirmed."""
    if _part(call).lead and call.whistle.stay and call.whistle.confirmed_at is None:
        return _("The lead unit may not leave before the street has confirmed that it is done.")
    return None


@effect("leave")
def leave(deed: Deed) -> None:
    """The unit is no longer on the spot."""
    _part(deed).left_at = deed.now


@effect("tick")
def tick(deed: Deed) -> None:
    """A milestone is reached."""
    chosen = next(one for one in deed.milestones if one.pk == deed.facts["milestone"])
    chosen.done_at = deed.now
    chosen.save(update_fields=["done_at"])
    deed.data.update(milestone=chosen.pk, **({"unit": chosen.unit_id} if chosen.unit_id else {}))


@guard("tick")
def no_milestone_waits(call: Call) -> Promise | None:
    """There must be one, and for a unit one of its own."""
    waiting = [one for one in call.milestones if one.done_at is None]
    if not call.from_the_street:
        own = {one.unit_id for one in call.own}
        waiting = [one for one in waiting if one.unit_id in own]
    return None if waiting else _("No milestone waits to be ticked off by you.")


# --- objecting ---------------------------------------------------------------------------------------


@guard("object")
def objected_before(call: Call) -> Promise | None:
    """Once."""
    if _part(call).objection:
        return _("Your unit has objected already; a unit may object once.")
    return None


@effect("object")
def object_to(deed: Deed) -> None:
    """The unit holds that this is not its matter. It must come all the same until the street has answered."""
    part = _part(deed)
    part.objection, part.objected_at = Objection.OPEN, deed.now
    part.objection_reason = deed.facts["reason"]


@guard("uphold", "release")
def no_objection_waits(call: Call) -> Promise | None:
    """Only a unit that objects is released: summoning is the street's word."""
    if _part(call).objection != Objection.OPEN:
        return _("No objection of this unit waits for an answer.")
    return None


@guard("release")
def last_unit_stands(call: Call) -> Promise | None:
    """A whistle that summons nobody is cancelled instead."""
    if len(call.standing) == 1:
        return _(
            "It is the only unit that is summoned. Summon another one first, or cancel the whistle."
        )
    return None


@effect("uphold")
def uphold(deed: Deed) -> None:
    """The unit must come."""
    _answer(deed, Objection.UPHELD)


@effect("release")
def release(deed: Deed) -> None:
    """The unit counts as not summoned; the lead passes to the next one that stands."""
    _answer(deed, Objection.RELEASED)
    part = _part(deed)
    deed.data["clocks"] = clock_ids(part)  # what it missed does not count against it any more
    if part.lead:
        part.lead = False
        part.save(update_fields=["lead"])
        heir = next(one for one in deed.standing if one is not part)
        heir.lead = True
        heir.save(update_fields=["lead"])
        deed.data["lead_unit"] = heir.unit_id


def _answer(deed: Deed, answer: Objection) -> None:
    part = _part(deed)
    part.objection, part.objection_answer = answer, deed.facts["reason"]
