"""What happened to a record that moves by steps, read from the journal."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clocks.calendar import SHANGHAI
from journal.models import Event
from journal.queries import timeline as events_of
from journal.wording import lines
from steps.models import Remark


@dataclass(frozen=True)
class Line:
    """One line of a timeline; `text` is what was written at the step. `icon` and `tone` are for drawing."""

    event: Event
    label: str
    who: str
    post: str
    text: str
    icon: str
    tone: str


def timeline(subject: tuple[str, int], hidden: Collection[str] = ()) -> list[Line]:
    """Everything that happened to the record, the oldest first, but the verbs in `hidden`. A constant number of
    queries."""
    kind, pk = subject
    texts = dict(Remark.objects.filter(subject_kind=kind, subject_id=pk).values_list("pk", "text"))
    return told([event for event in events_of(kind, pk) if event.verb not in hidden], texts)


def told(events: Sequence[Event], texts: Mapping[int, str], fact: str = "remark") -> list[Line]:
    """Events as lines. `texts` are the words by number; `fact` names the number in an event's data."""
    return [
        Line(
            event=said.event,
            label=said.text,
            who=said.who,
            post=said.post,
            text=texts.get(said.event.data.get(fact), ""),
            icon=said.icon,
            tone=said.tone,
        )
        for said in lines(events)
    ]


def last_step(subject: tuple[str, int]) -> Line | None:
    """What was done last, by people or by time; clocks aside."""
    event = events_of(*subject).exclude(verb__startswith="clock.").last()
    return told([event], {})[0] if event else None


def last_step_said(subject: tuple[str, int], state: str) -> str:
    """Who did what last, and where the record is now, as a sentence."""
    return step_said(last_step(subject), state)


def step_said(line: Line | None, state: str) -> str:
    """A step that was taken, and where the record is now, as a sentence."""
    if line is None:
        return _("It is now “%(state)s”.") % {"state": state}
    return _("%(who)s: “%(what)s”, %(when)s. It is now “%(state)s”.") % {
        "who": line.who,
        "what": line.label,
        "when": line.event.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "state": state,
    }
