"""What the tags of every template draw."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from config.icons import NoSuchIcon, icon_svg


def drawn(template: str, address: str = "/", **context: object) -> str:
    request = RequestFactory().get(address)
    made = engines["django"].from_string(template)
    return made.template.render(_context(request, context))  # type: ignore[attr-defined, no-any-return]


def _context(request: object, context: dict[str, object]) -> object:
    from django.template import Context

    return Context({"request": request, **context})


def test_an_icon_is_silent_unless_it_is_given_a_label() -> None:
    assert 'aria-hidden="true"' in icon_svg("bell")
    assert 'aria-label="消息"' in icon_svg("bell", label="消息")


@pytest.mark.parametrize("name", ["no-such-icon", "../../package", "Bell", "brand/bell"])
def test_an_unknown_icon_is_refused(name: str) -> None:
    with pytest.raises(NoSuchIcon):
        icon_svg(name)


def test_no_page_fails_for_want_of_an_icon(caplog: pytest.LogCaptureFixture) -> None:
    assert "<svg" in drawn('{% icon "no-such-icon" %}')
    assert "no-such-icon" in caplog.text


@pytest.mark.parametrize(
    ("value", "word"),
    [("green", "正常"), ("amber", "临期"), ("red", "超期"), ("", "未计时"), (None, "未计时")],
)
def test_a_lamp_says_its_word_and_draws_its_own_shape(value: str | None, word: str) -> None:
    assert word in drawn("{% lamp value %}", value=value)
    assert drawn("{{ value|lamp }}", value=value) == drawn("{% lamp value %}", value=value)


def test_no_two_lamps_have_the_same_shape() -> None:
    from config.marks import LAMPS

    assert len({shape for _word, _tone, shape in LAMPS.values()}) == len(LAMPS)


def test_a_lamp_without_sight_of_its_word_is_still_heard() -> None:
    quiet = drawn('{% lamp "red" quiet=True %}')
    assert "visually-hidden" in quiet
    assert "超期" in quiet
    left = drawn('{% lamp "red" words=left %}', left="<2:10>")
    assert "超期" in left
    assert "&lt;2:10&gt;" in left


def test_a_risk_has_its_name_and_an_unknown_one_a_dash() -> None:
    assert "橙色" in drawn('{% risk "orange" %}')
    assert drawn('{% risk "purple" %}') == "—"


def test_times_are_shown_in_the_areas_zone() -> None:
    late = datetime(2026, 3, 9, 16, 30, tzinfo=UTC)
    assert drawn("{{ at|local_time }}", at=late) == "2026-03-10 00:30"
    assert '<time datetime="2026-03-09T16:30:00+00:00">' in drawn("{% local_time at %}", at=late)
    assert drawn("{{ at|local_time }}", at=date(2026, 3, 9)) == "2026-03-09"
    assert drawn("{% local_time at %}{{ at|local_time }}", at=None) == "——"


@pytest.mark.parametrize(
    ("value", "kind", "chinese", "english"),
    [
        ("1", "work_day", "1 个工作日", "1 working day"),
        ("2.0", "work_hour", "2 个工作时", "2 working hours"),
        ("0.5", "work_hour", "0.5 个工作时", "0.5 working hours"),
        ("5", "legal_workday", "5 个工作日（法定）", "5 statutory working days"),
        ("30", "minute_cont", "30 分钟（连续）", "30 minutes, day and night"),
        ("100", "natural_day", "100 个自然日", "100 calendar days"),
    ],
)
def test_an_allowance_is_said_in_words(value: str, kind: str, chinese: str, english: str) -> None:
    limit = SimpleNamespace(value=Decimal(value), kind=kind)
    assert drawn("{{ limit|allowance }}", limit=limit) == chinese
    with translation.override("en"):
        assert drawn("{% allowance limit.value limit.kind %}", limit=limit) == english
    assert drawn("{{ limit|allowance }}", limit=None) == "—"


def test_every_kind_of_allowance_has_words() -> None:
    from clocks.choices import AllowanceKind
    from config.wording import allowance_words

    for kind in AllowanceKind.values:
        assert kind not in allowance_words(Decimal(2), kind)


def test_a_query_string_changes_only_what_is_named() -> None:
    address = "/?lamp=red&risk=a&risk=b&cursor=x"
    assert drawn('{% query lamp="amber" cursor=None %}', address) == (
        "?lamp=amber&amp;risk=a&amp;risk=b"
    )


def test_the_pager_links_both_ways_and_keeps_the_filters() -> None:
    one = SimpleNamespace(next_cursor="n/1", previous_cursor=None)
    page = drawn("{% paging items %}", "/?lamp=red", items=one)
    assert 'href="?lamp=red&amp;cursor=n%2F1"' in page
    assert "上一页" not in page
    alone = SimpleNamespace(next_cursor=None, previous_cursor=None)
    assert drawn("{% paging items %}", items=alone).strip() == ""


def test_a_sorted_column_says_so_and_turns_round() -> None:
    head = '{% sort_header "due_at" "截止" %}'
    assert 'aria-sort="none"' in drawn(head)
    assert "ordering=due_at" in drawn(head)
    assert 'aria-sort="ascending"' in drawn(head, "/?ordering=due_at&cursor=x")
    assert 'href="?ordering=-due_at"' in drawn(head, "/?ordering=due_at&cursor=x")
    assert 'aria-sort="descending"' in drawn(head, "/?ordering=-due_at")


def test_chips_take_away_one_value_each() -> None:
    from django.contrib.contenttypes.models import ContentType

    from config.styleguide import SampleFilter

    address = "/?risk=red&risk=blue&urgent=on&since="
    request = RequestFactory().get(address)
    bar = drawn(
        "{% filter_bar filter %}",
        address,
        filter=SampleFilter(request.GET, ContentType.objects.none()),
    )
    assert bar.count('class="chip"') == 3
    assert 'href="?risk=blue&amp;urgent=on&amp;since="' in bar
    assert "仅紧急" in bar
