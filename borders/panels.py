"""What this room shows on the page of a case: the matters it shows in, and the enclave it lies in."""

from datetime import datetime

from accounts.actor import Actor
from accounts.roles import May
from borders.choices import MatterState
from borders.claims import enclave_at
from borders.querysets import SEES, enclaves_visible_to, matters_visible_to
from incidents.choices import OPEN, State
from incidents.limits import RETURNS_BEFORE_DESIGNATION
from incidents.models import Incident
from incidents.panels import Drawn


def matter_panel(case: Incident, actor: Actor, now: datetime) -> Drawn | None:
    """Matters without a lead that this case shows in; that it was designated; for whoever may, the button that raises
    one, where units have returned the case."""
    if not any(actor.posts_with(may) for may in SEES):
        return None
    returned = case.return_count > 0 and State(case.state) in OPEN
    raises = returned and bool(actor.posts_with(May.RAISE_UNOWNED))
    about = list(matters_visible_to(actor).filter(cases=case).select_related("lead").distinct())
    if not about and not raises and not _designated(case):
        return None
    facts = {
        "case": case,
        "matters": about,
        "may_raise": raises and all(one.state == MatterState.WITHDRAWN for one in about),
        "designated": _designated(case),
        "must_designate": returned and case.return_count >= RETURNS_BEFORE_DESIGNATION,
        "limit": RETURNS_BEFORE_DESIGNATION,
    }
    return Drawn("borders/_matter_panel.html", facts)


def _designated(case: Incident) -> str:
    """The unit that was designated and cannot return the case; empty where none was."""
    if case.return_count < RETURNS_BEFORE_DESIGNATION or case.unit is None:
        return ""
    lead = case.assignments.filter(round=case.dispatch_round, lead=True).last()
    return case.unit.shown_name if lead and lead.chosen_by.get("designated") else ""


def enclave_panel(case: Incident, actor: Actor, now: datetime) -> Drawn | None:
    """The enclave that the case lies in, once it is handed over; and old problems that it is linked to."""
    inside = enclave_at(case.lon, case.lat)
    seen = enclaves_visible_to(actor)
    linked = list(seen.filter(problems__cases=case).distinct()) if inside or _may_see(actor) else []
    if inside is None and not linked:
        return None
    shown = inside is not None and seen.filter(pk=inside.pk).exists()
    return Drawn(
        "borders/_enclave_panel.html",
        {"inside": inside, "may_open": shown, "linked": [e for e in linked if e != inside]},
    )


def _may_see(actor: Actor) -> bool:
    return any(actor.posts_with(may) for may in SEES)
