"""What happened to a whistle and to its units' clocks, read from the journal."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from clocks.calendar import SHANGHAI
from journal.models import Event
from journal.wording import lines
from whistles.choices import State
from whistles.deadlines import SUBJECT as CLOCKS
from whistles.models import Note, Whistle


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


def timeline(whistle: Whistle) -> list[Line]:
    """Everything that happened to the whistle, the oldest first. A constant number of queries.

    Grades are not in it: they are facts of the summons, shown to whoever may read them.
    """
    texts = dict(Note.objects.filter(whistle=whistle).values_list("pk", "text"))
    said = lines(_events(whistle))
    return [
        Line(
            event=one.event,
            label=_with_unit(one.text, one.event, names),
            who=one.who,
            post=one.post,
            text=texts.get(one.event.data.get("note"), ""),
            icon=one.icon,
            tone=one.tone,
        )
        for names in [dict(whistle.summonses.values_list("unit_id", "unit__name"))]
        for one in said
    ]


def _with_unit(text: str, event: Event, names: dict[int, str]) -> str:
    """A clock's event does not say whose it is, and a whistle has several units."""
    unit = event.data.get("unit") if event.verb.startswith("clock.") else None
    return f"{text} · {names[unit]}" if unit in names else text


def _events(whistle: Whistle) -> list[Event]:
    parts = [str(pk) for pk in whistle.summonses.values_list("pk", flat=True)]
    own = Q(subject_kind="whistle", subject_id=str(whistle.pk))
    clocks = Q(subject_kind=CLOCKS, subject_id__in=parts)
    return list(Event.objects.filter(own | clocks).order_by("at", "id"))


def last_step_said(whistle: Whistle) -> str:
    """Who did what last, and where the whistle is now, as a sentence."""
    mine = Event.objects.filter(subject_kind="whistle", subject_id=str(whistle.pk))
    event = mine.order_by("seq").last()
    facts = {"state": str(State(whistle.state).label)}
    if event is None:
        return _("The whistle is “%(state)s”.") % facts
    line = lines([event])[0]
    facts |= {
        "who": line.who,
        "what": line.text,
        "when": event.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
    }
    return _("%(who)s: “%(what)s”, %(when)s. The whistle is now “%(state)s”.") % facts
