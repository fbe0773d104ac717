"""A campaign is drafted: what it is, whom it goes to, what each visit answers, which milestones there are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.actor import Actor, ActorKind, HeldPost
from accounts.models import Organisation
from accounts.roles import May
from campaigns import checklist, deadlines
from campaigns.choices import AssignmentState, Kind, State
from campaigns.door import CAMPAIGNS, CampaignMeeting
from campaigns.lifecycle import CAMPAIGN
from campaigns.models import Assignment, Campaign, Milestone
from campaigns.querysets import WRITE
from campaigns.sending import send
from campaigns.step_forms import DraftFacts
from config.refusal import Refused
from grids.models import Area
from journal.append import append
from steps.forms import FactsRefused
from steps.numbering import next_number

FIELDS = ("kind", "title", "text", "meeting_name", "held_on", "due_on", "limit_value", "limit_kind")
# One transaction sends a campaign to so many at most; a city has more grids than that.
MOST_ASSIGNMENTS = 1_500


def draft(*, by: Actor, now: datetime, facts: Mapping[str, Any]) -> Campaign:
    """Draft a campaign. `facts` is what was typed or sent (see `step_forms.DraftFacts`).

    Raises PermissionDenied, FactsRefused (422), and Refused (422) for an area that is not the actor's.
    """
    _demand_permission(by)
    form = DraftFacts(facts)
    if not form.is_valid():
        raise FactsRefused(form)
    post = _post_over(by, form.cleaned_data["area"])
    with transaction.atomic():
        campaign = Campaign(
            number=next_number("C", "campaign_number", now),
            area_code=form.cleaned_data["area"] or post.area_code,
            organisation_id=post.organisation_id,
            drafted_by_id=by.user_id,
            drafted_at=now,
            updated_at=now,
        )
        _fill(campaign, form.cleaned_data)
        campaign.save(force_insert=True)
        append(
            "campaign.drafted",
            subject=(CAMPAIGN, campaign.pk),
            area_code=campaign.area_code,
            by=by,
            now=now,
            post=post,
            data={"campaign_kind": campaign.kind, "to": campaign.state, "version": 1},
        )
    return campaign


def _demand_permission(by: Actor) -> None:
    by.require(May.LAUNCH_CAMPAIGN)
    if by.kind is ActorKind.CLIENT and WRITE not in by.scopes:
        raise PermissionDenied(str(May.LAUNCH_CAMPAIGN))


def _post_over(by: Actor, area_code: str) -> HeldPost:
    """The post under which `by` sends campaigns down here. Raises Refused (422)."""
    held = by.posts_with(May.LAUNCH_CAMPAIGN)
    over = next((post for post in held if post.covers(area_code or post.area_code)), None)
    known = not area_code or Area.objects.active().filter(code=area_code).exists()
    if over is None or not known:
        raise Refused(
            "area_not_yours", _("There is no such area among those that you answer for."), 422, field="area"
        )  # fmt: skip
    return over


def _fill(campaign: Campaign, facts: Mapping[str, Any]) -> None:
    for name in FIELDS:
        setattr(campaign, name, facts[name])


@CAMPAIGNS.effect("amend")
def amend(m: CampaignMeeting) -> None:
    """Say everything anew."""
    _fill(m.record, m.facts)


@CAMPAIGNS.effect("set_checklist")
def set_checklist(m: CampaignMeeting) -> None:
    """The lines anew, as the form has them."""
    lines = checklist.typed(m.facts)
    m.record.checklist = checklist.stored(lines)
    m.data["lines"] = len(lines)


# --- whom it goes to ---------------------------------------------------------------------------------


@CAMPAIGNS.effect("assign")
def assign(m: CampaignMeeting) -> None:
    """An assignment for each that was named; areas and, but for resolutions, organisations that have one already are
    left out. In a running campaign it is sent at once."""
    campaign = m.record
    made = [
        _assignment(m, unit.area_code, unit) for unit in _units(m) if not _has_one(m, unit=unit)
    ]
    made += [_assignment(m, code, None) for code in _areas(m) if not _has_one(m, code=code)]
    if not made:
        raise Refused("all_assigned", _("It goes to all of these already."), 409)
    if len(made) + len(m.assignments) > MOST_ASSIGNMENTS:
        raise Refused(
            "too_many", _("A campaign goes to at most %(n)s.") % {"n": MOST_ASSIGNMENTS}, 422, field="areas"
        )  # fmt: skip
    Assignment.objects.bulk_create(made)
    if campaign.state == State.LAUNCHED:
        send(made, by=m.by, now=m.now, post=m.post)
    m.data["assignments"] = len(made)


def _units(m: CampaignMeeting) -> Sequence[Organisation]:
    return list(Organisation.objects.filter(code__in=m.facts["units"]).order_by("code"))


def _areas(m: CampaignMeeting) -> list[str]:
    chosen = set(m.facts["areas"])
    if m.facts["every"]:
        here = Area.objects.subtree(m.record.area_code).active().at(m.facts["every"])
        chosen |= set(here.values_list("code", flat=True))
    return sorted(chosen)


def _has_one(m: CampaignMeeting, unit: Organisation | None = None, code: str = "") -> bool:
    """A meeting may give one organisation several tasks; a sweep reaches each once."""
    if m.record.kind in (Kind.RESOLUTION, Kind.RECTIFICATION):
        return False
    if unit is not None:
        return any(one.unit_id == unit.pk for one in m.assignments)
    return any(one.unit_id is None and one.area_code == code for one in m.assignments)


def _assignment(m: CampaignMeeting, area_code: str, unit: Organisation | None) -> Assignment:
    campaign = m.record
    number = f"{campaign.number}-{campaign.next_assignment:04d}"
    campaign.next_assignment += 1
    return Assignment(
        number=number,
        campaign=campaign,
        area_code=area_code,
        unit=unit,
        text=m.facts["text"],
        due_on=m.facts["due_on"],
        updated_at=m.now,
    )


@CAMPAIGNS.effect("unassign")
def unassign(m: CampaignMeeting) -> None:
    """Out of the draft, with the targets that were listed for it."""
    chosen = _chosen(m)
    m.data["removed"] = chosen.number
    chosen.delete()


def _chosen(m: CampaignMeeting) -> Assignment:
    return next(one for one in m.assignments if one.number == m.facts["assignment"])


@CAMPAIGNS.effect("add_milestone")
def add_milestone(m: CampaignMeeting) -> None:
    """Something to be reached; its clock runs as soon as the assignment is sent."""
    chosen = _chosen(m)
    if chosen.state not in (
        AssignmentState.PLANNED,
        AssignmentState.SENT,
        AssignmentState.UNDER_WAY,
    ):
        raise Refused("already_done", _("This assignment is done or withdrawn."), 409)
    made = Milestone.objects.create(
        assignment=chosen, text=m.facts["text"], due_on=m.facts["due_on"]
    )
    if chosen.state != AssignmentState.PLANNED:
        deadlines.start_milestone(made, chosen, m.now)
    m.data.update(campaign_milestone=made.pk, until=made.due_on.isoformat())


@CAMPAIGNS.guard("add_milestone", "unassign")
def goes_to_nobody(m: CampaignMeeting) -> str | Promise | None:
    """There must be somebody to be left out."""
    return None if m.assignments else _("It goes to nobody yet.")
