"""Templates that are named exist: what another includes or extends, and the fragments that pages answer with."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from config.pages import fragment_of

ROOT = Path(settings.BASE_DIR)
_TAG = re.compile(r"""{% (?:include|extends) "([^"]+)" """)
_PAGE = re.compile(r""""([a-z_]+/[a-z_]+\.html(?:#[a-z_]+)?)\"""")


def _named() -> set[str]:
    found = set()
    for template in (ROOT / "templates").rglob("*.html"):
        found.update(_TAG.findall(template.read_text(encoding="utf-8")))
    for pages in ROOT.glob("*/pages/*.py"):
        for name in _PAGE.findall(pages.read_text(encoding="utf-8")):
            full, part = fragment_of(name)
            found.update((full, part) if "#" in name else (full,))
    return found


@pytest.mark.parametrize("name", sorted(_named()))
def test_a_template_that_is_named_exists(name: str) -> None:
    get_template(name)
