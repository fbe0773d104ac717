"""The document of permissions is what the table of roles says."""

from pathlib import Path

from django.utils import translation

from accounts.roles import RULES, May, Role
from tools import draw_permissions


def test_the_drawn_page_is_what_the_table_says(project_folder: Path) -> None:
    with translation.override("en"):
        drawn = draw_permissions.page()
    assert (project_folder / "docs" / "permissions.md").read_text(encoding="utf-8") == drawn


def test_every_permission_is_held_by_somebody_and_every_role_has_a_rule() -> None:
    assert RULES.keys() == set(Role)
    assert not set(May) - {may for rule in RULES.values() for may in rule.may}
