"""Colours can be told apart by everyone, files stay small, and every icon that is asked for exists."""

import re
from itertools import product
from pathlib import Path

import pytest

from config.icons import icon_svg

TEXT = 4.5  # WCAG 2.1 AA, 1.4.3
SHAPE = 3.0  # WCAG 2.1 AA, 1.4.11
INKS = [
    *product(["ink", "soft", "brand", "red", "green", "amber"], ["ground", "card", "sunken"]),
    ("on-brand", "brand"),
    ("on-brand", "brand-deep"),
    ("brand-deep", "brand-tint"),
    ("brand", "brand-tint"),
    ("ink", "brand-tint"),
    ("card", "red"),
    ("card", "green"),
    ("side-ink", "side"),
    ("side-soft", "side"),
    *[
        (tone, f"{tone}-tint")
        for tone in ["green", "amber", "red", "blue", "yellow", "orange", "plain"]
    ],
]
SHAPES = [
    ("edge", "card"),
    *[(f"{tone}-mark", ground) for tone in ("green", "amber", "red") for ground in ("card",)],
    *[(f"{tone}-mark", f"{tone}-tint") for tone in ("green", "amber", "red")],
]


def palettes(project: Path) -> dict[str, dict[str, str]]:
    """The colours of site.css by theme; dark falls back on light."""
    css = (project / "static/site/site.css").read_text()
    light, dark = re.findall(r"\[data-bs-theme=\"(?:light|dark)\"\] \{(.*?)\n\}", css, re.DOTALL)[
        :2
    ]
    read = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in (light, dark)]
    return {"light": read[0], "dark": {**read[0], **read[1]}}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [*[(*pair, TEXT) for pair in INKS], *[(*pair, SHAPE) for pair in SHAPES]],
)
def test_every_ink_stands_out_from_its_ground(
    project_folder: Path, theme: str, ink: str, ground: str, least: float
) -> None:
    colours = palettes(project_folder)[theme]
    assert contrast(colours[ink], colours[ground]) >= least


def test_the_frames_own_files_stay_small(project_folder: Path) -> None:
    site = project_folder / "static/site"
    styles = re.sub(r"/\*.*?\*/", "", (site / "site.css").read_text(), flags=re.DOTALL)
    styles = re.sub(r"\s*([{};:,>])\s*", r"\1", re.sub(r"\s+", " ", styles))
    scripts = "".join(file.read_text() for file in site.glob("*.js"))
    assert len(styles) < 22_500  # with messages and the log; some 6 KB on the wire
    assert len(re.sub(r"(?m)^\s*//.*\n", "", scripts)) < 21_504  # some 7 KB on the wire


def test_every_icon_that_a_template_names_exists(project_folder: Path) -> None:
    for file in (project_folder / "templates").rglob("*.html"):
        source = file.read_text()
        for name in re.findall(r"{% icon \"([^\"]+)\"", source):
            assert icon_svg(name), file
        for name in re.findall(r"icon(?:_name)?=\"([^\"]+)\"", source):
            assert icon_svg(name), file


def test_no_template_has_an_inline_script_or_handler(project_folder: Path) -> None:
    for file in (project_folder / "templates").rglob("*.html"):
        source = file.read_text()
        assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", source), file
        assert not re.search(r"\son\w+=\"", source), file
        assert "javascript:" not in source, file
