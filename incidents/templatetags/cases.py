"""Template filters of the pages of cases."""

from django import template

from journal.wording import wording_of

register = template.Library()

ICONS = {
    "incident.reported": "flag",
    "incident.photo_added": "photo",
    "incident.placed": "map-pin",
    "incident.classified": "category",
    "incident.linked": "link",
    "incident.precheck_sent": "walk",
    "incident.prechecked": "eye-check",
    "incident.not_accepted": "ban",
    "incident.self_closed": "hand-finger",
    "incident.filed": "file-check",
    "incident.dispatched": "send",
    "incident.received": "inbox",
    "incident.returned": "arrow-back-up",
    "incident.recalled": "arrow-back",
    "incident.answered": "message-check",
    "incident.check_sent": "walk",
    "incident.check_passed": "circle-check",
    "incident.reworked": "rotate",
    "incident.sent_back": "rotate",
    "incident.informed": "phone-check",
    "incident.closed": "checks",
    "incident.rated": "star",
    "incident.evaluated": "star",
    "incident.reopened": "refresh-alert",
    "incident.withdrawn": "trash",
    "incident.suspended": "player-pause",
    "incident.resumed": "player-play",
    "incident.urged": "bell-ringing",
    "incident.commented": "message",
    "incident.supervised": "gavel",
    "incident.unsupervised": "gavel",
    "incident.appealed": "scale",
    "incident.appeal_supported": "scale",
    "incident.appeal_granted": "scale",
    "incident.appeal_refused": "scale",
    "clock.amber": "clock-exclamation",
    "clock.overdue": "alarm",
}


@register.filter
def verb_icon(verb: str) -> str:
    """The icon of what happened, by the journal's word for it."""
    return ICONS.get(verb) or wording_of(verb).icon
