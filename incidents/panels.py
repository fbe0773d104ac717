"""What upper rooms show on the page of a case: each registers a panel, and the page draws what has something to say.

register(ladder_panel)  # in the room's AppConfig.ready()
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.actor import Actor
from incidents.models import Incident


@dataclass(frozen=True)
class Drawn:
    """A template, and the facts that it finds as `panel`."""

    template: str
    facts: Mapping[str, Any]


Panel = Callable[[Incident, Actor, datetime], Drawn | None]

_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Show a panel on every case page. It reads only what the actor may see; None draws nothing."""
    if panel not in _panels:
        _panels.append(panel)


def panels_of(case: Incident, actor: Actor, now: datetime) -> list[Drawn]:
    """The panels that have something to say, in the order of registration. `now` is aware."""
    return [drawn for panel in _panels if (drawn := panel(case, actor, now)) is not None]
