"""Keyset pages: forwards and back, over ties and NULLs, bound to their list."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import Organisation
from config.paging import BadCursor, Ordering, keyset
from journal.models import Cursor
from tests.api.test_plumbing_problems import problem
from tests.factories import organisation

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.plumbing_urls")]
START = datetime(2026, 7, 24, tzinfo=UTC)
BY_XID: Ordering = (("xid", "desc"), ("name", "desc"))


def made(xids: list[int], times: list[int | None] | None = None) -> None:
    Cursor.objects.bulk_create(
        Cursor(
            name=f"{n:04}",
            xid=xid,
            moved_at=None
            if times is None or (t := times[n]) is None
            else START + timedelta(microseconds=t),
        )
        for n, xid in enumerate(xids)
    )


def walked(ordering: Ordering, size: int, back: bool = False) -> list[str]:
    """All names, page by page; with `back`, from the last page to the first."""
    seen: list[list[str]] = []
    page = keyset(Cursor.objects.all(), {}, ordering, size)
    seen.append([c.name for c in page.items])
    while page.next_cursor:
        page = keyset(Cursor.objects.all(), {"cursor": page.next_cursor}, ordering, size)
        seen.append([c.name for c in page.items])
    if back:
        again = [seen[-1]]
        while page.previous_cursor:
            page = keyset(Cursor.objects.all(), {"cursor": page.previous_cursor}, ordering, size)
            again.append([c.name for c in page.items])
        assert again[::-1] == seen
    return [name for names in seen for name in names]


ORDERINGS: list[Ordering] = [
    (("name", "asc"),),
    (("pk", "desc"),),
    (("xid", "desc"), ("name", "desc")),
    (("xid", "asc"), ("name", "desc")),
    (("moved_at", "asc"), ("name", "asc")),
    (("moved_at", "desc"), ("xid", "asc"), ("name", "desc")),
]


@pytest.mark.parametrize("ordering", ORDERINGS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.none() | st.integers(0, 3)), max_size=14),
    size=st.integers(1, 6),
)
def test_pages_are_the_whole_list_in_order_forwards_and_back(
    ordering: Ordering, rows: list[tuple[int, int | None]], size: int
) -> None:
    Cursor.objects.all().delete()
    made([xid for xid, _ in rows], [t for _, t in rows])
    keys = [F(f).asc() if way == "asc" else F(f).desc() for f, way in ordering]
    assert walked(ordering, size, back=True) == [c.name for c in Cursor.objects.order_by(*keys)]


def test_rows_that_come_and_go_between_pages_neither_repeat_nor_hide_others() -> None:
    made([9, 8, 7, 6, 5])
    first = keyset(Cursor.objects.all(), {}, BY_XID, 2)
    Cursor.objects.create(name="new", xid=10)
    Cursor.objects.filter(xid=8).delete()
    second = keyset(Cursor.objects.all(), {"cursor": first.next_cursor}, BY_XID, 2)
    assert [c.xid for c in second.items] == [7, 6]


def test_related_fields_and_annotations_can_order() -> None:
    parent = organisation(code="p")
    for n in range(3):
        organisation(code=f"c{n}", administrative_parent=parent)
    rows = Organisation.objects.annotate(double=F("id") * 2).select_related("administrative_parent")
    ordering: Ordering = (
        ("administrative_parent__code", "asc"),
        ("double", "desc"),
        ("administrative_parent", "asc"),
        ("id", "asc"),
    )
    first = keyset(rows, {}, ordering, 2)
    second = keyset(rows, {"cursor": first.next_cursor}, ordering, 2)
    assert [o.code for o in [*first.items, *second.items]] == ["c2", "c1", "c0", "p"]


def test_rows_may_be_dictionaries() -> None:
    made([3, 2, 1])
    rows = Cursor.objects.values("name", "xid")
    first = keyset(rows, {}, BY_XID, 2)
    assert [r["xid"] for r in keyset(rows, {"cursor": first.next_cursor}, BY_XID, 2).items] == [1]


def test_one_page_is_one_query_without_counting(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    made(list(range(30)))
    with django_assert_num_queries(1):
        page = keyset(Cursor.objects.all(), {}, BY_XID, 10)
    with django_assert_num_queries(1) as queries:
        keyset(Cursor.objects.all(), {"cursor": page.next_cursor}, BY_XID, 10)
    sql = queries.captured_queries[0]["sql"]
    assert "COUNT" not in sql
    assert 'AND ("journal_cursor"."xid", "journal_cursor"."name") <' in sql.replace("WHERE", "AND")


@pytest.mark.parametrize("cursor", ["x", "a:b", "..", "%00", "a" * 5000, "eyJ9:1"])
def test_a_forged_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        keyset(Cursor.objects.all(), {"cursor": cursor}, BY_XID, 10)


def test_a_cursor_is_good_for_its_own_list_only() -> None:
    made(list(range(9)))
    cursor = keyset(Cursor.objects.all(), {"q": "a"}, BY_XID, 2).next_cursor
    keyset(Cursor.objects.all(), {"q": "a", "cursor": cursor, "size": "5"}, BY_XID, 2)
    with pytest.raises(BadCursor):
        keyset(Cursor.objects.all(), {"q": "b", "cursor": cursor}, BY_XID, 2)
    with pytest.raises(BadCursor):
        keyset(Cursor.objects.all(), {"q": "a", "cursor": cursor}, (("name", "asc"),), 2)
    with pytest.raises(BadCursor):
        keyset(Organisation.objects.all(), {"q": "a", "cursor": cursor}, (("id", "asc"),), 2)


@pytest.mark.parametrize(
    ("asked", "given_rows"), [("2", 2), ("0", 1), ("-5", 1), ("9999", 200), ("x", 50), ("", 50)]
)
def test_the_size_has_bounds(asked: str, given_rows: int) -> None:
    made(list(range(210)))
    assert len(keyset(Cursor.objects.all(), {"size": asked}, BY_XID).items) == given_rows


def test_the_api_gives_links_that_can_be_followed(signed_in: APIClient) -> None:
    made(list(range(7)))
    address: str | None = "/api/v1/cursors?size=3"
    seen: list[Any] = []
    while address:
        body = signed_in.get(address).json()
        assert set(body) == {"next", "previous", "results"}
        seen += [row["xid"] for row in body["results"]]
        address, last = body["next"], body
    assert seen == [6, 5, 4, 3, 2, 1, 0]
    assert last["previous"].startswith("http://testserver/api/v1/cursors?")
    assert [r["xid"] for r in signed_in.get(last["previous"]).json()["results"]] == [3, 2, 1]


def test_a_forged_cursor_is_a_problem_of_the_caller(signed_in: APIClient) -> None:
    document = problem(signed_in.get("/api/v1/cursors?cursor=forged"), 400)
    assert document["code"] == "bad_cursor"
    assert document["errors"][0]["field"] == "cursor"
