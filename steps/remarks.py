"""What people write at steps, kept beside the journal and not in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from steps.models import Remark

WORDS = ("text", "reason", "note", "result")


def written(facts: Mapping[str, Any], names: Sequence[str] = WORDS) -> str:
    """What was written at a step: the first of `names` that is there."""
    return next((facts[name] for name in names if facts.get(name)), "")


def keep_words(subject: tuple[str, int], facts: Mapping[str, Any], now: datetime) -> int | None:
    """Keep what was written (`text`, `reason`, `note`, `result`: the first that is there); the row's number."""
    text = written(facts)
    if not text:
        return None
    kind, pk = subject
    return Remark.objects.create(subject_kind=kind, subject_id=pk, text=text, written_at=now).pk
