"""Take pictures of pages as people see them: both widths, light and dark, Chinese and English.

    python -m tools.look --base http://127.0.0.1:8000 --user NAME --password SECRET --out DIR /cases/ …

Without --user the pages are taken signed out. Each picture is DIR/<page>-<width>-<theme>-<language>.png;
the command says every console error and every answer above 399, and then ends with 1.
"""

import argparse
import re
import shutil
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES = {"390": (390, 844), "1440": (1440, 900), "1920": (1920, 1080)}
LANGUAGES = {"zh": "zh-hans", "en": "en"}


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="+", help="addresses below --base, e.g. /cases/")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--widths", default="390,1440")
    parser.add_argument("--themes", default="light,dark")
    parser.add_argument("--languages", default="zh,en")
    parser.add_argument("--fold", action="store_true", help="only what is seen without scrolling")
    parser.add_argument(
        "--wait", type=int, default=300, help="milliseconds to settle (maps need more)"
    )
    parser.add_argument("--browser", default=shutil.which("chromium") or "/usr/bin/chromium")
    return parser.parse_args()


def _sign_in(page: Any, base: str, user: str, password: str) -> None:
    page.goto(f"{base}/accounts/sign-in/")
    page.fill('input[name="username"]', user)
    page.fill('input[name="password"]', password)
    page.click('main form [type="submit"], main form button:not([type])')
    page.wait_for_load_state("networkidle")


def _name(path: str) -> str:
    return re.sub(r"[^\w-]+", "_", path).strip("_") or "home"


def _looks(wanted: argparse.Namespace) -> Iterator[tuple[str, str, str]]:
    yield from product(
        wanted.widths.split(","), wanted.themes.split(","), wanted.languages.split(",")
    )


def look(wanted: argparse.Namespace) -> list[str]:
    """Take all pictures; returns what went wrong on the pages."""
    from playwright.sync_api import sync_playwright

    wanted.out.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=wanted.browser, args=list(ARGUMENTS))
        state: Any = None
        if wanted.user:
            first = browser.new_context(locale="zh-CN")
            _sign_in(first.new_page(), wanted.base, wanted.user, wanted.password)
            state = first.storage_state()
        for width, theme, language in _looks(wanted):
            context = _context(browser, state, wanted.base, width, theme, language)
            page = context.new_page()
            _listen(page, wrong)
            for path in wanted.paths:
                answer = page.goto(wanted.base + path, wait_until="networkidle")
                if answer is None or answer.status >= 400:
                    wrong.append(f"{path}: {answer.status if answer else 'no answer'}")
                page.wait_for_timeout(wanted.wait)
                file = wanted.out / f"{_name(path)}-{width}-{theme}-{language}.png"
                page.screenshot(path=file, full_page=not wanted.fold)
                print(file)
            context.close()
        browser.close()
    return wrong


def _listen(page: Any, wrong: list[str]) -> None:
    """Note what the page's console calls an error."""

    def heard(message: Any) -> None:
        if message.type == "error":
            wrong.append(f"console: {message.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))


def _context(browser: Any, state: Any, base: str, width: str, theme: str, language: str) -> Any:
    across, down = SIZES.get(width, (int(width), 900))
    context = browser.new_context(
        storage_state=state,
        viewport={"width": across, "height": down},
        device_scale_factor=2 if across < 600 else 1,
        is_mobile=across < 600,
        has_touch=across < 600,
        color_scheme=theme,
    )
    context.add_cookies(
        [
            {"name": "django_language", "value": LANGUAGES[language], "url": base},
            {"name": "theme", "value": theme, "url": base},
        ]
    )
    return context


def main() -> None:
    wrong = look(_wanted())
    for line in dict.fromkeys(wrong):
        print(line, file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
