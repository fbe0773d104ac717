"""What the words of a standard's limits mean."""

from decimal import Decimal

import pytest

from clocks.choices import AllowanceKind as Kind
from incidents.catalogue_limit_text import Unclear, read_limit
from incidents.choices import Urgency


@pytest.mark.parametrize(
    ("text", "value", "kind", "urgency"),
    [
        ("2紧急工作时", "2", Kind.HOUR_CONT, Urgency.URGENT),
        ("４紧急工作时", "4", Kind.HOUR_CONT, Urgency.URGENT),
        ("4小时", "4", Kind.WORK_HOUR, Urgency.NORMAL),
        ("5天", "5", Kind.WORK_DAY, Urgency.NORMAL),
        ("15工作日", "15", Kind.WORK_DAY, Urgency.NORMAL),
        ("3个工作日", "3", Kind.WORK_DAY, Urgency.NORMAL),
        ("0.5工作时", "0.5", Kind.WORK_HOUR, Urgency.NORMAL),
        ("7自然日", "7", Kind.NATURAL_DAY, Urgency.NORMAL),
        ("30分钟", "30", Kind.MINUTE_CONT, Urgency.NORMAL),
        (" 2 天 ", "2", Kind.WORK_DAY, Urgency.NORMAL),
    ],
)
def test_words_with_one_meaning_are_read(
    text: str, value: str, kind: Kind, urgency: Urgency
) -> None:
    limit = read_limit(text)
    assert (limit.value, limit.kind, limit.urgency) == (Decimal(value), kind, urgency)
    assert limit.unclear is None
    assert limit.verbatim == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("种植季节15工作日", Unclear.MORE_WORDS),
        ("1紧急工作时制止", Unclear.MORE_WORDS),
        ("紧急工作时", Unclear.UNKNOWN),
        ("2紧急工作日", Unclear.URGENT_DAY),
        ("随时", Unclear.UNKNOWN),
        ("", Unclear.EMPTY),
        ("0天", Unclear.UNKNOWN),
        ("2-3天", Unclear.UNKNOWN),
        ("2周", Unclear.UNKNOWN),
    ],
)
def test_odd_words_are_kept_for_a_person_and_never_guessed(text: str, why: Unclear) -> None:
    limit = read_limit(text)
    assert (limit.value, limit.kind, limit.unclear) == (None, None, why)
    assert limit.verbatim == text


def test_bare_days_and_hours_mean_what_the_importer_says() -> None:
    assert read_limit("5天", days_are=Kind.NATURAL_DAY).kind == Kind.NATURAL_DAY
    assert read_limit("4小时", hours_are=Kind.HOUR_CONT).kind == Kind.HOUR_CONT
    assert read_limit("5天").assumed
    assert not read_limit("5工作日").assumed


def test_columns_that_contradict_the_words_leave_it_to_a_person() -> None:
    assert read_limit("1天", number="2", unit="day_as_written").unclear == Unclear.CONTRADICTS
    assert read_limit("1天", number="1", unit="urgent_hour").unclear == Unclear.CONTRADICTS
    assert read_limit("1天", number="x", unit="").unclear == Unclear.CONTRADICTS
    assert read_limit("1天", number="1", unit="day_as_written").unclear is None
