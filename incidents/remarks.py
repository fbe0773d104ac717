"""What can be said or set at any time: a comment, an urging, a link to the main case, confidence."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.refusal import Refused
from incidents.case import Case, Deed
from incidents.models import Incident
from incidents.taking import effect, guard


@effect("urge")
def urge(deed: Deed) -> None:
    """Count it; who must act is told from the journal."""
    deed.incident.urged_count += 1
    deed.data["urged"] = deed.incident.urged_count


@effect("confide")
def confide(deed: Deed) -> None:
    """Keep the case from everybody in the area who may not know who reported it, or open it again."""
    deed.incident.confidential = deed.facts["confidential"]
    deed.data["confidential"] = deed.incident.confidential


@guard("link")
def is_main_case(case: Case) -> Promise | None:
    """A case that others point to is a main case itself; chains of duplicates lead nowhere."""
    if case.incident.duplicates.exists():
        return _("Other cases are linked to this one as their main case.")
    return None


@effect("link")
def link(deed: Deed) -> None:
    """Point to the main case; both keep their own lives."""
    set_main_case(deed, deed.facts["main_case"])


def set_main_case(deed: Deed, main: Incident) -> None:
    """Point to `main`, or to the case that it points to itself."""
    main = main.main_case or main
    if main.pk == deed.incident.pk:
        raise Refused(
            "links_to_itself", _("That case is itself linked to this one."), 422, field="main_case"
        )
    deed.incident.main_case = main
    deed.data["main_case"] = main.number
