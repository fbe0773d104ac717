"""What happened to a case, read from the journal, as this actor may read it."""

from dataclasses import replace

from django.utils.translation import gettext as _

from accounts.actor import Actor
from incidents.choices import PhotoKind, State
from incidents.deadlines import SUBJECT, subject_of
from incidents.lifecycle import STEPS
from incidents.models import Incident, Remark
from incidents.reporter import may_see_reporter
from journal.models import Event
from journal.queries import timeline as events_of
from steps.history import Line, last_step, step_said, told


def timeline(incident: Incident, actor: Actor) -> list[Line]:
    """Everything that happened to the case, the oldest first, by whom as far as this reader may know who reported
    it. A constant number of queries."""
    texts = dict(Remark.objects.filter(incident=incident).values_list("pk", "text"))
    knows = may_see_reporter(actor, incident)
    events = [
        event
        for event in events_of(SUBJECT, incident.pk)
        if knows or event.verb != "personal_data.revealed"
    ]
    return [_masked(line, incident, actor, knows=knows) for line in told(events, texts)]


def _masked(line: Line, incident: Incident, reader: Actor, *, knows: bool) -> Line:
    own = line.event.actor_kind == reader.kind and line.event.actor_id == reader.id
    if knows or own or not _is_by_reporter(line.event, incident):
        return line
    return replace(line, who=_("the reporter"), post="")


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
    line = last_step(subject_of(incident))
    if line is not None:
        knows = may_see_reporter(actor, incident)
        line = _masked(line, incident, actor, knows=knows)
    return step_said(line, str(State(incident.state).label))
