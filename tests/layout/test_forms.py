"""Every field has its label, its help and its errors, tied together for screen readers."""

from html.parser import HTMLParser

import pytest
from django.utils import translation

from config.styleguide import SampleForm


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def by_id(self, ident: str) -> dict[str, str | None]:
        return next(attrs for _tag, attrs in self.found if attrs.get("id") == ident)

    def ids(self) -> set[str | None]:
        return {attrs.get("id") for _tag, attrs in self.found}


@pytest.fixture
def answered() -> Elements:
    """A form that came back with errors."""
    return Elements(str(SampleForm({"text": "x", "risk": "purple", "way": ""})))


def test_every_label_points_at_its_field() -> None:
    form = Elements(str(SampleForm()))
    targets = {attrs["for"] for tag, attrs in form.found if tag == "label" and "for" in attrs}
    assert targets
    assert targets <= form.ids()


def test_help_and_errors_are_described_by(answered: Elements) -> None:
    described = answered.by_id("id_title")["aria-describedby"]
    assert described is not None
    assert set(described.split()) == {"id_title_helptext", "id_title_error"}
    assert set(described.split()) <= answered.ids()


def test_a_wrong_field_is_marked_for_eyes_and_ears(answered: Elements) -> None:
    title = answered.by_id("id_title")
    assert title["aria-invalid"] == "true"
    assert title["class"] is not None
    assert "is-invalid" in title["class"].split()


@pytest.mark.parametrize(
    ("ident", "css"),
    [
        ("id_title", "form-control"),
        ("id_text", "form-control"),
        ("id_risk", "form-select"),
        ("id_way_0", "form-check-input"),
        ("id_sure", "form-check-input"),
        ("id_photo", "form-control"),
    ],
)
def test_each_kind_of_field_has_its_class(ident: str, css: str) -> None:
    attrs = Elements(str(SampleForm())).by_id(ident)
    assert css in (attrs["class"] or "").split()


def test_errors_of_the_whole_form_stand_above_it_as_an_alert() -> None:
    form = SampleForm({"title": "x"})
    form.add_error(None, "两处不符")
    html = str(form)
    assert html.index("两处不符") < html.index('name="title"')
    assert 'role="alert"' in html


def test_dates_reach_the_browser_as_it_wants_them_in_both_languages() -> None:
    from datetime import date

    for language in ("zh-hans", "en"):
        with translation.override(language):
            html = str(SampleForm(initial={"day": date(2026, 3, 9)})["day"])
            assert 'type="date"' in html
            assert 'value="2026-03-09"' in html
