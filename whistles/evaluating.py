"""The street's second right: it confirms, sends back, grades every unit, and closes. Source: domain E1, section 2.6."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from whistles.call import Call, Deed
from whistles.choices import Objection
from whistles.taking import effect, guard


@guard("confirm")
def confirmed_before(call: Call) -> Promise | None:
    """Once, unless it was sent back since."""
    if call.whistle.confirmed_at is not None:
        return _("The street has confirmed that it is done.")
    return None


@guard("confirm")
def units_on_the_way(call: Call) -> Promise | str | None:
    """While a unit may still come in time, nothing is confirmed over its head."""
    waiting = [one for one in call.standing if one.arrived_at is None and not one.is_absent]
    if waiting:
        names = ", ".join(one.unit.shown_name for one in waiting)
        return _("Still on the way, and with time to come: %(units)s.") % {"units": names}
    return None


@guard("confirm")
def objection_waits(call: Call) -> Promise | None:
    """Whoever objected is answered first."""
    if any(one.objection == Objection.OPEN for one in call.standing):
        return _("An objection waits for an answer.")
    return None


@effect("confirm")
def confirm(deed: Deed) -> None:
    """It is done; the lead unit may leave."""
    deed.whistle.confirmed_at = deed.now


@effect("send_back")
def send_back(deed: Deed) -> None:
    """What was delivered will not do; who had left must come again."""
    part = deed.part
    assert part is not None, "the table says that the step is about a unit"
    part.delivered_at = part.left_at = None
    deed.whistle.confirmed_at = None


@guard("evaluate")
def not_confirmed(call: Call) -> Promise | None:
    """First that it is done, then how."""
    if call.whistle.confirmed_at is None:
        return _("Confirm first that it is done.")
    return None


@effect("evaluate")
def evaluate(deed: Deed) -> None:
    """A grade and a text for each unit that stands; from now on each sees its own."""
    for part in deed.standing:
        part.grade = deed.facts[f"grade_{part.unit.code}"]
        part.grade_text = deed.facts[f"text_{part.unit.code}"]
        part.save(update_fields=["grade", "grade_text"])
    deed.whistle.evaluated_at = deed.now
    deed.data["units"] = [part.unit_id for part in deed.standing]


@guard("close")
def unit_without_grade(call: Call) -> Promise | None:
    """Every unit is judged."""
    if any(not part.grade for part in call.standing):
        return _("A unit has not been graded yet.")
    return None


@effect("close")
def close(deed: Deed) -> None:
    """The end; the table writes it down."""
    deed.data["units"] = [part.unit_id for part in deed.standing]
