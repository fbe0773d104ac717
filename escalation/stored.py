"""Writing many ladders at once."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from escalation.models import Ladder

_STORED = {
    "plan": "jsonb",
    "fired": "smallint[]",
    "due_at": "timestamptz",
    "turns": "integer",
    "paused": "boolean",
    "waits": "boolean",
    "heavy": "boolean",
    "next_at": "timestamptz",
    "ended_at": "timestamptz",
    "failures": "integer",
    "failed_at": "timestamptz",
}


def store(ladders: Sequence[Ladder]) -> None:
    """Save what planning and climbing change: one UPDATE from arrays, however many."""
    if not ladders:
        return
    # JSON and arrays travel as text: an array of arrays would be flattened.
    sent = {
        name: "text" if kind in ("jsonb", "smallint[]") else kind for name, kind in _STORED.items()
    }
    arrays = ", ".join(["%s::bigint[]", *(f"%s::{kind}[]" for kind in sent.values())])
    columns = ", ".join(f"{name} = fresh.{name}::{kind}" for name, kind in _STORED.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE escalation_ladder AS ladder SET {columns}"  # noqa: S608 - names of columns and types only
            f" FROM unnest({arrays}) AS fresh(id, {', '.join(_STORED)}) WHERE ladder.id = fresh.id",
            [
                [ladder.pk for ladder in ladders],
                *([_value(one, name) for one in ladders] for name in _STORED),
            ],
        )


def _value(ladder: Ladder, name: str) -> Any:
    value = getattr(ladder, name)
    if name == "plan":
        return json.dumps(value)
    if name == "fired":
        return "{" + ",".join(map(str, value)) + "}"
    return value
