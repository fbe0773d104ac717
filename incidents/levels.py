"""Who answers for a case: pushed up by hand, taken over from above, handed back, or climbed by the ladder.

The state and the unit stay as they are: a level is told, and watches. Source: domain row D4.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import May, Role
from incidents.case import Case, Deed
from incidents.choices import Level
from incidents.models import Incident
from incidents.taking import effect, guard

# The length of an area's code says its level.
_LEVEL_OF_LENGTH = {15: Level.GRID, 12: Level.COMMUNITY, 9: Level.STREET, 6: Level.DISTRICT}
_LENGTH_OF_LEVEL = {level: length for length, level in _LEVEL_OF_LENGTH.items()} | {Level.CITY: 4}
_IN_CHARGE = {Level.GRID: Role.GRID_CHIEF, Level.COMMUNITY: Role.COMMUNITY}


def level_of_area(area_code: str) -> Level:
    """The level that an area is of; the city's for its code and for none."""
    return _LEVEL_OF_LENGTH.get(len(area_code), Level.CITY)


def area_at(incident: Incident, level: int) -> str:
    """The code of the area of `level` that the case lies in, as far as it is known."""
    return incident.area_code[: _LENGTH_OF_LEVEL[Level(level)]]


def role_in_charge(level: int) -> Role:
    """Who answers for a level: the chief for a grid, the officer for a community, above it the commander."""
    return _IN_CHARGE.get(Level(level), Role.COMMANDER)


def _own_level(case: Case, may: May) -> Level:
    """The highest level on which the actor has the permission over this case."""
    posts = [p for p in case.by.posts_with(may) if p.covers(case.incident.area_code)]
    return max((level_of_area(post.area_code) for post in posts), default=Level.GRID)


# --- up ---------------------------------------------------------------------------------------------


@guard("raise")
def nothing_is_above(case: Case) -> Promise | None:
    """The city is the top."""
    if case.incident.escalated_level >= Level.CITY:
        return _("The case is with the city already; nothing is above it.")
    return None


@guard("raise")
def is_above_you(case: Case) -> Promise | str | None:
    """Whoever is below has given the case away already."""
    if case.incident.escalated_level > _own_level(case, May.RAISE):
        return _("The case is with a higher level than yours (%(level)s) already.") % {
            "level": Level(case.incident.escalated_level).label
        }
    return None


@effect("raise")
def push_up(deed: Deed) -> None:
    """One level."""
    _move(deed, Level(deed.incident.escalated_level + 1))


@guard("take_over")
def is_not_below_you(case: Case) -> Promise | str | None:
    """Only what a lower level has can be taken over."""
    own = _own_level(case, May.TAKE_OVER)
    if case.incident.escalated_level >= own:
        return _("The case is with the level “%(level)s” already; yours is not above it.") % {
            "level": Level(case.incident.escalated_level).label
        }
    return None


@effect("take_over")
def take_over(deed: Deed) -> None:
    """To the level of the one who takes it."""
    _move(deed, _own_level(deed, May.TAKE_OVER))


@effect("climb")
def climb(deed: Deed) -> None:
    """To the level that the ladder names; a case that is there or above stays."""
    _move(deed, max(deed.facts["level"], Level(deed.incident.escalated_level)))


# --- down -------------------------------------------------------------------------------------------


@guard("hand_back")
def nothing_is_below(case: Case) -> Promise | None:
    """The grid is the ground."""
    if case.incident.escalated_level <= Level.GRID:
        return _("The case is with its grid; it was never moved up.")
    return None


@guard("hand_back")
def is_not_with_you(case: Case) -> Promise | str | None:
    """What is above is handed back from there."""
    if case.incident.escalated_level > _own_level(case, May.TAKE_OVER):
        return _(
            "The case is with a higher level than yours (%(level)s); it is handed back there."
        ) % {"level": Level(case.incident.escalated_level).label}
    return None


@effect("hand_back")
def hand_back(deed: Deed) -> None:
    """To the level chosen, else one down."""
    chosen = deed.facts["level"]
    _move(deed, Level(deed.incident.escalated_level - 1) if chosen is None else chosen)


def _move(deed: Deed, level: Level) -> None:
    before, deed.incident.escalated_level = deed.incident.escalated_level, level
    deed.data.update(level=int(level), level_before=int(before))
