"""The cast of the matrix: one person per role and a partner system in each area, and records at home."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from accounts.clients import known_scopes
from accounts.models import ApiClient, Organisation, User
from accounts.roles import ADMINISTRATORS, Role
from tests import factories
from tests.factories import ABROAD, HOME


@dataclass
class World:
    """Everybody who tries, and what they try it on. `records` is what the rooms' `build` functions add."""

    organisations: dict[str, Organisation]
    people: dict[tuple[Role, str], User]
    partners: dict[str, ApiClient]
    records: dict[str, Any] = field(default_factory=dict)

    def visitor(self, role: Role, area_code: str) -> Client:
        """A browser in which the person with this role is signed in."""
        client = Client(raise_request_exception=False)
        client.force_login(self.people[role, area_code])
        return client

    def partner(self, area_code: str) -> Client:
        """A partner system with a token of every scope."""
        token = get_access_token_model().objects.create(
            application=self.partners[area_code],
            token=f"token-of-{area_code}",
            expires=timezone.now() + timedelta(hours=1),
            scope=" ".join(known_scopes()),
        )
        headers = {"Authorization": f"Bearer {token.token}"}
        return Client(raise_request_exception=False, headers=headers)


def make_world() -> World:
    """One organisation, one partner and one person per role, in each of both areas."""
    areas = (HOME, ABROAD)
    organisations = {area: factories.organisation(area) for area in areas}
    return World(
        organisations,
        {
            (role, area): factories.person_with(role, area, organisations[area])
            for area in areas
            for role in Role
        },
        {
            area: factories.api_client(
                area,
                organisation=organisations[area],
                roles=[role.value for role in Role if role not in ADMINISTRATORS],
                allowed_scopes=list(known_scopes()),
            )
            for area in areas
        },
    )
