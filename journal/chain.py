"""How an event is hashed. One place, used when events are written and when they are verified."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from journal.models import Event

# Above this, jsonb hands a float back as an integer, and the hash of what is read would differ.
_LARGEST_FLOAT = 1e16
_NUL = r"\u0000"


def stored_facts(data: Mapping[str, Any] | None) -> dict[str, Any]:
    """`data` exactly as the database will give it back: dates and decimals as text, keys as text.

    Raises ValueError for what jsonb cannot keep (NaN, infinity, NUL characters, lone surrogates) and
    TypeError for what has no JSON form.
    """
    if not data:
        return {}
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, allow_nan=False)
    text.encode()  # UnicodeEncodeError, a ValueError, for lone surrogates
    facts: dict[str, Any] = json.loads(text, parse_float=_float)
    if _NUL in text:
        _refuse_nul(facts)
    return facts


def _float(text: str) -> float | int:
    value = float(text) + 0.0  # -0.0 becomes 0.0, as in the database
    return value if abs(value) < _LARGEST_FLOAT else int(value)


def _refuse_nul(value: Any) -> None:
    """What looks like a NUL in JSON may be an escaped backslash before `u0000`: look at the values."""
    if isinstance(value, dict):
        for key, inner in value.items():
            stored_text(key)
            _refuse_nul(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_nul(inner)
    elif isinstance(value, str):
        stored_text(value)


def stored_text(value: str) -> str:
    """`value` itself; raises ValueError where PostgreSQL could not keep it."""
    if "\x00" in value:
        raise ValueError("a text of an event must not contain NUL")
    value.encode()  # UnicodeEncodeError, a ValueError, for lone surrogates
    return value


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def event_hash(event: Event) -> str:
    """SHA-256 (hex) over every stored field of the event except `hash` itself, in canonical JSON."""
    fields = [
        event.previous_hash,
        event.id,
        event.xid,
        _moment(event.at),
        _moment(event.recorded_at),
        event.actor_kind,
        event.actor_id,
        event.actor_label,
        event.actor_post,
        event.verb,
        event.subject_kind,
        event.subject_id,
        event.seq,
        event.area_code,
        event.data,
    ]
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def lock_key(subject_kind: str, subject_id: str) -> int:
    """The advisory lock of a subject's chain: a signed 64-bit number, the same in every process."""
    digest = hashlib.blake2b(f"journal\0{subject_kind}\0{subject_id}".encode(), digest_size=8)
    return int.from_bytes(digest.digest(), signed=True)


# Held shared by every append and exclusively by a bulk append of very many subjects.
WHOLE_JOURNAL = lock_key("", "")
