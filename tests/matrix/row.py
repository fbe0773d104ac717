"""One line of the table, and what a response means."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse

from accounts.roles import ADMINISTRATORS, RULES, May, Role
from tests.matrix.world import World

EVERYBODY = frozenset(Role)
BUSINESS = EVERYBODY - ADMINISTRATORS
NOBODY: frozenset[Role] = frozenset()


class Outcome(StrEnum):
    """What a visitor gets. IN is everything that is not a refusal of the person: also 400, 409, 422, 428."""

    IN = "in"
    FORBIDDEN = "forbidden (403)"
    HIDDEN = "hidden (404)"
    SIGN_IN = "led to signing in"
    UNAUTHORISED = "unauthorised (401)"
    FAULT = "fault (5xx or a method that is not there)"


IN, FORBIDDEN, HIDDEN = Outcome.IN, Outcome.FORBIDDEN, Outcome.HIDDEN
SIGN_IN, UNAUTHORISED, FAULT = Outcome.SIGN_IN, Outcome.UNAUTHORISED, Outcome.FAULT


def roles_with(*allowed: May) -> frozenset[Role]:
    """The roles that have any of the permissions."""
    return frozenset(role for role in Role if RULES[role].may & set(allowed))


@dataclass(frozen=True, kw_only=True)
class Row:
    """What each visitor gets at one address with one method.

    `may` are the roles that get in when the record lies in their own area (`HOME`). `foreign` is what the same
    roles get from another area: by default 404 where the address names a record (`kwargs`), else in.
    `others` is for all other roles at home, `exceptions` for single ones; from another area those who get
    403 at home may get 404.
    `partner` is for a partner system of this area with every scope and every business role.
    """

    url: str
    may: Collection[Role]
    method: str = "get"
    kwargs: Callable[[World], dict[str, Any]] | None = None
    data: Callable[[World], dict[str, Any]] | None = None
    query: str = ""
    foreign: Outcome | None = None
    others: Outcome = FORBIDDEN
    exceptions: Mapping[Role, Outcome] = field(default_factory=dict)
    anonymous: Outcome | None = None
    partner: Outcome | None = None
    partner_foreign: Outcome | None = None

    def address(self, world: World) -> str:
        """The address with this world's records in it."""
        return reverse(self.url, kwargs=self.kwargs(world) if self.kwargs else None) + self.query

    def expected(self, role: Role, *, at_home: bool) -> frozenset[Outcome]:
        """What somebody with one post of this role gets."""
        if role in self.may:
            foreign = self.foreign or (HIDDEN if self.kwargs else IN)
            return frozenset({IN if at_home else foreign})
        other = self.exceptions.get(role, self.others)
        if other is FORBIDDEN and not at_home:
            return frozenset({FORBIDDEN, HIDDEN})
        return frozenset({other})

    def expected_of_stranger(self, world: World) -> frozenset[Outcome]:
        """What a visitor gets who is not signed in."""
        if self.anonymous is not None:
            return frozenset({self.anonymous})
        return frozenset({UNAUTHORISED if self._is_api(world) else SIGN_IN})

    def expected_of_partner(self, world: World, *, at_home: bool) -> frozenset[Outcome]:
        """What a partner system gets. To pages it is a stranger."""
        if not self._is_api(world):
            return self.expected_of_stranger(world)
        partner = self.partner or FORBIDDEN
        if at_home or partner is not IN:
            return frozenset({partner}) if at_home else frozenset({partner, HIDDEN})
        return frozenset({self.partner_foreign or (HIDDEN if self.kwargs else IN)})

    def _is_api(self, world: World) -> bool:
        return self.address(world).startswith("/api/")


def outcome_of(response: HttpResponseBase) -> Outcome:
    """What a response means for whoever asked."""
    status = response.status_code
    if status in (301, 302, 303) and response.headers["Location"].startswith("/accounts/sign-in/"):
        return SIGN_IN
    if status >= 500 or status == 405:
        return FAULT
    return {401: UNAUTHORISED, 403: FORBIDDEN, 404: HIDDEN}.get(status, IN)
