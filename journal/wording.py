"""How events are told to people: one translatable sentence per verb, registered by the room whose verb it is.

A room registers in its module `event_words`, which is found by its name when the program starts:

    register("incident.dispatched", _("Dispatched to %(unit)s"), icon="send", tone="brand")
    register_names("unit", names_of_units)         # ids → names, many at once
    register_subject("incident", _("Case"), names=numbers_of_cases, find=case_with_number)

Sentences are filled from the event's `data`: a fact whose name (`unit`, or `unit_id`, `units`) has
registered names is shown by name, a time in local time, an allowance in words, a list joined, what is
missing as a dash.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts import area_names
from accounts.actor import ActorKind
from accounts.post_words import posts_told
from config.wording import NOTHING, allowance_words, shown_time
from journal.models import Event

Words = str | Promise
NamesOf = Callable[[Collection[Any]], Mapping[Any, str]]


@dataclass(frozen=True)
class Wording:
    """How one verb is told. `tone` colours the dot: "", brand, amber, red or green."""

    sentence: Words
    icon: str = "point"
    tone: str = ""


@dataclass(frozen=True)
class Subject:
    """What a subject kind is called, how its ids are shown, and how a typed text finds an id."""

    label: Words
    names: NamesOf | None = None
    find: Callable[[str], int | str | None] | None = None


@dataclass(frozen=True)
class Line:
    """One event as it is shown."""

    event: Event
    at: datetime
    text: str
    icon: str
    tone: str
    who: str
    post: str
    subject: str = ""
    area: str = ""


@dataclass
class _Register:
    verbs: dict[str, Wording] = field(default_factory=dict)
    names: dict[str, NamesOf] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)


_known = _Register()


def register(verb: str, sentence: Words, *, icon: str = "point", tone: str = "") -> None:
    """Say how `verb` is told. The sentence may hold `%(fact)s` for facts of the event's data."""
    _known.verbs[verb] = Wording(sentence, icon, tone)


def register_names(fact: str, names_of: NamesOf) -> None:
    """Say how ids under the fact `fact` (also `fact_id`, `facts`, `fact_ids`) are shown: many at once, one query."""
    _known.names[fact] = names_of


def add_names(fact: str, names_of: NamesOf) -> None:
    """As `register_names`, beside what another room has said: the stages of clocks belong to several rooms."""
    before = _known.names.get(fact)
    _known.names[fact] = _of_both(before, names_of) if before else names_of


def _of_both(first: NamesOf, second: NamesOf) -> NamesOf:
    return lambda ids: {**first(ids), **second(ids)}


def register_subject(
    kind: str,
    label: Words,
    *,
    names: NamesOf | None = None,
    find: Callable[[str], int | str | None] | None = None,
) -> None:
    """Say what a subject kind is called; `names` shows its ids (given as text), `find` reads a typed number."""
    _known.subjects[kind] = Subject(label, names, find)


def wordings() -> Mapping[str, Wording]:
    """All registered verbs."""
    return _known.verbs


def subjects() -> Mapping[str, Subject]:
    """All registered subject kinds."""
    return _known.subjects


def wording_of(verb: str) -> Wording:
    """The verb's wording; for one that nobody registered, the verb itself."""
    return _known.verbs.get(verb) or Wording(verb)


def label_of(verb: str) -> str:
    """The sentence without its facts, for a list of choices: `Dispatched to …`."""
    return label_of_sentence(wording_of(verb).sentence)


def label_of_sentence(sentence: Words) -> str:
    """A sentence with `…` in place of each of its facts."""
    return re.sub(r"%\(\w+\)s", "…", str(sentence)).replace("%%", "%")


def lines(
    events: Iterable[Event], *, hidden: Collection[str] = (), with_subjects: bool = False
) -> list[Line]:
    """The events as they are shown, in the active language; one query per kind of name at most.

    `with_subjects` also names what they are about, and their areas. Of events whose verb is in `hidden`
    nobody is named (the handling unit does not see who reported).
    """
    events = list(events)
    names = names_for([event.data for event in events])
    shown = _subject_names(events) if with_subjects else {}
    areas = area_names.names_of([e.area_code for e in events]) if with_subjects else {}
    posts = posts_told(event.actor_post for event in events)
    return [
        Line(
            event=event,
            at=event.at,
            text=filled(wording_of(event.verb).sentence, event.data, names),
            icon=wording_of(event.verb).icon,
            tone=wording_of(event.verb).tone,
            who="" if event.verb in hidden else who(event),
            post="" if event.verb in hidden else posts.get(event.actor_post, ""),
            subject=shown.get((event.subject_kind, event.subject_id), ""),
            area=areas.get(event.area_code, event.area_code),
        )
        for event in events
    ]


