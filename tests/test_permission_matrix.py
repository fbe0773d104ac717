"""Every address × every role × own and foreign area × strangers × partner systems: see tests/matrix.

The short run (`./test`) tries one role of each kind at every address; `--everything` tries them all.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from accounts.roles import RULES, Role
from tests.factories import ABROAD, HOME
from tests.matrix.addresses import methods_of, named_patterns
from tests.matrix.row import Outcome, Row, outcome_of
from tests.matrix.world import World, make_world

FRAME = {"__init__", "addresses", "row", "world"}
ROOMS = sorted(
    path.stem for path in (Path(__file__).parent / "matrix").glob("*.py") if path.stem not in FRAME
)


def _room(name: str) -> ModuleType:
    return import_module(f"tests.matrix.{name}")


@pytest.fixture
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("_quiet")
def test_every_address_and_method_is_in_a_table() -> None:
    listed = Counter((row.url, row.method) for name in ROOMS for row in _room(name).ROWS)
    wanted: dict[str, set[str]] = {}
    for name, pattern in named_patterns():
        wanted.setdefault(name, set()).update(methods_of(pattern) or {""})

    missing = [
        f"{name} ({method or 'any method'})"
        for name, methods in sorted(wanted.items())
        for method in sorted(methods)
        if not any(u == name and method in ("", m) for u, m in listed)
    ]
    assert not missing, "not in tests/matrix: " + ", ".join(missing)
    assert not [each for each, times in listed.items() if times > 1], "listed twice"
    assert not {url for url, _method in listed} - wanted.keys(), "listed, but no such address"


@pytest.mark.django_db
@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("area", [HOME, ABROAD], ids=["at home", "from abroad"])
@pytest.mark.parametrize("name", ROOMS)
def test_everybody_gets_what_the_table_says(
    name: str, area: str, pytestconfig: pytest.Config
) -> None:
    room, every = _room(name), bool(pytestconfig.option.everything)
    world = make_world()
    if hasattr(room, "build"):
        room.build(world)

    wrong = [
        f"{row.method.upper()} {row.url}: {who} should be {' or '.join(expected)}, is {actual}"
        for who, visitor, expected_of, role in _visitors(world, area)
        for row in room.ROWS
        if role is None or role in _tried(row, at_home=area == HOME, every=every)
        for expected in [expected_of(row)]
        for actual in [_try(visitor, row, world)]
        if actual not in expected
    ]
    assert not wrong, "\n" + "\n".join(wrong)


Expected = Callable[[Row], frozenset[Outcome]]


# Whom an address refuses at home it refuses from abroad by the same line of code: one of them is enough.
_REFUSED_ABROAD = Role.CITIZEN


def _tried(row: Row, *, at_home: bool, every: bool) -> set[Role]:
    """The roles that try: every one, or in the short run one for each kind of scope that gets in, and that is
    refused, beside the exceptions."""
    trying = [r for r in Role if at_home or r in row.may or r is _REFUSED_ABROAD]
    if every:
        return set(trying)
    one_of_a_kind = {(RULES[role].scope, role in row.may): role for role in reversed(trying)}
    return set(one_of_a_kind.values()) | row.exceptions.keys()


def _visitors(world: World, area: str) -> Iterator[tuple[str, Client, Expected, Role | None]]:
    at_home = area == HOME
    where = "at home" if at_home else "from abroad"
    for role in Role:
        yield f"{role.value} {where}", world.visitor(role, area), _expecting(role, at_home), role
    yield f"a partner {where}", world.partner(area), _expecting_partner(world, at_home), None
    if at_home:
        stranger = Client(raise_request_exception=False)
        yield "a stranger", stranger, lambda row: row.expected_of_stranger(world), None


def _expecting(role: Role, at_home: bool) -> Expected:
    return lambda row: row.expected(role, at_home=at_home)


def _expecting_partner(world: World, at_home: bool) -> Expected:
    return lambda row: row.expected_of_partner(world, at_home=at_home)


def _try(visitor: Client, row: Row, world: World) -> Outcome:
    """Ask, and take back whatever the asking changed; the visitor stays signed in."""
    cookies = deepcopy(visitor.cookies)
    with transaction.atomic():
        response = _ask(visitor, row, world)
        transaction.set_rollback(True)
    visitor.cookies = cookies
    return outcome_of(response)


def _ask(visitor: Client, row: Row, world: World) -> HttpResponseBase:
    address = row.address(world)
    data = row.data(world) if row.data else {}
    if row.method == "get":
        return visitor.get(address)
    ask = getattr(visitor, row.method)
    if address.startswith("/api/"):
        once = {"Idempotency-Key": "matrix-key-0001", "If-Match": "*"}
        packing = {} if _has_file(data) else {"content_type": "application/json"}
        answer: HttpResponseBase = ask(address, data, headers=once, **packing)
    else:
        answer = ask(address, data)
    return answer


def _has_file(data: dict[str, Any]) -> bool:
    return any(hasattr(value, "read") for value in data.values())
