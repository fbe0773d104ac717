"""The translations tool finds what a reader of Chinese would stumble over."""

from collections.abc import Callable
from pathlib import Path

import polib
import pytest

from tools import translations

Plant = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of two rooms, one page and one module, fully translated."""
    for room in ("config", "grids"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "apps.py").touch()
    (tmp_path / "templates" / "grids").mkdir(parents=True)
    page(tmp_path, '{% load i18n %}<h1>{% translate "Grids" %}</h1>')
    (tmp_path / "grids" / "retire.py").write_text(
        "from django.utils.translation import ngettext\n"
        'said = ngettext("%(n)s grid of %(area)s", "%(n)s grids of %(area)s", 3)\n'
    )
    translations.update(tmp_path, "grids")
    translate(tmp_path, {"Grids": "网格", "%(n)s grid of %(area)s": "%(area)s的%(n)s个网格"})
    return tmp_path


def page(project: Path, source: str, name: str = "grids/list.html") -> None:
    (project / "templates" / name).write_text(source)


def translate(project: Path, words: dict[str, str], room: str = "grids") -> None:
    path = translations.catalogue_path(project, room)
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: words.get(entry.msgid, "")}
        else:
            entry.msgstr = words.get(entry.msgid, entry.msgstr)
    catalogue.save()


def test_a_complete_room_has_no_faults(project: Path) -> None:
    assert translations.check(project, "grids") == []


def test_a_new_string_without_chinese_is_found(project: Path) -> None:
    page(
        project, '{% load i18n %}<a title="{% translate "Retire" %}"></a>{{ x|default:_("None") }}'
    )
    assert translations.check(project, "grids") == [
        "templates/grids/list.html: no Chinese translation: 'Retire'",
        "templates/grids/list.html: no Chinese translation: 'None'",
    ]


def test_update_adds_what_is_new_and_drops_what_is_gone(project: Path) -> None:
    page(
        project,
        "{% load i18n %}{% blocktranslate trimmed %}Retire\n {{ a }}{% endblocktranslate %}",
    )
    assert translations.update(project, "grids") == (1, 1)
    catalogue = polib.pofile(str(translations.catalogue_path(project, "grids")))
    assert [entry.msgid for entry in catalogue] == ["%(n)s grid of %(area)s", "Retire %(a)s"]


def test_a_fuzzy_translation_is_found(project: Path) -> None:
    path = translations.catalogue_path(project, "grids")
    catalogue = polib.pofile(str(path))
    catalogue.find("Grids").flags.append("fuzzy")
    catalogue.save()
    assert "marked fuzzy" in translations.check(project, "grids")[0]


def test_a_lost_placeholder_is_found(project: Path) -> None:
    translate(project, {"%(n)s grid of %(area)s": "%(n)s个网格"})
    [fault] = translations.check(project, "grids")
    assert "placeholders %(n)s instead of %(area)s, %(n)s" in fault


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("<p>\n  Bare words</p>", 2),
        ("<p>裸字</p>", 1),
        ('<input placeholder="Type here">', 1),
        ('<input type="submit" value="Send">', 1),
        ('<button aria-label="Close"></button>', 1),
        ("{% if a %}Yes{% endif %}", 1),
    ],
)
def test_text_outside_translate_is_found_with_its_line(
    project: Path, source: str, line: int
) -> None:
    page(project, source)
    [fault] = translations.check(project, "grids")
    assert fault.startswith(f"templates/grids/list.html:{line}: text outside translate")


@pytest.mark.parametrize(
    "source",
    [
        '<span translate="no">Français <b>oui</b></span>',
        "<script>const a = 1</script>",
        "<code>ruff check</code>",
        "{# a remark #}{% comment %}more{% endcomment %}",
        "<p>{{ name }} · 12:30 / 5 km</p>",
        '<input type="hidden" name="a" value="words">',
    ],
)
def test_what_needs_no_translation_is_left_alone(project: Path, source: str) -> None:
    page(project, source)
    assert translations.check(project, "grids") == []


def test_two_rooms_may_not_translate_one_string_differently(project: Path) -> None:
    page(project, '{% load i18n %}{% translate "Grids" %}', name="base.html")
    translations.update(project, "config")
    assert translations.contradictions(project) == []  # taken over from the other room
    translate(project, {"Grids": "格子"}, room="config")
    [fault] = translations.contradictions(project)
    assert fault.startswith("'Grids': config says 格子, grids says 网格")


def test_compiling_makes_only_what_is_older_than_its_source(project: Path) -> None:
    assert translations.compile_all(project) == 1
    assert translations.compile_all(project) == 0
    compiled = translations.catalogue_path(project, "grids").with_suffix(".mo")
    assert polib.mofile(str(compiled)).find("Grids").msgstr == "网格"
