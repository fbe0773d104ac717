"""Who must act, and why: the ladder of rules, department kinds, and the standard's own names."""

from datetime import date

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation
from incidents.models import CatalogueItem
from incidents.responsibility import RuleBook, candidates, choose, losers, said
from tests.factories import ABROAD, HOME, organisation
from tests.incidents.catalogue.factories import CITY_EXCERPT, TODAY, areas, edition, item, rule

pytestmark = pytest.mark.django_db

STREET = HOME + "001"
COMMUNITY = STREET + "002"
GRID = COMMUNITY + "003"


@pytest.fixture(autouse=True)
def _catalogue() -> None:
    edition()
    areas(GRID)


def unit(code: str, **fields: str) -> Organisation:
    return organisation(
        code=code, name=f"单位{code}", kind=fields.pop("kind", "department"), **fields
    )


def chosen(area_code: str = GRID, code: str = "010101", on: date = TODAY) -> str | None:
    choice = choose(item(code), area_code, on)
    return choice.organisation.code if choice else None


def test_the_item_wins_over_subclass_class_and_any_even_where_its_area_is_wider() -> None:
    rule(unit("any"), "", GRID)
    assert chosen() == "any"
    rule(unit("class"), "01", STREET)
    assert chosen() == "class"
    rule(unit("sub"), "0101", HOME)
    assert chosen() == "sub"
    rule(unit("item"), "010101", "")
    assert chosen() == "item"


def test_among_equal_items_the_narrower_area_wins_whatever_the_priority() -> None:
    rule(unit("wide"), "0101", HOME, priority=9)
    rule(unit("narrow"), "0101", COMMUNITY, priority=-9)
    assert chosen() == "narrow"


def test_among_equal_items_and_areas_the_priority_wins() -> None:
    rule(unit("low"), "0101", HOME, priority=1)
    rule(unit("high"), "0101", HOME, priority=2)
    assert chosen() == "high"


@pytest.mark.parametrize(
    ("first", "last", "wins"),
    [
        (date(2026, 3, 10), date(2026, 3, 10), True),
        (date(2026, 3, 11), None, False),
        (date(2026, 1, 1), date(2026, 3, 9), False),
        (date(2026, 1, 1), None, True),
    ],
)
def test_only_rules_in_force_that_day_count(first: date, last: date | None, wins: bool) -> None:
    rule(unit("always"), "", HOME)
    rule(unit("sometimes"), "010101", HOME, valid_from=first, valid_to=last)
    assert chosen() == ("sometimes" if wins else "always")


def test_a_unit_that_is_not_active_is_passed_over() -> None:
    rule(organisation(code="gone", active=False), "010101", HOME)
    rule(unit("there"), "0101", HOME)
    assert chosen() == "there"


def test_rules_of_other_areas_and_items_do_not_match() -> None:
    rule(unit("abroad"), "010101", ABROAD)
    rule(unit("other"), "010102", HOME)
    assert chosen() is None


def test_without_a_rule_the_department_kind_with_the_longest_area_acts() -> None:
    unit("city", department_kind="sanitation", area_code="1201")
    unit("district", department_kind="sanitation", area_code=HOME)
    unit("abroad", department_kind="sanitation", area_code=ABROAD)
    unit("other", department_kind="landscaping", area_code=STREET)
    choice = choose(item(), GRID, TODAY)
    assert choice is not None
    assert choice.organisation.code == "district"
    assert choice.why["by"] == "department_kind"


def test_a_unit_of_the_city_comes_before_a_hired_firm_and_equals_are_counted() -> None:
    unit("a-firm", department_kind="sanitation", area_code=HOME, kind="contractor")
    unit("b-bureau", department_kind="sanitation", area_code=HOME)
    unit("c-bureau", department_kind="sanitation", area_code=HOME)
    choice = choose(item(), GRID, TODAY)
    assert choice is not None
    assert (choice.organisation.code, choice.why["equal"]) == ("b-bureau", 2)
    assert "2" in choice.reason


def test_the_subdistrict_office_of_the_place_takes_what_the_catalogue_gives_subdistricts() -> None:
    unit("here", kind="subdistrict", area_code=STREET)
    unit("there", kind="subdistrict", area_code=HOME + "002")
    assert chosen(code="010102") == "here"


def test_a_case_without_an_area_is_matched_by_the_whole_country_only() -> None:
    rule(unit("district"), "010101", HOME)
    assert chosen("") is None
    rule(unit("country"), "010101", "")
    assert chosen("") == "country"


def test_candidates_come_best_first_each_once_with_a_reason() -> None:
    sub, any_ = unit("sub"), unit("any")
    rule(sub, "0101", HOME)
    rule(sub, "01", HOME)
    rule(any_, "", HOME)
    unit("kind", department_kind="sanitation", area_code=HOME)
    found = candidates(item(), GRID, TODAY)
    assert [c.organisation.code for c in found] == ["sub", "any", "kind"]
    assert all(c.reason for c in found)


def test_the_reason_is_said_in_both_languages_from_what_was_stored() -> None:
    kept = rule(unit("sub"), "0101", STREET)
    rule(unit("any"), "", HOME)
    choice = choose(item(), GRID, TODAY)
    assert choice is not None
    assert choice.why["rule"] == kept.pk
    assert choice.why["lost"] == 1
    stored = dict(choice.why)
    kept.delete()
    with translation.override("en"):
        assert f"Rule {stored['rule']}" in said(stored)
        assert "Sanitation" in said(stored)
        assert "Area" in said(stored)
    with translation.override("zh-hans"):
        assert "环境卫生" in said(stored)
        assert f"区域{STREET}" in said(stored)
    assert said({}) == ""


def test_one_book_chooses_for_many_cases_without_more_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rule(unit("sub"), "0101", HOME)
    unit("kind", department_kind="water_drainage", area_code=HOME)
    garbage, cover = item("010101"), item("020101")
    book = RuleBook.load(TODAY)
    first = book.choose(garbage, GRID)
    assert first is not None
    with django_assert_num_queries(0):
        for _ in range(20):
            again, other = book.choose(garbage, GRID), book.choose(cover, GRID)
    assert again == first
    assert other is not None
    assert other.organisation.code == "kind"


def test_choosing_for_one_case_takes_few_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    rule(unit("sub"), "0101", HOME)
    garbage = item()
    with django_assert_max_num_queries(4):
        assert choose(garbage, GRID, TODAY) is not None


def test_the_rules_that_lost_are_told_best_first() -> None:
    rule(unit("item"), "010101", HOME)
    second, third = rule(unit("sub"), "0101", HOME), rule(unit("any"), "", HOME)
    garbage = item()
    assert losers(RuleBook.for_one(garbage, GRID, TODAY), garbage, GRID) == [second, third]


def test_a_city_standard_names_its_units_itself() -> None:
    version = edition(CITY_EXCERPT.read_bytes(), code="city", active=False)
    cover = CatalogueItem.objects.get(version=version, code="C0101")
    sign = CatalogueItem.objects.get(version=version, code="C0396")
    organisation(code="water", name="甲市节约用水中心", area_code=HOME)
    unit("street", kind="subdistrict", area_code=STREET)
    by_name, by_place = choose(cover, GRID, TODAY), choose(sign, GRID, TODAY)
    assert by_name is not None
    assert by_place is not None
    assert (by_name.organisation.code, by_name.why["by"]) == ("water", "standard")
    assert (by_place.organisation.code, by_place.why["named"]) == ("street", "所属街办")
    assert "所属街办" in by_place.reason
