"""Take the pictures of docs/screenshots from a running demonstration, small enough to keep in the project.

    python -m tools.pictures --base http://127.0.0.1:8000 --password SECRET [NAME …]

Each is one line of `PICTURES`; with names, only these are taken again.
"""

import argparse
import io
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from tools.look import ARGUMENTS, _context, _listen, _sign_in

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
LARGEST = 150_000  # bytes
TALLEST = 1600  # CSS pixels; a longer page is cut there


@dataclass(frozen=True)
class Picture:
    """One file: who looks at which page, and how. `then` is a link to follow from there."""

    name: str
    account: str
    path: str
    width: str = "1440"
    theme: str = "light"
    language: str = "zh"
    then: str = ""
    whole: bool = False
    part: str = ""  # only this element of the page


ROW = "main [data-row] a[href^='/cases/2'], main a[href^='/cases/2']"
EIGHTH = "main tr[data-row]:nth-child(8) a[href^='/cases/2']"
LADDER = "section[aria-labelledby=ladder-title]"
WORK = "main tr[data-row]:has(.tag-w-checked_in) a[href^='/whistles/W']"
CALLED = "main a[href$='/come/']"
HOOK = "main a[href^='/notices/webhooks/']"
CALCULATED = "/clocks/calculator/?start=2026-09-29T15:00&value=3&kind=legal_workday"
PLACE = {"longitude": 117.2105, "latitude": 39.0935}  # in the demonstration, WGS 84
PICTURES = (
    Picture("sign-in", "", "/accounts/sign-in/"),
    Picture("sign-in-phone", "", "/accounts/sign-in/", "390", language="en"),
    Picture("field-phone", "worker", "/cases/field/", "390"),
    Picture("report-phone", "worker", "/cases/report/", "390"),
    Picture("inbox", "clerk", "/cases/inbox/"),
    Picture("inbox-phone", "dispatcher", "/cases/inbox/", "390", language="en"),
    Picture("case", "dispatcher", "/cases/inbox/?queue=to_verify", then=ROW, whole=True),
    Picture("case-phone", "department", "/cases/todo/", "390", then=ROW),
    Picture("map", "commander", "/cases/map/"),
    Picture("map-dark", "commander", "/cases/map/", theme="dark", language="en"),
    Picture("todo", "department", "/cases/todo/", language="en"),
    Picture("catalogue", "clerk", "/cases/catalogue/"),
    Picture("calculator", "clerk", CALCULATED, language="en", whole=True),
    Picture("areas", "sysadmin", "/areas/"),
    Picture("audit", "audit", "/journal/"),
    Picture("supervision", "supervisor", "/supervision/"),
    Picture("supervision-dark", "supervisor", "/supervision/", theme="dark", language="en"),
    Picture("cards", "supervisor", "/supervision/cards/"),
    Picture("ladder", "commander", "/supervision/", then=EIGHTH, part=LADDER),
    Picture("ladder-rules", "sysadmin", "/escalation/how/?stage=handle", language="en", whole=True),
    Picture("whistle", "secretary", "/whistles/", then=WORK, whole=True),
    Picture("whistle-new", "secretary", "/whistles/new/", language="en", whole=True),
    Picture("called-phone", "fire", "/whistles/called/", "390", then=CALLED),
    # The demonstration has no partner: give one access at /accounts/clients/ and subscribe in its name first.
    Picture("webhook", "secadmin", "/notices/webhooks/", language="en", then=HOOK),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--password", required=True, help="of the demonstration's accounts")
    parser.add_argument("--browser", default=shutil.which("chromium") or "/usr/bin/chromium")
    given = parser.parse_args()
    wanted = [p for p in PICTURES if not given.names or p.name in given.names]
    wrong = list(_taken(wanted, given.base, given.password, given.browser))
    for line in dict.fromkeys(wrong):
        print(line, file=sys.stderr)
    sys.exit(1 if wrong else 0)


def _taken(
    pictures: Sequence[Picture], base: str, password: str, browser_path: str
) -> Iterator[str]:
    """Take them all, one account after the other; gives what went wrong on the pages."""
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(ARGUMENTS))
        for account in dict.fromkeys(picture.account for picture in pictures):
            state = _state(browser, base, account, password)
            for picture in (p for p in pictures if p.account == account):
                yield from _take(browser, state, base, picture)
        browser.close()


def _state(browser: Any, base: str, account: str, password: str) -> Any:
    if not account:
        return None
    context = browser.new_context(locale="zh-CN")
    _sign_in(context.new_page(), base, account, password)
    state = context.storage_state()
    context.close()
    return state


def _take(browser: Any, state: Any, base: str, picture: Picture) -> list[str]:
    wrong: list[str] = []
    context = _context(browser, state, base, picture.width, picture.theme, picture.language)
    context.grant_permissions(["geolocation"])
    context.set_geolocation(PLACE)
    page = context.new_page()
    page.set_default_timeout(90_000)  # a busy machine is slow, not wrong
    _listen(page, wrong)
    page.goto(base + picture.path, wait_until="networkidle")
    if picture.then:
        if not page.locator(picture.then).count():
            context.close()
            return [f"{picture.name}: nothing to follow on {picture.path}"]
        address = page.locator(picture.then).first.get_attribute("href")
        page.goto(base + str(address), wait_until="networkidle")
    page.wait_for_timeout(1500)  # maps settle
    if picture.whole:  # a taller window, so that the menu at the side reaches the end
        height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        page.set_viewport_size({"width": int(picture.width), "height": height})
        page.wait_for_timeout(500)
    raw = page.locator(picture.part).screenshot() if picture.part else page.screenshot()
    context.close()
    size = _keep(raw, picture)
    print(f"{picture.name}: {size // 1000} kB")
    return [f"{picture.name}: {line}" for line in wrong]


def _keep(raw: bytes, picture: Picture) -> int:
    """Write the picture with as many colours as the size allows; its size in bytes."""
    image = Image.open(io.BytesIO(raw)).convert("RGB")
    scale = 2 if picture.width == "390" else 1
    if scale == 2:
        image = image.resize((585, image.height * 585 // image.width), Image.Resampling.LANCZOS)
    for colours in (256, 128, 64, 32, 16):
        packed = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        if packed.tell() <= LARGEST:
            break
    (FOLDER / f"{picture.name}.png").write_bytes(packed.getvalue())
    return packed.tell()


if __name__ == "__main__":
    main()
