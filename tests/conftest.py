"""What every test stands on: the real database and broker, set up once for all workers of a run."""

import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.utils import translation
from pytest_django.plugin import blocking_manager_key

from config import embedded
from tests import settings as test_settings
from tools.translations import compile_all

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Playwright leaves an event loop running in this thread for as long as a browser is open. Django would
# then give the same thread other connections than before: half a test here, half there, in a deadlock.
connections._connections = threading.local()  # type: ignore[attr-defined]

_started_here = False
_emptied = False
_lock: IO[str] | None = None


def _is_long(item: pytest.Item) -> bool:
    folder, file = item.path.parent.name, item.path.name
    return (
        folder in ("drills", "browser") or file == "test_two_at_once.py" or "slow" in item.keywords
    )


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Every process that runs tests starts its servers; the one that only hands them out has none."""
    global _started_here
    option = session.config.option
    is_worker = hasattr(session.config, "workerinput")
    if option.collectonly:
        return
    if not is_worker:
        _take_the_folder()
        compile_all(settings.BASE_DIR)
    hands_out = not is_worker and getattr(option, "numprocesses", None)
    if not hands_out and not (settings.DATABASE_URL and settings.REDIS_URL):
        _started_here = embedded.start(settings.VAR_DIR, durable=False)


def _take_the_folder() -> None:
    global _lock
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    _lock = (settings.VAR_DIR / "test.lock").open("w")
    try:
        fcntl.flock(_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        said = f"Tests are running already in {settings.VAR_DIR}; set YIWANG_VAR to run others too."
        pytest.exit(said, returncode=pytest.ExitCode.USAGE_ERROR)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    if _started_here:
        embedded.stop(settings.VAR_DIR)


def pytest_addoption(parser: pytest.Parser) -> None:
    said = "also run drills, races, stories in the browser and what takes more than ten seconds, as .ci/run does"
    parser.addoption("--everything", action="store_true", help=said)


def pytest_configure(config: pytest.Config) -> None:
    """Naming a path asks for everything in it. Workers are told by the process that hands out."""
    if not hasattr(config, "workerinput"):
        named = any(str(each).startswith("tests") for each in config.invocation_params.args)
        config.option.everything = config.option.everything or named


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _leave_the_long_ones_out(config, items)
    if chromium_path() is None:
        for item in items:
            if "browser" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="no Chromium was found"))


def _leave_the_long_ones_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drills start and kill many processes, stories in the browser start servers, races write in many connections
    and have every table emptied after them; with the slow tests they take minutes."""
    if config.option.everything:
        return
    long = [item for item in items if _is_long(item)]
    items[:] = [item for item in items if item not in long]
    config.hook.pytest_deselected(items=long)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give back what migrations seed, where a test with real transactions has emptied the tables before."""
    global _emptied
    real = "transactional_db" in getattr(item, "fixturenames", ()) or any(
        mark.kwargs.get("transaction") for mark in item.iter_markers("django_db")
    )
    if _emptied and not real:
        with item.config.stash[blocking_manager_key].unblock():
            import_module("clocks.migrations.0002_seed_country").seed(apps, None)
        _emptied = False
    _emptied = _emptied or real


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if "no Chromium was found" in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(
            f"{len(skipped)} browser tests did not run: no Chromium was found."
            " Install chromium, or name it in the variable CHROMIUM.",
            yellow=True,
        )


def chromium_path() -> str | None:
    """The browser to test with: `CHROMIUM`, or what the machine has."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    given = os.environ.get("CHROMIUM", "")
    return given or next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Django empties tables after a test with real transactions; the log forbids that, except here."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        on_truncate = 1 << 5
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgtype & %s <> 0",
            [on_truncate],
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


@pytest.fixture(scope="session", autouse=True)
def _media_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _fresh_mind() -> None:
    """Nothing cached, and the default language: a request leaves its own behind in the thread."""
    test_settings.empty_the_cache()
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """One Chromium for the session; a test opens a context of its own in it."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, and Django would take it for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    quiet = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
    still = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*quiet, *still])
        yield browser
        browser.close()


@pytest.fixture
def project_folder() -> Path:
    """The folder of the project."""
    return Path(settings.BASE_DIR)


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder for another installation with servers of its own.

    Not pytest's own: to that one it shuts out the account that servers of root step down to.
    """
    folder = Path(tempfile.mkdtemp(prefix="home-", dir=settings.VAR_DIR))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
