"""How the doings of this room are told: in timelines and the audit log, and in people's bells."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.choices import Found, Kind, Stage
from campaigns.models import Assignment, Campaign, Milestone, Target, Zone
from grids.queries import area_names
from journal import wording as journal
from notices import wording as notices


def _numbers(model: Any) -> Any:
    def names(ids: Collection[Any]) -> Mapping[Any, str]:
        wanted = [int(one) for one in ids if str(one).isdecimal()]
        rows = model.objects.filter(pk__in=wanted).values_list("pk", "number")
        return {str(key): number for key, number in rows}

    return names


def _numbered(model: Any) -> Any:
    def find(text: str) -> int | None:
        found = model.objects.filter(number=text.strip()).values_list("pk", flat=True)
        key: int | None = found.first()
        return key

    return find


def _zones(ids: Collection[Any]) -> Mapping[Any, str]:
    return dict(Zone.objects.filter(pk__in=ids).values_list("pk", "name"))


def _milestones(ids: Collection[Any]) -> Mapping[Any, str]:
    return dict(Milestone.objects.filter(pk__in=ids).values_list("pk", "text"))


def _campaigns(ids: Collection[Any]) -> Mapping[Any, str]:
    return dict(Campaign.objects.filter(pk__in=ids).values_list("pk", "title"))


def _places(ids: Collection[Any]) -> Mapping[Any, str]:
    """Whom an assignment went to, by name in the reader's language."""
    found = Assignment.objects.filter(pk__in=ids).select_related("unit")
    names = area_names({one.area_code for one in found})
    return {
        one.pk: one.unit.shown_name if one.unit else names.get(one.area_code, one.area_code)
        for one in found
    }


def _labels(choices: Any) -> Any:
    return lambda _codes: {value: str(label) for value, label in choices.choices}


# fmt: off
_EVENTS: tuple[tuple[str, Any, str, str], ...] = (
    ("campaign.drafted", _("Campaign drafted: %(campaign_kind)s"), "pencil", ""),
    ("campaign.amended", _("Draft of the campaign amended"), "pencil", ""),
    ("campaign.checklist_set", _("Check-list set: %(lines)s lines"), "list-check", ""),
    ("campaign.assigned", _("Sent to %(assignments)s more"), "users-plus", ""),
    ("campaign.unassigned", _("Taken out of the draft: %(removed)s"), "users-minus", ""),
    ("campaign.targets_added", _("Targets added: %(targets)s; listed already: %(listed_already)s"), "list-numbers",
     ""),
    ("campaign.milestone_added", _("Milestone added: %(campaign_milestone)s, until %(until)s"), "flag", ""),
    ("campaign.launched", _("Campaign sent down: %(assignments)s assignments"), "send", "brand"),
    ("campaign.closed", _("Campaign concluded"), "circle-check", "green"),
    ("campaign.cancelled", _("Campaign called off"), "ban", "red"),
    ("campaign.exported", _("Targets taken away as a table: %(rows)s rows"), "download", ""),
    ("assignment.sent", _("Assignment sent down, due %(due)s"), "send", "brand"),
    ("assignment.received", _("Signed for"), "inbox", ""),
    ("assignment.zone_added", _("Zone marked out: %(zone)s"), "polygon", ""),
    ("assignment.zone_changed", _("Zone changed: %(zone)s"), "polygon", ""),
    ("assignment.zone_dropped", _("Zone dissolved: %(zone_name)s"), "polygon", ""),
    ("assignment.shared_out", _("Targets shared out: %(targets)s"), "route", ""),
    ("assignment.arrived", _("Checked in to the zone %(zone)s"), "map-pin", "green"),
    ("assignment.noted", _("Progress note: %(percent)s %%"), "notes", ""),
    ("assignment.milestone_reached", _("Milestone reached: %(campaign_milestone)s"), "flag", "green"),
    ("assignment.reported", _("Reported done"), "package", "brand"),
    ("assignment.urged", _("Urged"), "bell-ringing", "amber"),
    ("assignment.accepted", _("Accepted"), "circle-check", "green"),
    ("assignment.sent_back", _("Sent back, due %(due)s"), "refresh", "amber"),
    ("assignment.delisted", _("Taken off the list"), "eraser", "green"),
    ("assignment.withdrawn", _("Assignment withdrawn"), "ban", ""),
    ("target.visited", _("Visit: %(found)s"), "map-pin-check", ""),
    ("target.visited_again", _("Visited once more: %(found)s"), "map-pin-check", ""),
    ("target.became_case", _("Became case %(incident)s"), "alert-circle", "amber"),
)

_NOTICES: tuple[tuple[str, Any, str, str], ...] = (
    ("campaign.assigned", _("You were sent “%(campaign)s”: sign for it; due %(due)s"), "send", "brand"),
    ("campaign.zone", _("You serve in the zone %(zone)s: “%(campaign)s”"), "polygon", "brand"),
    ("campaign.urged", _("You are urged: “%(campaign)s”, due %(due)s"), "bell-ringing", "red"),
    ("campaign.reported", _("%(campaign_place)s reports done: “%(campaign)s”. Look at it"), "package", "brand"),
    ("campaign.accepted", _("Your report was accepted: “%(campaign)s”"), "circle-check", "green"),
    ("campaign.sent_back", _("Sent back to you, due %(due)s: “%(campaign)s”"), "refresh", "red"),
    ("campaign.withdrawn", _("Withdrawn, nothing more to do: “%(campaign)s”"), "ban", ""),
    ("campaign.near", _("Deadline near, %(stage)s until %(due)s: “%(campaign)s”"), "alarm", "amber"),
    ("campaign.late", _("Late, %(stage)s was due %(due)s: %(campaign_place)s, “%(campaign)s”"), "alarm", "red"),
)
# fmt: on


def register_all() -> None:
    """Called once, when the room is ready."""
    journal.register_names("zone", _zones)
    journal.register_names("campaign_milestone", _milestones)
    journal.register_names("campaign", _campaigns)
    journal.register_names("campaign_place", _places)
    journal.register_names("campaign_kind", _labels(Kind))
    journal.register_names("found", _labels(Found))
    journal.add_names("stage", _labels(Stage))
    journal.register_subject(
        "campaign", _("Campaign"), names=_numbers(Campaign), find=_numbered(Campaign)
    )
    journal.register_subject(
        "assignment", _("Assignment"), names=_numbers(Assignment), find=_numbered(Assignment)
    )
    journal.register_subject("target", _("Target"), names=_numbers(Target), find=_numbered(Target))
    journal.register_subject("campaign_milestone", _("Milestone of a campaign"))
    for verb, sentence, icon, tone in _EVENTS:
        journal.register(verb, sentence, icon=icon, tone=tone)
    for kind, sentence, icon, tone in _NOTICES:
        notices.register(kind, sentence, icon=icon, tone=tone)
