"""No event is shown to people as its bare code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from accounts.roles import May
from config.icons import icon_svg
from journal.wording import label_of, subjects, wordings

ROOMS = (
    "accounts",
    "clocks",
    "escalation",
    "borders",
    "campaigns",
    "emergency",
    "hotline",
    "grids",
    "incidents",
    "journal",
    "notices",
    "supervision",
    "whistles",
)
# Calls whose first text, or whose argument `verb`, is a verb.
WRITERS = {"append", "Happening", "Deed", "_journal", "happened", "_happened"}
VERB = re.compile(r"[a-z_]+\.[a-z_]+")


def written_verbs(project: Path) -> Iterator[tuple[str, str]]:
    """(verb, file) of every event that the rooms write under a name that can be read off the code."""
    for room in ROOMS:
        for path in (project / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and _called(node) in WRITERS:
                    yield from ((verb, path.name) for verb in _texts(node))


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _texts(node: ast.Call) -> Iterator[str]:
    given = [*node.args[:3], *(k.value for k in node.keywords if k.arg == "verb")]
    for argument in given:
        for part in ast.walk(argument):
            text = part.value if isinstance(part, ast.Constant) else None
            if isinstance(text, str) and VERB.fullmatch(text) and text not in set(May):
                yield text


def test_every_verb_that_is_written_has_a_sentence(project_folder: Path) -> None:
    found = dict(written_verbs(project_folder))
    assert len(found) > 20, "the search has lost its eyes"
    missing = {f"{verb} ({file})" for verb, file in found.items() if verb not in wordings()}
    assert not missing


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_sentence_can_be_said_and_every_icon_drawn(language: str) -> None:
    with translation.override(language):
        for verb, wording in wordings().items():
            assert label_of(verb), verb
            assert icon_svg(wording.icon), verb
        assert all(str(subject.label) for subject in subjects().values())


def test_in_chinese_no_sentence_is_left_in_english() -> None:
    with translation.override("zh-hans"):
        english = {verb for verb in wordings() if not re.search(r"[\u4e00-\u9fff]", label_of(verb))}
    assert not english
