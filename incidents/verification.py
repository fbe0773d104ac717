"""Somebody looks at the spot: before filing where nobody on duty saw it, and before closing."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.refusal import Refused
from incidents.again import hand_back
from incidents.case import Case, Deed
from incidents.checkers import is_fit, nearest_checker
from incidents.choices import PhotoKind, State
from incidents.taking import effect, guard

# --- sending ------------------------------------------------------------------------------------


@guard("precheck")
def no_grid_to_check(case: Case) -> Promise | None:
    """Nobody can be sent to nowhere."""
    if not case.incident.grid_code:
        return _("Place the case first: it lies in no grid yet.")
    return None


@effect("precheck")
def send_to_precheck(deed: Deed) -> None:
    """Somebody goes and looks whether it is as reported."""
    _send(deed)
    deed.incident.precheck_true = None


@effect("send_check")
def send_to_verify(deed: Deed) -> None:
    """Somebody goes and looks whether it is solved."""
    _send(deed)
    deed.incident.check_passed = None


@guard("change_checker")
def looked_already(case: Case) -> Promise | None:
    """Who was there cannot be exchanged afterwards."""
    if case.state is State.VERIFYING and case.incident.check_passed is not None:
        return _("The spot has been looked at already.")
    return None


@effect("change_checker")
def send_somebody_else(deed: Deed) -> None:
    """The person sent cannot go."""
    deed.data["instead_of"] = deed.incident.checker_id
    _send(deed, instead_of=deed.incident.checker_id)


def _send(deed: Deed, instead_of: int | None = None) -> None:
    named: User | None = deed.facts["checker"]
    if named is not None and not is_fit(named, deed):
        raise Refused(
            "unfit_checker",
            _(
                "%(name)s cannot look at this case: not on duty in its area, or of a unit that handled it."
            )
            % {"name": named.name},
            422,
            field="checker",
        )
    checker = named or nearest_checker(deed, but_not=instead_of)
    if checker is None:
        raise Refused(
            "nobody_to_check",
            _(
                "No grid worker serves this grid or its surroundings. Staff the grid, then send again."
            ),
            409,
        )
    deed.incident.checker = checker
    deed.data.update(checker=checker.pk, named=named is not None)


# --- the answer from the spot ------------------------------------------------------------------


@guard("pass_check", "rework")
def checked_already(case: Case) -> Promise | None:
    """One look, one answer."""
    if case.incident.check_passed is not None:
        return _("The spot has been looked at already.")
    return None


@guard("pass_check")
def check_photo_missing(case: Case) -> Promise | None:
    """That it is solved can be seen."""
    if not case.has_photo(PhotoKind.CHECK):
        return _("Add a photo of the spot as it is now.")
    return None


@effect("pass_check")
def pass_check(deed: Deed) -> None:
    """Solved on the spot; the dispatcher tells the reporter and closes."""
    deed.incident.check_passed = True
    deed.data["checker"] = deed.incident.checker_id


@effect("rework")
def rework(deed: Deed) -> None:
    """Not solved on the spot: the unit has it again, with the deadline that it had."""
    deed.data["checker"] = deed.incident.checker_id
    deed.incident.rework_count += 1
    deed.data["reworks"] = deed.incident.rework_count
    hand_back(deed)


@effect("send_back")
def send_back(deed: Deed) -> None:
    """The answer itself will not do: as rework, without a way to the spot."""
    rework(deed)
