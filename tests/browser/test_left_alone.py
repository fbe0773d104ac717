"""A case that everybody leaves alone, in a real browser: it climbs from reminder to district while time is moved."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from clocks.tasks import sweep
from escalation.tasks import climb, plan
from escalation.tasks import tell as tell_of_ladders
from incidents.choices import Level, State
from incidents.models import Incident
from incidents.tasks import tell as tell_of_cases
from supervision.tasks import tell as tell_of_orders
from tests.browser.conftest import PHONE, sign_in
from tests.browser.test_one_case import take as press_through
from tests.browser.test_one_case import tick_all
from tests.clocks.factories import seeded
from tests.escalation.ladders import default_rules, ladder_of
from tests.incidents.town import START, Town, a_case, a_report, town

pytestmark = pytest.mark.browser

LADDER = "section[aria-labelledby=ladder-title]"
Clock = Callable[[datetime], None]


@pytest.fixture
def clock(settings: Any) -> Iterator[Clock]:
    """Everybody's time, from a Monday morning on; calling it moves the time and lets all the workers work.

    The browser keeps its own time, so cookies say nothing of theirs.
    """
    settings.SESSION_EXPIRE_AT_BROWSER_CLOSE = True
    settings.CSRF_COOKIE_AGE = None
    with time_machine.travel(START, tick=True) as traveller:

        def move(to: datetime) -> None:
            traveller.move_to(to)
            for work in (sweep, plan, climb, tell_of_ladders, tell_of_orders, tell_of_cases):
                work()

        yield move


@pytest.fixture
def here(transactional_db: None, clock: Clock) -> Town:
    """The town on that Monday, with calendar and default ladders."""
    seeded()
    default_rules()
    return town()


class Official:
    """Somebody with a page, who signs in again where a day has passed since the last look."""

    def __init__(self, page: Any, username: str) -> None:
        self.page, self.username = page, username

    def open(self, path: str) -> Any:
        self.page.goto(path, wait_until="networkidle")
        if "sign-in" in self.page.url:
            sign_in(self.page, self.username)
            self.page.goto(path, wait_until="networkidle")
        return self.page

    def story(self, case: Incident) -> str:
        """What the case's page tells of its ladder now."""
        return str(self.open(f"/cases/{case.number}/").inner_text(LADDER))

    def level(self) -> str:
        """Where the page of the case that is open says that it lies."""
        return str(self.page.inner_text(f"{LADDER} .stages .now"))

    def heard(self) -> str:
        return str(self.open("/notices/").inner_text("main"))

    def row_on_the_desk(self, case: Incident) -> Any:
        return self.open("/supervision/").locator("tr[data-row]", has_text=case.number)


@pytest.fixture
def official(sit_down: Callable[..., Any], here: Town) -> Callable[..., Official]:
    def signs_in(name: str, *viewport: Any) -> Official:
        return Official(sit_down(name, *viewport), here.people[name].username)

    return signs_in


def dispatched_by_clicking(official: Callable[..., Official], here: Town, clock: Clock) -> Incident:
    """Reported by a worker; filed and dispatched in the browser."""
    case = a_report(here)
    clock(here.now + timedelta(minutes=5))
    press_through(official("clerk").page, case.number, "file", tick_all)
    press_through(official("dispatcher").page, case.number, "dispatch")
    plan()
    return Incident.objects.get(pk=case.pk)


def next_rung(case: Incident, stage: str) -> datetime:
    """A second after the next rung of this stage's ladder is due."""
    due = ladder_of(case, stage).next_at
    assert due is not None
    return due + timedelta(seconds=1)


def fired(who: Official, case: Incident) -> list[str]:
    """What has happened by itself, ladder by ladder, as the case's page tells it."""
    who.story(case)
    done = who.page.locator(f"{LADDER} ol.line > li:has(.tone-amber, .tone-red)")
    return list(done.all_inner_texts())


def left_alone_until(clock: Clock, case: Incident, level: Level) -> None:
    """Nobody does anything until the case has climbed so far."""
    for _rung in range(30):
        case.refresh_from_db()
        if case.escalated_level >= level:
            return
        clock(next_rung(case, "handle"))
    pytest.fail(f"the case never came to {level.label}")


@pytest.mark.slow
def test_a_case_left_alone_climbs_from_reminder_to_district_and_its_page_tells_the_whole_story(
    official: Callable[..., Official], here: Town, clock: Clock
) -> None:
    case = dispatched_by_clicking(official, here, clock)
    handler, commander = official("handler", PHONE), official("commander")
    supervisor = official("supervisor")
    assert "提醒经办人" in handler.story(case), "what will come is told from the beginning"
    assert fired(handler, case) == []
    assert handler.level() == "网格"

    clock(next_rung(case, "receive"))
    assert "提醒经办人" in "".join(fired(handler, case))
    assert case.number in handler.heard()

    clock(next_rung(case, "handle"))
    assert "催办经办人" in "".join(fired(handler, case))
    case.refresh_from_db()
    assert f"催办{case.urged_count}次" in handler.page.inner_text("main")

    left_alone_until(clock, case, Level.COMMUNITY)
    told = commander.story(case)
    assert "报告单位负责人和战区指挥" in told
    assert "升级至社区" in told
    assert commander.level() == "社区"
    assert case.number in commander.heard()
    assert supervisor.row_on_the_desk(case).locator(".lamp.tone-red").count() == 1

    left_alone_until(clock, case, Level.STREET)
    assert "下发督办单" in commander.story(case)
    assert commander.level() == "街道（镇）"
    row = supervisor.row_on_the_desk(case).inner_text()
    assert "督办" in row
    assert "街道（镇）" in row
    assert case.number in supervisor.open("/supervision/orders/").inner_text("main")

    left_alone_until(clock, case, Level.DISTRICT)
    assert "升级至区" in "".join(fired(commander, case))
    assert commander.level() == "区"
    row = supervisor.row_on_the_desk(case)
    assert row.locator(".tag", has_text="区").count() == 1
    assert case.number in commander.heard()


@pytest.mark.slow
def test_the_district_takes_over_by_hand_and_the_ladder_pushes_it_no_further(
    official: Callable[..., Official], here: Town, clock: Clock
) -> None:
    case = a_case(here, State.HANDLING)
    clock(here.now)
    left_alone_until(clock, case, Level.STREET)
    commander = official("commander")
    press_through(
        commander.page,
        case.number,
        "take_over",
        lambda page: page.fill("#step [name=reason]", "久拖不决，由区里直接督促"),
    )
    commander.story(case)
    assert commander.level() == "区"
    assert "久拖不决" in commander.page.inner_text("main")

    clock(next_rung(case, "handle") + timedelta(days=20))
    assert "已在该层级" in commander.story(case)
    assert commander.level() == "区"
