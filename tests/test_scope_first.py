"""Every read of a page or of the API starts at what the actor sees: nothing is taken past the queries of a room."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOMS = (
    "accounts",
    "clocks",
    "config",
    "escalation",
    "borders",
    "campaigns",
    "emergency",
    "hotline",
    "grids",
    "incidents",
    "journal",
    "notices",
    "steps",
    "supervision",
    "whistles",
)
READS = {
    "all", "get", "filter", "exclude", "first", "last", "in_bulk", "order_by", "values", "values_list",
    "select_related", "prefetch_related", "raw", "iterator",
}  # fmt: skip

# (file, function): why it may read past the scope.
ALLOWED = {
    ("incidents/api.py", "_seen_after"): (
        "answers a step that was just allowed, and that may have taken the case out of sight"
    ),
    ("grids/pages/draw.py", "_present"): "what is stored now, after `managed` let this person in",
    ("grids/pages/area.py", "_body"): "the office of an area that is seen; offices are no secret",
}


def _faces() -> Iterator[Path]:
    root = Path(settings.BASE_DIR)
    for room in ROOMS:
        yield from sorted((root / room).glob("api*.py"))
        yield from sorted((root / room).glob("pages.py"))
        yield from sorted((root / room / "pages").rglob("*.py"))


def _reads(face: Path) -> Iterator[tuple[str, int, str]]:
    """(function, line, what) of every `X.objects.read` in a file."""
    for top in ast.parse(face.read_text(encoding="utf-8")).body:
        for node in ast.walk(top):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in READS
                and isinstance(node.value, ast.Attribute)
                and node.value.attr in ("objects", "_default_manager", "_base_manager")
            ):
                yield getattr(top, "name", ""), node.lineno, ast.unparse(node)


def _found() -> dict[tuple[str, str], str]:
    root = Path(settings.BASE_DIR)
    return {
        (str(face.relative_to(root)), function): f"{face.relative_to(root)}:{line}: {what}"
        for face in _faces()
        for function, line, what in _reads(face)
    }


def test_there_are_faces_to_look_at() -> None:
    names = {str(face.relative_to(settings.BASE_DIR)) for face in _faces()}
    assert {
        "incidents/api.py",
        "incidents/pages/case.py",
        "grids/api.py",
        "clocks/pages.py",
    } <= names


def test_pages_and_api_read_only_through_the_queries_of_their_room() -> None:
    found = _found()
    assert not [where for key, where in found.items() if key not in ALLOWED]


def test_every_exception_is_still_needed() -> None:
    assert not ALLOWED.keys() - _found().keys()
