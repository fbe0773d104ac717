"""Who reaches what of organisations, people, posts, partner systems and signing in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Workbook
from accounts.personal import encrypted
from accounts.roles import May, Role
from tests import factories
from tests.factories import HOME
from tests.matrix.row import EVERYBODY, FORBIDDEN, HIDDEN, IN, NOBODY, SIGN_IN, Row, roles_with
from tests.matrix.world import World

PEOPLE = roles_with(May.MANAGE_PEOPLE)
POLICIES = roles_with(May.MANAGE_POLICIES)
BOTH = PEOPLE | POLICIES


def build(world: World) -> None:
    """A grid worker, their post, and a checked workbook, all at home."""
    office = world.organisations[HOME]
    person = factories.user(organisation=office, phone="13812341234")
    world.records["person"] = person
    world.records["post"] = factories.post(person, Role.GRID_WORKER, HOME, office)
    now = timezone.now()
    world.records["workbook"] = Workbook.objects.create(
        file_name="people.xlsx",
        sha256="",
        content=encrypted(b""),
        report=encrypted(b'{"outcomes": [], "findings": []}'),
        uploaded_by=world.people[Role.SYSTEM_ADMIN, HOME],
        uploaded_at=now,
        expires_at=now + timedelta(hours=1),
    )


def _pk(name: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"pk": world.records[name].pk}


def _office(world: World) -> dict[str, Any]:
    return {"pk": world.organisations[HOME].pk}


def _partner(world: World) -> dict[str, Any]:
    return {"pk": world.partners[HOME].pk}


def _phone(world: World) -> dict[str, Any]:
    return {"kind": "person.phone", "ident": str(world.records["person"].pk)}


def _lockout(world: World) -> dict[str, Any]:
    return {"username": world.records["person"].username, "address": "10.0.0.1"}


def _page(url: str, may: frozenset[Role], **more: Any) -> list[Row]:
    """A form: shown by GET, sent by POST, for the same people."""
    return [Row(url=url, may=may, method=method, **more) for method in ("get", "post")]


def _button(url: str, may: frozenset[Role], **more: Any) -> Row:
    return Row(url=url, may=may, method="post", **more)


ROWS = [
    *_page("accounts:sign_in", EVERYBODY, anonymous=IN, partner=IN),
    _button("accounts:sign_out", NOBODY, others=SIGN_IN),
    *_page("accounts:change_password", EVERYBODY),
    _button(
        "accounts:act_under",
        frozenset({Role.CLERK}),
        data=lambda world: {"post": world.people[Role.CLERK, HOME].posts.get().pk},
        foreign=HIDDEN,
        others=HIDDEN,
    ),
    Row(url="accounts:organisations", may=PEOPLE),
    Row(url="accounts:organisation_tree", may=PEOPLE),
    *_page("accounts:organisation_new", PEOPLE),
    Row(url="accounts:organisation", may=PEOPLE, kwargs=_office),
    *_page("accounts:organisation_edit", PEOPLE, kwargs=_office),
    _button("accounts:organisation_switch", PEOPLE, kwargs=_office),
    Row(url="accounts:people", may=BOTH),
    *_page("accounts:person_new", PEOPLE),
    Row(url="accounts:person", may=BOTH, kwargs=_pk("person")),
    *_page("accounts:person_edit", PEOPLE, kwargs=_pk("person")),
    _button("accounts:person_password", PEOPLE, kwargs=_pk("person")),
    _button("accounts:person_switch", PEOPLE, kwargs=_pk("person")),
    *_page("accounts:post_new", BOTH, kwargs=_pk("person")),
    Row(url="accounts:posts", may=BOTH),
    *_page("accounts:post_end", PEOPLE, kwargs=_pk("post")),
    Row(url="accounts:clients", may=POLICIES),
    *_page("accounts:client_new", POLICIES),
    *_page("accounts:client", POLICIES, kwargs=_partner),
    _button("accounts:client_secret", POLICIES, kwargs=_partner),
    _button("accounts:client_switch", POLICIES, kwargs=_partner),
    *_page("accounts:import", PEOPLE),
    Row(url="accounts:import_template", may=PEOPLE),
    _button("accounts:people_export", BOTH),
    _button("accounts:organisations_export", PEOPLE),
    Row(url="accounts:import_report", may=PEOPLE, kwargs=_pk("workbook")),
    _button("accounts:import_confirm", PEOPLE, kwargs=_pk("workbook")),
    Row(url="accounts:import_report_file", may=PEOPLE, kwargs=_pk("workbook")),
    Row(url="accounts:lockouts", may=POLICIES),
    _button("accounts:lockout_release", POLICIES, foreign=HIDDEN, data=_lockout),
    Row(url="accounts:organisation_options", may=BOTH),
    Row(url="accounts:area_options", may=BOTH),
    *_page(
        "accounts:personal_data",
        PEOPLE,
        kwargs=_phone,
        others=HIDDEN,
        exceptions={Role.SECURITY_ADMIN: FORBIDDEN},
    ),
    Row(url="api_me", may=EVERYBODY, partner=IN),
]
