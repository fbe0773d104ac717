"""Finding items by typing, by words, and from recent ones."""

from time import process_time

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.roles import Role
from incidents.catalogue_editions import set_enabled
from incidents.catalogue_pinyin import initials_of, pinyin_of
from incidents.item_search import entry_of, recent, search, suggest
from incidents.models import Incident
from tests.factories import actor
from tests.incidents.catalogue.factories import NOW, edition, item, manager, shipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def _shipped(db: None) -> None:
    shipped()


@pytest.mark.usefixtures("_shipped")
@pytest.mark.parametrize(
    "typed",
    [
        "暴露垃圾",
        "暴露",
        "垃圾 暴",
        "bllj",
        "BLLJ",
        "baolulaji",
        "baolu",
        "010101",
        "exposed garbage",
        "garb expo",
        "ｂｌｌｊ",
    ],
)
def test_an_item_is_found_by_any_piece_of_it(typed: str) -> None:
    assert search(typed)[0].name == "暴露垃圾"


@pytest.mark.usefixtures("_shipped")
def test_a_slip_of_the_fingers_still_finds_it() -> None:
    assert "暴露垃圾" in [entry.name for entry in search("bljg")]


@pytest.mark.usefixtures("_shipped")
@pytest.mark.parametrize("typed", ["", "   ", "xqzvw", "没有这样的事项", "%_\\", "'; drop"])
def test_nothing_matches_nothing(typed: str) -> None:
    assert search(typed) == []


@pytest.mark.usefixtures("_shipped")
def test_the_name_itself_comes_before_names_that_contain_it() -> None:
    names = [entry.name for entry in search("垃圾", limit=50)]
    assert all("垃圾" in name for name in names[:3])
    assert len(names) == len(set(names))
    assert search("0101")[0].code.startswith("0101")


@pytest.mark.usefixtures("_shipped")
def test_search_answers_within_five_milliseconds() -> None:
    search("bllj")  # builds the index
    best = []
    for typed in ("bllj", "垃圾", "garbage", "jg", "0203"):
        runs = []
        for _ in range(5):
            started = process_time()
            search(typed)
            runs.append(process_time() - started)
        best.append(
            min(runs)
        )  # of our own processor time: what others do on the machine is not ours
    assert max(best) < 0.005


@pytest.mark.usefixtures("_shipped")
def test_search_and_suggestion_take_one_small_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    search("bllj")
    with django_assert_num_queries(1):
        search("垃圾")
    with django_assert_num_queries(1):
        suggest("楼下的垃圾")


def test_an_item_switched_off_is_not_found_any_more() -> None:
    edition()
    assert search("bllj")
    set_enabled(item(), enabled=False, by=manager(), now=NOW)
    assert not search("bllj")
    assert entry_of("010101") is None


def test_without_a_catalogue_nothing_is_found() -> None:
    assert search("垃圾") == []
    assert suggest("垃圾") == []


@pytest.mark.usefixtures("_shipped")
@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("小区门口好多暴露垃圾没人管", "暴露垃圾"),
        ("电梯困人了快来", "电梯困人、故障"),
        ("楼上邻居吵架，邻里纠纷闹得厉害", "邻里纠纷"),
    ],
)
def test_words_suggest_an_item_and_say_why(words: str, name: str) -> None:
    best = suggest(words)[0]
    assert best.entry.name == name
    assert best.because
    assert all(piece in words for piece in best.because)
    assert 0 < best.score <= 1


@pytest.mark.usefixtures("_shipped")
def test_words_that_share_nothing_suggest_nothing() -> None:
    assert suggest("……！！") == []
    assert suggest("") == []


def test_recent_items_are_those_this_person_reported_newest_first() -> None:
    edition()
    me, other = actor(Role.GRID_WORKER), actor(Role.GRID_WORKER)
    for number, (who, code) in enumerate(
        [(me, "010101"), (me, "020101"), (other, "090303"), (me, "010101")]
    ):
        Incident.objects.create(
            number=f"R{number}", source="grid", item=item(code), text="x", reporter_id=who.user_id,
            reported_at=NOW, updated_at=NOW,
        )  # fmt: skip
    assert [entry.code for entry in recent(me)] == ["010101", "020101"]
    edition(code="test-2", data=None)
    assert [entry.code for entry in recent(me)] == ["010101", "020101"]


def test_pinyin_is_written_as_people_type_it() -> None:
    assert initials_of("暴露垃圾") == "bllj"
    assert pinyin_of("绿地养护") == "lvdiyanghu"
    assert initials_of("充电站（桩）、LED灯") == "cdzzledd"
