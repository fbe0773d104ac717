"""Approved, blown, another unit summoned, cancelled."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from whistles import deadlines
from whistles.call import Call, Deed
from whistles.drafting import demand_post
from whistles.lifecycle import STEPS
from whistles.models import Summons
from whistles.taking import effect, guard


@effect("approve")
def approve(deed: Deed) -> None:
    """The commander stands behind it."""
    deed.whistle.approved_by_id, deed.whistle.approved_at = deed.by.user_id, deed.now


@effect("blow")
def blow(deed: Deed) -> None:
    """It is heard: the table starts every unit's clocks."""
    whistle = deed.whistle
    deed.post = demand_post(deed.by, whistle.type, whistle.area_code)
    whistle.blown_by_id, whistle.blown_at = deed.by.user_id, deed.now
    deed.data.update(
        units=[one.unit_id for one in deed.standing],
        whistle_type=whistle.type_id,
        emergency=whistle.type.is_emergency,
    )


@effect("call_in")
def call_in(deed: Deed) -> None:
    """More units are summoned; their clocks begin now."""
    made = [Summons.objects.create(whistle=deed.whistle, unit=unit) for unit in deed.facts["units"]]
    del deed.summonses
    deadlines.move(deed.whistle, made, STEPS["blow"].moves, deed.now)
    deed.data.update(units=[one.unit_id for one in made])


@guard("call_in", "plan")
def it_is_done(call: Call) -> Promise | None:
    """Nobody is summoned to what the street has confirmed."""
    if call.whistle.confirmed_at is not None:
        return _("The street has confirmed that it is done.")
    return None


@effect("cancel")
def cancel(deed: Deed) -> None:
    """Nobody need come any more; the table drops the clocks."""
    deed.data["units"] = [one.unit_id for one in deed.standing] if deed.whistle.blown_at else []
