"""Keyset paging: a page starts after a row's own values, so page 10,000 costs what page 1 costs.

A cursor is signed and bound to the ordering and to the filters it was made under; a forged or borrowed one
raises `BadCursor`. Nothing is counted.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from config.parameters import SizeWrong, demand_known
from config.refusal import Refused
from config.row_order import earlier, later

LARGEST = 200
STANDARD = 50
CURSOR = "cursor"
SIZE = "size"
_SALT = "yiwang.paging"

Direction = Literal["asc", "desc"]
Ordering = Sequence[tuple[str, Direction]]
Row = TypeVar("Row")


class BadCursor(Refused):
    """The cursor was not made by us, or for another list."""

    def __init__(self) -> None:
        super().__init__(
            "bad_cursor",
            _("This page link does not belong to this list. Start again from the first page."),
            400,
            field=CURSOR,
        )


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """One page of a list. A cursor is None where there is no page in that direction."""

    items: list[Row]
    next_cursor: str | None
    previous_cursor: str | None


def keyset(
    queryset: "QuerySet[Any, Row]",
    request_params: Mapping[str, Any],
    ordering: Ordering,
    size: int | None = None,
) -> Slice[Row]:
    """The page of `queryset` that `request_params["cursor"]` points at; the first without it. One query.

    `ordering` is ((field, "asc"|"desc"), …) and must end in a unique field, as a rule the key. Fields may
    follow relations (`a__b`) and may be annotations; NULL counts as larger than everything, as PostgreSQL
    orders it. `size` is the number of rows (1 to 200); without it `request_params["size"]`, else 50. All
    other parameters are taken for filters, and a cursor is good only under those it was made with.
    Raises BadCursor.
    """
    bound_to = _binding(queryset, request_params, ordering)
    size = _size(size if size is not None else request_params.get(SIZE))
    backward, position = _read(request_params.get(CURSOR), bound_to)
    turned = _turned(ordering) if backward else ordering
    columns = [_column(queryset, field, way) for field, way in turned]
    rows = queryset.order_by(*(column.order() for column in columns))
    if position is not None:
        rows = rows.filter(_after(columns, position))
    items = list(rows[: size + 1])
    more = len(items) > size
    del items[size:]
    if backward:
        items.reverse()
    has_next, has_previous = (True, more) if backward else (more, position is not None)
    return Slice(
        items,
        _write(items[-1], ordering, bound_to, backward=False) if items and has_next else None,
        _write(items[0], ordering, bound_to, backward=True) if items and has_previous else None,
    )


class KeysetPagination(BasePagination):
    """The same for API views: `{next, previous, results}`, both links absolute or null.

    A parameter that neither paging nor the view's filters know is refused (`config/parameters.py`).
    The view states `ordering_fields`, an `Ordering`; without it rows come by key. It may be a property, where
    the caller chooses the order.
    """

    def paginate_queryset(
        self,
        queryset: "QuerySet[Any] | Sequence[Any]",
        request: Request,
        view: APIView | None = None,
    ) -> list[Any]:
        """The rows of the asked page. Raises BadCursor, UnknownParameter, SizeWrong."""
        assert isinstance(queryset, QuerySet)
        demand_known(request, view, (CURSOR, SIZE))
        _demand_size(request.query_params.get(SIZE))
        ordering: Ordering = getattr(view, "ordering_fields", None) or (("pk", "asc"),)
        self.slice = keyset(queryset, request.query_params, ordering)
        self.address = request.build_absolute_uri()
        return self.slice.items

    def get_paginated_response(self, data: Any) -> Response:
        return Response({**self.get_links(), "results": data})

    def get_links(self) -> dict[str, str | None]:
        """The addresses of the neighbouring pages."""
        return {
            "next": self._link(self.slice.next_cursor),
            "previous": self._link(self.slice.previous_cursor),
        }

    def _link(self, cursor: str | None) -> str | None:
        return replace_query_param(self.address, CURSOR, cursor) if cursor else None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        following = {**link, "example": f"https://yiwang.example/api/v1/…?{CURSOR}=eyJ…"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": following,
                "previous": {**link, "example": None},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": CURSOR,
                "in": "query",
                "required": False,
                "description": "Where the page starts: copy it from `next` or `previous`.",
                "schema": {"type": "string"},
            },
            {
                "name": SIZE,
                "in": "query",
                "required": False,
                "description": "Rows of a page.",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": LARGEST,
                    "default": STANDARD,
                },
            },
        ]


def _demand_size(asked: str | None) -> None:
    if asked is not None and not (asked.isdecimal() and 1 <= int(asked) <= LARGEST):
        raise SizeWrong(LARGEST)


def _size(asked: Any) -> int:
    try:
        return min(max(int(asked), 1), LARGEST)
    except (TypeError, ValueError):
        return STANDARD


def _turned(ordering: Ordering) -> Ordering:
    return tuple((field, "asc" if way == "desc" else "desc") for field, way in ordering)


def _binding(queryset: "QuerySet[Any]", params: Mapping[str, Any], ordering: Ordering) -> str:
    """A digest of the list that a cursor belongs to: model, ordering, filters."""
    lists = getattr(params, "lists", None)
    pairs = lists() if lists else ((key, [value]) for key, value in params.items())
    filters = sorted(
        (key, [str(v) for v in values]) for key, values in pairs if key not in (CURSOR, SIZE)
    )
    label = queryset.model._meta.label
    return hashlib.sha256(repr((label, list(ordering), filters)).encode()).hexdigest()[:16]


def _read(cursor: str | None, bound_to: str) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        way, binding, position = signing.Signer(salt=_SALT).unsign_object(cursor)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadCursor from error
    if binding != bound_to:
        raise BadCursor
    return way == "p", position


def _write(row: Any, ordering: Ordering, bound_to: str, *, backward: bool) -> str:
    position = [_plain(_value_of(row, field)) for field, _way in ordering]
    return signing.Signer(salt=_SALT).sign_object(["p" if backward else "n", bound_to, position])


def _value_of(row: Any, field: str) -> Any:
    if isinstance(row, Mapping):
        return row[field]
    for name in field.split("__"):
        row = None if row is None else getattr(row, name)
    return row.pk if isinstance(row, Model) else row


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


@dataclass(frozen=True)
class _Column:
    """One member of an ordering, with what the database knows about it."""

    path: str
    way: Direction
    field: "Field[Any, Any]"
    nullable: bool

    def order(self) -> OrderBy:
        return F(self.path).asc() if self.way == "asc" else F(self.path).desc()

    def same(self, value: Any) -> Q:
        return self._null() if value is None else Q(**{self.path: value})

    def beyond(self, value: Any) -> Q:
        """Strictly after `value`; NULL is larger than everything."""
        if self.way == "desc":
            return ~self._null() if value is None else Q(**{f"{self.path}__lt": value})
        if value is None:
            return _NOTHING
        larger = Q(**{f"{self.path}__gt": value})
        return larger | self._null() if self.nullable else larger

    def _null(self) -> Q:
        return Q(**{f"{self.path}__isnull": True})


_NOTHING = Q(pk__in=[])


def _column(queryset: "QuerySet[Any]", path: str, way: Direction) -> _Column:
    annotation = queryset.query.annotations.get(path)
    if annotation is not None:
        return _Column(path, way, annotation.output_field, nullable=True)
    options = queryset.model._meta
    *relations, last = path.split("__")
    for name in relations:
        related = options.get_field(name).related_model
        if related is None or isinstance(related, str):
            raise FieldDoesNotExist(path)
        options = related._meta
    field: Any = options.pk if last == "pk" else options.get_field(last)
    return _Column(path, way, getattr(field, "target_field", field), bool(relations) or field.null)


def _after(columns: Sequence[_Column], position: list[Any]) -> Any:
    """The condition for rows that come after `position`."""
    try:
        values = [c.field.to_python(v) for c, v in zip(columns, position, strict=True)]
    except (ValidationError, ValueError, TypeError) as error:
        raise BadCursor from error
    one_way = len({column.way for column in columns}) == 1
    if one_way and not any(column.nullable for column in columns):
        compare = later if columns[0].way == "asc" else earlier
        return compare([c.path for c in columns], values, [c.field for c in columns])
    return _step_by_step(columns, values)


def _step_by_step(columns: Sequence[_Column], values: Sequence[Any]) -> Q:
    """The same for mixed directions and for columns with NULL: a > x, or a = x and b < y, or …

    The first column's bound is said once more for the whole, so that its index gives the range.
    """
    condition = _NOTHING
    for column, value in reversed(list(zip(columns, values, strict=True))):
        condition = column.beyond(value) | (column.same(value) & condition)
    return (columns[0].same(values[0]) | columns[0].beyond(values[0])) & condition
