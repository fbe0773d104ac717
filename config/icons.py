"""Icons drawn into the page: no font, no request, coloured like the text beside them."""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

FOLDERS = ("outline", "filled")
_OUTLINE = SafeString(
    'fill="none" stroke="currentColor" stroke-width="1.75" '
    'stroke-linecap="round" stroke-linejoin="round"'
)
_FILLED = SafeString('fill="currentColor"')
_CANVAS = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


class NoSuchIcon(LookupError):
    """No file of the icon set has this name."""


def icon_svg(name: str, classes: str = "", label: str = "") -> SafeString:
    """The icon `name` (`bell`, `filled/star`) as inline SVG; unheard unless it has a `label`.

    Raises NoSuchIcon.
    """
    folder, _slash, stem = name.rpartition("/")
    strokes = SafeString(_strokes(folder or "outline", stem))
    voice = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString('aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" width="24" height="24" {} {}>{}</svg>',
        classes,
        _FILLED if folder == "filled" else _OUTLINE,
        voice,
        strokes,
    )


@lru_cache(maxsize=512)
def _strokes(folder: str, stem: str) -> str:
    """What is between the svg tags of an icon's file, without its empty canvas."""
    if folder not in FOLDERS or not re.fullmatch(r"[a-z0-9-]+", stem):
        raise NoSuchIcon(f"{folder}/{stem}")
    try:
        drawn = (Path(settings.ICONS_DIR) / folder / f"{stem}.svg").read_text("utf-8")
    except FileNotFoundError:
        raise NoSuchIcon(f"{folder}/{stem}") from None
    body = drawn[drawn.index(">", drawn.index("<svg")) + 1 : drawn.index("</svg>")]
    return re.sub(r"\s+", " ", body).replace(_CANVAS, "").strip()
