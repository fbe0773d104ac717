"""What upper rooms show of an area: a panel on its page, an outline on the maps. Each registers in its `ready()`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.actor import Actor
from grids.models import Area


@dataclass(frozen=True)
class Drawn:
    """A template, and the facts that it finds as `panel`."""

    template: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Outline:
    """An area to be marked on a map; `tone` is a colour's name (red, orange, yellow, blue)."""

    code: str
    title: str
    tone: str


Panel = Callable[[Area, Actor], Drawn | None]
Outlines = Callable[[Actor], list[Outline]]

_panels: list[Panel] = []
_outlines: list[Outlines] = []


def register(panel: Panel) -> None:
    """Show a panel on every area's page. It reads only what the actor may see; None draws nothing."""
    if panel not in _panels:
        _panels.append(panel)


def register_outlines(source: Outlines) -> None:
    """Mark areas on the map of cases."""
    if source not in _outlines:
        _outlines.append(source)


def panels_of(area: Area, actor: Actor) -> list[Drawn]:
    """The panels that have something to say, in the order of registration."""
    return [drawn for panel in _panels if (drawn := panel(area, actor)) is not None]


def outlines_for(actor: Actor) -> list[Outline]:
    """The areas to be marked for this actor."""
    return [outline for source in _outlines for outline in source(actor)]
