"""What upper rooms suggest for a field of a step's form: each registers a suggester, and the form's page draws it.

register("file", "item", items_for)  # in the room's AppConfig.ready()

A suggestion says why, and never acts: pressing it opens the form with the field filled (`?item=010101`), and the
person still has to send the form.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from accounts.actor import Actor
from incidents.models import Incident


@dataclass(frozen=True)
class Advice:
    """A value for the field, what people call it, and the reason in one sentence of the reader's language."""

    value: str
    name: str
    reason: str


@dataclass(frozen=True)
class Suggested:
    """All advice for one field, best first; `note` says what it stands on where that is less than usual."""

    field: str
    advice: Sequence[Advice]
    note: str = ""


Suggester = Callable[[Incident, Actor], Suggested]

_suggesters: dict[str, dict[str, Suggester]] = defaultdict(dict)


def register(step: str, field: str, suggester: Suggester) -> None:
    """Offer suggestions for `field` of the form of `step`."""
    _suggesters[step][field] = suggester


def suggested(step: str, case: Incident, by: Actor) -> list[Suggested]:
    """What is suggested for the fields of the step's form; fields for which nothing speaks are left out."""
    found = [suggester(case, by) for suggester in _suggesters[step].values()]
    return [one for one in found if one.advice]


def chosen(step: str, pressed: Mapping[str, str]) -> dict[str, str]:
    """The fields that a pressed suggestion fills: only those that something is registered for."""
    return {name: pressed[name] for name in _suggesters[step] if pressed.get(name)}
