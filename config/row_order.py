"""Comparing rows as PostgreSQL does: (a, b) > (x, y), which is one range of an index on (a, b)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Field, Func, Value
from django.db.models.lookups import GreaterThan, LessThan, LessThanOrEqual, Lookup


class _Tuple(Func):
    function = ""
    output_field = Field()


def later(
    paths: Sequence[str], values: Sequence[Any], fields: "Sequence[Field[Any, Any] | None]" = ()
) -> "Lookup[Any]":
    """Rows whose `paths` are greater than `values`, compared from left to right. No column may be NULL."""
    return GreaterThan(*_sides(paths, values, fields))


def earlier(
    paths: Sequence[str], values: Sequence[Any], fields: "Sequence[Field[Any, Any] | None]" = ()
) -> "Lookup[Any]":
    """Rows whose `paths` are less than `values`."""
    return LessThan(*_sides(paths, values, fields))


def not_later(paths: Sequence[str], values: Sequence[Any]) -> "Lookup[Any]":
    """Rows whose `paths` are not greater than `values`."""
    return LessThanOrEqual(*_sides(paths, values, ()))


def _sides(
    paths: Sequence[str], values: Sequence[Any], fields: "Sequence[Field[Any, Any] | None]"
) -> tuple[_Tuple, _Tuple]:
    kinds = fields or [None] * len(values)
    right = [Value(v, output_field=f) for v, f in zip(values, kinds, strict=True)]
    return _Tuple(*(F(path) for path in paths)), _Tuple(*right)
