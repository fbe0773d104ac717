"""What happened to a case, read from the journal, as this actor may read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from clocks.calendar import SHANGHAI
from incidents.choices import State
from incidents.deadlines import SUBJECT
from incidents.lifecycle import STEPS
from incidents.models import Incident, Remark
from incidents.reporter import may_see_reporter
from journal.models import Event
from journal.queries import timeline as events_of

# How people name what happened; steps of the table are named by their own labels.
LABELS: dict[str, str | Promise] = {
    **{step.verb: step.label for step in STEPS.values()},
    "incident.reported": gettext_lazy("Reported"),
    "incident.photo_added": gettext_lazy("Photo added"),
    "incident.reporter_revealed": gettext_lazy("Reporter shown"),
    "clock.amber": gettext_lazy("Deadline is near"),
    "clock.overdue": gettext_lazy("Deadline has passed"),
    "clock.moved": gettext_lazy("Deadline moved with the calendar"),
}


@dataclass(frozen=True)
class Line:
    """One line of a timeline. `who` is masked where the reader may not know who reported; `text` is what was
    written at the step."""

    event: Event
    label: str
    who: str
    post: str
    text: str

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = self.event.data
        return facts


def timeline(incident: Incident, actor: Actor) -> list[Line]:
    """Everything that happened to the case, the oldest first. Two queries."""
    texts = dict(Remark.objects.filter(incident=incident).values_list("pk", "text"))
    return list(_lines(incident, actor, texts))


def _lines(incident: Incident, actor: Actor, texts: dict[int, str]) -> Iterator[Line]:
    for event in events_of(SUBJECT, incident.pk):
        yield _line(event, incident, actor, texts.get(event.data.get("remark"), ""))


def _line(event: Event, incident: Incident, actor: Actor, text: str) -> Line:
    hidden = _is_by_reporter(event, incident) and not may_see_reporter(actor, incident)
    return Line(
        event=event,
        label=str(LABELS.get(event.verb, event.verb)),
        who=_("the reporter") if hidden else _who(event),
        post="" if hidden else event.actor_post,
        text=text,
    )


def _who(event: Event) -> str:
    return _("the system") if event.actor_kind == "system" else event.actor_label


# What a reporter does as such. What the same person does on duty bears their name.
_REPORTERS_DOINGS = frozenset(
    {"incident.reported", "incident.photo_added", "incident.commented"}
    | {STEPS[code].verb for code in ("self_close", "take_back", "rate", "reopen")}
)


def _is_by_reporter(event: Event, incident: Incident) -> bool:
    if event.verb not in _REPORTERS_DOINGS:
        return False
    own = {"user": incident.reporter_id, "client": incident.client_id}
    if event.actor_kind == "reporter":
        return True
    return event.actor_id is not None and own.get(event.actor_kind) == event.actor_id


def last_step_said(incident: Incident, actor: Actor) -> str:
    """Who did what last, and where the case is now, as a sentence."""
    event = events_of(SUBJECT, incident.pk).exclude(verb__startswith="clock.").last()
    state = State(incident.state).label
    if event is None:
        return _("The case is “%(state)s”.") % {"state": state}
    line = _line(event, incident, actor, "")
    return _("The case is “%(state)s” (%(who)s, “%(what)s”, %(when)s).") % {
        "state": state,
        "who": line.who,
        "what": line.label,
        "when": event.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
    }
