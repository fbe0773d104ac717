"""What happened to a case, read from the journal, as this actor may read it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.actor import Actor
from clocks.calendar import SHANGHAI
from incidents.choices import PhotoKind, State
from incidents.deadlines import SUBJECT
from incidents.lifecycle import STEPS
from incidents.models import Incident, Remark
from incidents.reporter import may_see_reporter
from journal.models import Event
from journal.queries import timeline as events_of
from journal.wording import Line as Said
from journal.wording import lines


@dataclass(frozen=True)
class Line:
    """One line of a timeline: what was done, by whom (masked where the reader may not know who reported), under
    which post, and `text`, which is what was written at the step. `icon` and `tone` are for drawing.
    """

    event: Event
    label: str
    who: str
    post: str
    text: str
    icon: str
    tone: str


def timeline(incident: Incident, actor: Actor) -> list[Line]:
    """Everything that happened to the case, the oldest first. A constant number of queries."""
    texts = dict(Remark.objects.filter(incident=incident).values_list("pk", "text"))
    knows = may_see_reporter(actor, incident)
    events = [
        event
        for event in events_of(SUBJECT, incident.pk)
        if knows or event.verb != "personal_data.revealed"
    ]
    return [
        _line(said, incident, texts.get(said.event.data.get("remark"), ""), actor, knows=knows)
        for said in lines(events)
    ]


def _line(said: Said, incident: Incident, text: str, reader: Actor, *, knows: bool) -> Line:
    own = said.event.actor_kind == reader.kind and said.event.actor_id == reader.id
    hidden = not knows and not own and _is_by_reporter(said.event, incident)
    return Line(
        event=said.event,
        label=said.text,
        who=_("the reporter") if hidden else said.who,
        post="" if hidden else said.post,
        text=text,
        icon=said.icon,
        tone=said.tone,
    )


# What a reporter does as such. What the same person does on duty bears their name.
_REPORTERS_DOINGS = frozenset(
    {"incident.reported", "incident.photo_added", "incident.commented"}
    | {STEPS[code].verb for code in ("self_close", "take_back", "rate", "reopen")}
)


def _is_by_reporter(event: Event, incident: Incident) -> bool:
    if event.verb not in _REPORTERS_DOINGS or event.data.get("photo_kind") == PhotoKind.CHECK:
        return False
    own = {"user": incident.reporter_id, "client": incident.client_id}
    if event.actor_kind == "reporter":
        return True
    return event.actor_id is not None and own.get(event.actor_kind) == event.actor_id


def last_step_said(incident: Incident, actor: Actor) -> str:
    """Who did what last, and where the case is now, as a sentence."""
    event = events_of(SUBJECT, incident.pk).exclude(verb__startswith="clock.").last()
    facts = {"state": str(State(incident.state).label)}
    if event is None:
        return _("The case is “%(state)s”.") % facts
    knows = may_see_reporter(actor, incident)
    line = _line(lines([event])[0], incident, "", actor, knows=knows)
    facts |= {
        "who": line.who,
        "what": line.label,
        "when": event.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
    }
    return _("%(who)s: “%(what)s”, %(when)s. The case is now “%(state)s”.") % facts
