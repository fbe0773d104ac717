"""What happened to a whistle and to its units' clocks, read from the journal."""

from dataclasses import replace

from django.db.models import Q

from journal.models import Event
from steps.history import Line, told
from whistles.deadlines import SUBJECT as CLOCKS
from whistles.models import Note, Whistle


def timeline(whistle: Whistle) -> list[Line]:
    """Everything that happened to the whistle, the oldest first. A constant number of queries.

    Grades are not in it: they are facts of the summons, shown to whoever may read them.
    """
    texts = dict(Note.objects.filter(whistle=whistle).values_list("pk", "text"))
    names = dict(whistle.summonses.values_list("unit_id", "unit__name"))
    return [
        replace(line, label=_with_unit(line.label, line.event, names))
        for line in told(_events(whistle), texts, "note")
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
