"""An enclave: registered, attributed, signed by both sides, accepted when all three checks pass."""

from typing import Any

import pytest

from borders.choices import CheckKind, EnclaveState
from borders.claims import claim
from borders.doors import ENCLAVES
from borders.figures import progress
from borders.models import Check, Enclave, Problem, Signature
from borders.querysets import enclaves_visible_to
from config.refusal import Refused
from incidents.choices import State
from incidents.report import Position
from incidents.responsibility import said, suggest
from steps.forms import FactsRefused
from tests.borders.ground import (
    ATTRIBUTION,
    OUTSIDE,
    an_enclave,
    checked,
    move,
    place_facts,
    registered,
    sign,
)
from tests.incidents.town import GARBAGE, IN_GRID, Town, a_case, dispatched

pytestmark = pytest.mark.django_db


def test_the_place_finds_its_grid_and_whoever_governs_there(here: Town) -> None:
    enclave = registered(here)
    assert enclave.area_code == "120103001001001"
    assert (enclave.manager.code if enclave.manager else "") == "OFFICE"
    assert enclave.owner_code == "120104"
    assert enclave.due_at is not None


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"owner": "OFFICE"}, "owner_is_here"),
        ({"boundary": "", "lon": 117.5, "lat": 39.5}, "area_missing"),
        ({"boundary": "", "area": "120104"}, "area_missing"),
        ({"boundary": "", "lon": 117.2}, "invalid_facts"),
        ({"boundary": "[1, 2"}, "invalid_facts"),
        ({"name": ""}, "invalid_facts"),
    ],
)
def test_a_place_that_cannot_be_says_why(here: Town, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as no:
        registered(here, **more)
    assert no.value.code == code or more.get("area") == "120104"
    assert not Enclave.objects.exists()


def test_a_place_in_a_foreign_area_is_refused(here: Town) -> None:
    with pytest.raises(Refused) as no:
        registered(here, here.foreign_dispatcher)
    assert no.value.code == "area_not_yours"


def test_both_sides_sign_in_any_order_and_only_then_it_is_handed_over(here: Town) -> None:
    for first, second in (("giver", "taker"), ("taker", "giver")):
        enclave = an_enclave(here, EnclaveState.ATTRIBUTED, reference=first)
        with pytest.raises(Refused) as no:
            sign(here, enclave, first)
        assert no.value.code == "nothing_to_sign"
        move(here, "word", enclave, here.taker, {"handover": "自签字之日起移交"})
        assert sign(here, enclave, first).state == EnclaveState.ATTRIBUTED
        with pytest.raises(Refused) as no:
            sign(here, enclave, first)
        assert no.value.code == "nothing_to_sign"
        assert sign(here, enclave, second).state == EnclaveState.HANDED_OVER


def test_another_wording_voids_the_signature_and_nobody_signs_what_was_not_read(here: Town) -> None:
    enclave = an_enclave(here, EnclaveState.ATTRIBUTED)
    move(here, "word", enclave, here.taker, {"handover": "第一稿"})
    sign(here, enclave, "giver")
    move(here, "word", enclave, here.taker, {"handover": "第二稿"})
    with pytest.raises(Refused) as no:
        sign(here, enclave, "taker", version=1)
    assert no.value.code == "worded_anew"
    assert sign(here, enclave, "taker").state == EnclaveState.ATTRIBUTED
    assert sign(here, enclave, "giver").state == EnclaveState.HANDED_OVER
    assert Signature.objects.filter(enclave=enclave).count() == 3


def test_another_attribution_voids_signatures_too(here: Town) -> None:
    enclave = an_enclave(here, EnclaveState.ATTRIBUTED)
    move(here, "word", enclave, here.taker, {"handover": "移交"})
    sign(here, enclave, "giver")
    again = move(here, "attribute", enclave, here.commander, ATTRIBUTION)
    assert ENCLAVES.meet(again, here.commander, here.now).signatures == {}


def test_it_is_accepted_only_when_all_three_checks_pass(here: Town) -> None:
    enclave = an_enclave(here, EnclaveState.HANDED_OVER)
    checked(here, enclave, "territory")
    assert checked(here, enclave, "hazards", passed=False).state == EnclaveState.MENDING
    assert checked(here, enclave, "livelihood").state == EnclaveState.MENDING
    with pytest.raises(Refused) as no:
        checked(here, enclave, "hazards")
    assert no.value.code == "mend_first"
    mending = {"check": "hazards", "text": "已清障"}
    mended = move(here, "mend", enclave, here.office_handler, mending)
    assert mended.state == EnclaveState.HANDED_OVER
    done = checked(here, enclave, "hazards")
    assert (done.state, done.accepted_at, done.due_at) == (EnclaveState.ACCEPTED, here.now, None)
    assert Check.objects.filter(enclave=enclave, kind=CheckKind.HAZARDS).count() == 2


def test_a_check_that_fails_says_why(here: Town) -> None:
    enclave = an_enclave(here, EnclaveState.HANDED_OVER)
    facts = {"check": "hazards", "passed": False, "note": ""}
    with pytest.raises(FactsRefused) as no:
        move(here, "check", enclave, here.supervisor, facts)
    assert [error["code"] for error in no.value.errors] == ["reason_missing"]


# --- whose is a report inside? -----------------------------------------------------------------


def test_reports_inside_go_to_the_manager_once_it_is_handed_over(here: Town) -> None:
    case = a_case(here, State.FILED)
    enclave = an_enclave(here, EnclaveState.ATTRIBUTED)
    assert claim(case) is None
    move(here, "word", enclave, here.taker, {"handover": "移交"})
    sign(here, sign(here, enclave, "giver"), "taker")
    found = suggest(case, here.now.date())
    assert found is not None
    assert found.organisation.code == "OFFICE"
    assert "风屏公寓" in said(found.why)
    outside = a_case(here, State.FILED, position=Position(*OUTSIDE))
    other = suggest(outside, here.now.date())
    assert other is not None
    assert other.organisation.code == "SAN"
    assert dispatched(here, case).unit == found.organisation


def test_a_named_old_problem_stays_with_who_caused_it_until_it_is_solved(here: Town) -> None:
    enclave = an_enclave(here, EnclaveState.HANDED_OVER)
    facts = {"title": "垃圾清运欠账", "owner": "NK-HOUSING", "item_code": GARBAGE}
    move(here, "list_problem", enclave, here.taker, facts)
    case = a_case(here, State.FILED, position=Position(*IN_GRID))
    found = claim(case)
    assert found is not None
    assert found.organisation.code == "NK-HOUSING"
    assert "垃圾清运欠账" in said(found.why)
    problem = Problem.objects.get()
    move(here, "link_case", enclave, here.dispatcher, {"problem": problem.pk, "cases": case.number})
    assert list(problem.cases.all()) == [case]
    solved = {"problem": problem.pk, "result": "已清运"}
    move(here, "solve_problem", enclave, here.giver_handler, solved)
    after = claim(case)
    assert after is not None
    assert after.organisation.code == "OFFICE"
    reopened = {"problem": problem.pk, "reason": "又堆满了"}
    move(here, "reopen_problem", enclave, here.office_handler, reopened)
    assert claim(case).organisation.code == "NK-HOUSING"  # type: ignore[union-attr]


def test_a_unit_solves_only_its_own_old_problems(here: Town) -> None:
    enclave = an_enclave(here, EnclaveState.HANDED_OVER)
    for owner in ("NK-HOUSING", "WATER"):
        move(here, "list_problem", enclave, here.taker, {"title": owner, "owner": owner})
    foreign = Problem.objects.get(title="NK-HOUSING")
    with pytest.raises(FactsRefused):
        move(here, "solve_problem", enclave, here.helper, {"problem": foreign.pk, "result": "x"})


# --- who sees, how many ------------------------------------------------------------------------


def test_both_sides_see_it_and_nobody_else_outside_the_areas(here: Town) -> None:
    enclave = an_enclave(here)

    def sees() -> set[str]:
        seen = ((n, enclaves_visible_to(getattr(here, n))) for n in here.people)
        return {name for name, rows in seen if rows.filter(pk=enclave.pk).exists()}

    area = {
        "dispatcher",
        "second_dispatcher",
        "commander",
        "second_commander",
        "supervisor",
        "secretary",
        "chief",
    }
    givers = {"giver", "giver_handler", "foreign_commander", "foreign_dispatcher"}
    assert sees() == area | givers | {"taker", "office_handler", "city_commander"}


def test_progress_counts_how_many_of_how_many_by_district(here: Town) -> None:
    for number, state in enumerate(EnclaveState):
        an_enclave(here, state, reference=str(number))
    shown = progress(here.city_commander)
    line = shown.lines[0]
    assert (line.code, line.registered, line.investigated, line.attributed) == ("120103", 6, 5, 4)
    assert (line.handed_over, line.mending, line.accepted, line.percent) == (3, 1, 1, 17)
    assert line.passed == {"territory": 1, "hazards": 1, "livelihood": 1}
    assert shown.total.registered == 6
    assert progress(here.far_commander).total.registered == 0


def test_facts_may_be_amended_until_it_is_attributed(here: Town) -> None:
    enclave = registered(here)
    facts = place_facts(name="新名", boundary="")
    done = move(here, "amend", enclave, here.dispatcher, facts)
    assert (done.name, done.boundary is not None) == ("新名", True)
