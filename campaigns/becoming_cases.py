"""A problem that was found becomes a case, with one press, through the one door of reports."""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.roles import May
from campaigns.door import TARGETS, TargetMeeting
from campaigns.models import Target, Visit
from incidents.choices import Placed, Source
from incidents.report import Position, report

GRID_DIGITS = 15


@TARGETS.guard("make_case")
def is_a_case_already(m: TargetMeeting) -> str | None:
    """The visit remembers its case: pressed twice, it is still one."""
    visit = m.last_visit
    if visit is None or visit.incident is None:
        return None
    return _("This problem is case %(number)s already.") % {"number": visit.incident.number}


@TARGETS.effect("make_case")
def make_case(m: TargetMeeting) -> None:
    """Report the problem of the last visit; place and words are taken over. Whoever was sent to the target may, also
    departments and mediators, who report nothing else."""
    target, visit = m.record, m.last_visit
    assert visit is not None, "a problem was found by a visit"
    made = report(
        by=m.by,
        now=m.now,
        source=_source(m.by),
        text=m.facts["text"] or _words(target, visit),
        title=target.name[:120],
        address=target.address,
        position=_position(target),
        grid_code=target.area_code if len(target.area_code) == GRID_DIGITS else "",
        area_code=target.area_code,
        sent=True,
    ).incident
    visit.incident = made
    visit.save(update_fields=["incident"])
    m.data["incident"] = made.pk


def _source(by: Actor) -> Source:
    """What a grid's own people saw is a patrol's; what others were sent to look at came from above."""
    if by.kind == "client":
        return Source.PARTNER
    if by.posts_with(May.CHECK):
        return Source.GRID
    return Source.SUPERIOR if by.posts_with(May.SEE_CASES) else Source.CITIZEN


def _words(target: Target, visit: Visit) -> str:
    return f"{target.campaign.title}：{target.name} {visit.note}".strip()


def _position(target: Target) -> Position | None:
    if target.lon is None or target.lat is None:
        return None
    return Position(target.lon, target.lat, how=Placed.MAP)
