"""A limit in words: `2 working hours · urgent · missing cover`."""

from clocks.models import AllowanceKind
from config.templatetags.yiwang import allowance_words
from incidents.catalogue_report import unclear_words
from incidents.models import ItemLimit


def allowance_of(limit: ItemLimit) -> str:
    """How long, in the reader's language; the standard's own words where no person has read them yet."""
    if limit.value is None:
        return limit.verbatim or "—"
    return allowance_words(limit.value, AllowanceKind(limit.kind).value)


def limit_words(limit: ItemLimit) -> str:
    """The whole limit on one line."""
    parts = [allowance_of(limit), limit.get_urgency_display()]
    if limit.condition:
        parts.append(limit.condition)
    if limit.needs_person:
        parts.append(unclear_words(limit.needs_person))
    return " · ".join(parts)