def who(event: Event) -> str:
    """Who did it, as a person reads it."""
    if event.actor_kind == ActorKind.SYSTEM:
        return str(_("The system"))
    if event.actor_kind == ActorKind.REPORTER:
        return str(_("A citizen"))
    return event.actor_label


Names = Mapping[str, Mapping[Any, str]]


def names_for(many: Sequence[Mapping[str, Any]]) -> Names:
    """The names of everything that the given facts mention by id: fact → id → name."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for facts in many:
        for fact, value in facts.items():
            kind = _kind_of(fact)
            if kind in _known.names:
                wanted[kind].update(_ids(value))
    return {kind: _names(kind, ids) for kind, ids in wanted.items() if ids}


def _names(kind: str, ids: Collection[Any]) -> Mapping[Any, str]:
    try:
        return _known.names[kind](ids)
    except (ValueError, TypeError):  # a fact that is no id: shown as it is
        return {}


def filled(sentence: Words, facts: Mapping[str, Any], names: Names) -> str:
    """The sentence with its facts, in the active language."""
    return str(sentence) % _Facts(facts, names)


class _Facts(dict[str, str]):
    """What stands for each `%(fact)s`; a dash for what the event does not say."""

    def __init__(self, facts: Mapping[str, Any], names: Names) -> None:
        super().__init__()
        self.facts, self.names = facts, names

    def __missing__(self, fact: str) -> str:
        stem = fact.removesuffix("s")
        for said in (fact, f"{fact}_id", f"{fact}s", f"{fact}_ids", stem, f"{stem}_ids"):
            if self.facts.get(said) not in (None, "", []):
                return _shown(self.facts[said], self.names.get(_kind_of(said), {}))
        return NOTHING


def _kind_of(fact: str) -> str:
    """`unit_ids` → `unit`, where that has registered names; else the fact itself."""
    if fact in _known.names:
        return fact
    for ending in ("_ids", "_id", "s"):
        stem = fact.removesuffix(ending)
        if stem != fact and stem in _known.names:
            return stem
    return fact


def _ids(value: Any) -> set[Any]:
    values = value if isinstance(value, list) else [value]
    return {one for one in values if isinstance(one, int | str) and one != ""}


def _shown(value: Any, names: Mapping[Any, str]) -> str:
    if isinstance(value, list):
        return pgettext("between members of a list", ", ").join(_shown(one, names) for one in value)
    if isinstance(value, dict):
        return _allowance(value)
    if value in names:
        return names[value]
    if isinstance(value, str) and (moment := _moment(value)):
        return shown_time(moment)
    return str(value)


def _allowance(value: Mapping[str, Any]) -> str:
    """`{"value": "2", "kind": "work_hour"}` in words; a dash for any other object."""
    if value.keys() != {"value", "kind"}:
        return NOTHING
    try:
        return allowance_words(Decimal(str(value["value"])), str(value["kind"]))
    except InvalidOperation:
        return NOTHING


def _moment(text: str) -> datetime | None:
    if len(text) < 20 or text[10:11] != "T":
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _subject_names(events: Sequence[Event]) -> dict[tuple[str, str], str]:
    """(kind, id) → `Case 120103-…`, one query per kind."""
    ids: dict[str, set[str]] = defaultdict(set)
    for event in events:
        ids[event.subject_kind].add(event.subject_id)
    shown: dict[tuple[str, str], str] = {}
    for kind, wanted in ids.items():
        subject = _known.subjects.get(kind) or Subject(kind)
        names = subject.names(wanted) if subject.names else {}
        for one in wanted:
            shown[kind, one] = f"{subject.label} {names.get(one, one)}"
    return shown
