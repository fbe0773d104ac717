"""What this room shows on the page of a case: the whistles about it, and the button that blows one."""

from datetime import datetime

from accounts.actor import Actor
from accounts.roles import May
from incidents.choices import OPEN, State
from incidents.models import Incident
from incidents.panels import Drawn
from whistles.querysets import visible_to


def whistle_panel(case: Incident, actor: Actor, now: datetime) -> Drawn | None:
    """The whistles that hang on this case and that the actor may see; for whoever may blow, the button."""
    may_blow = (
        State(case.state) in OPEN and actor.may(May.BLOW, area_code=case.area_code) is not None
    )
    if not may_blow and not actor.posts_with(May.COME) and not actor.posts_with(May.SUPERVISE):
        return None
    about = list(visible_to(actor).filter(cases=case).select_related("type"))
    if not about and not may_blow:
        return None
    return Drawn("whistles/_panel.html", {"case": case, "whistles": about, "may_blow": may_blow})
