"""In whose hands each step is: insiders without the role are refused, outsiders find nothing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actor import Actor
from config.refusal import Refused
from incidents.choices import State
from incidents.lifecycle import STEPS
from incidents.models import Incident
from incidents.querysets import visible_to
from incidents.taking import NotYours, available, take
from tests.factories import ABROAD
from tests.incidents.test_every_pair import DOINGS
from tests.incidents.town import Town, a_case, partner, step, ticked

pytestmark = pytest.mark.django_db

# For each step somebody who sees the case and may not take it.
COLLEAGUES = {
    "self_close": "neighbour", "rate": "supervisor", "reopen": "supervisor", "take_back": "supervisor",
    "urge": "dispatcher", "evaluate": "dispatcher", "comment": None,
    "appeal": "helper", "receive": "helper", "return": "helper", "answer": "helper", "ask_extension": "helper",
    "ask_suspension": "helper", "drop_ask": "helper", "approve_ask": "handler", "refuse_ask": "handler",
    "receive_assist": "handler", "answer_assist": "handler",
    "answer_precheck": "chief", "pass_check": "chief", "rework": "chief",
}  # fmt: skip


@pytest.mark.parametrize("code", [code for code in STEPS if COLLEAGUES.get(code, "") is not None])
def test_a_colleague_without_the_role_is_told_whose_step_it_is(here: Town, code: str) -> None:
    name = COLLEAGUES.get(code) or "supervisor"
    state = next(s for s in State if s in STEPS[code].sources)
    case = a_case(here, state)
    colleague = getattr(here, name)
    with pytest.raises((NotYours, Incident.DoesNotExist)) as no:
        take(code, number=case.number, by=colleague, now=here.later(), facts={})
    if isinstance(no.value, NotYours):
        assert isinstance(no.value, PermissionDenied)
        assert no.value.status == 403
        assert str(STEPS[code].label) in str(no.value)
    else:
        assert name in {"handler", "helper", "neighbour"}


@pytest.mark.parametrize("code", STEPS)
def test_an_outsider_finds_no_case(here: Town, code: str) -> None:
    state = next(s for s in State if s in STEPS[code].sources)
    case = a_case(here, state)
    for name in ("foreign_clerk", "foreign_dispatcher", "foreign_handler", "other_citizen"):
        with pytest.raises(Incident.DoesNotExist):
            take(code, number=case.number, by=getattr(here, name), now=here.later(), facts={})
    assert DOINGS[code]


def test_a_token_that_may_only_read_takes_no_step(here: Town) -> None:
    from dataclasses import replace

    case = a_case(here, State.REPORTED)
    reader = replace(partner(roles=["clerk"]), scopes=frozenset({"incidents:read"}))
    with pytest.raises(NotYours):
        step(here, "file", case, reader, {"standards": ticked(case)})


def test_a_partner_with_roles_walks_a_case_through_its_life(here: Town) -> None:
    """By roles only, as people do; it checks with its own people, so not for its own unit."""
    centre = partner(roles=["clerk", "dispatcher"])
    unit = partner(roles=["department"], organisation=here.sanitation)
    case = a_case(here, State.REPORTED)
    step(here, "file", case, centre, {"standards": ticked(case)})
    step(here, "dispatch", case, centre)
    step(here, "receive", case, unit)
    assert Incident.objects.get(pk=case.pk).state == State.HANDLING


def test_a_partner_abroad_finds_nothing(here: Town) -> None:
    case = a_case(here, State.REPORTED)
    with pytest.raises(Incident.DoesNotExist):
        step(here, "file", case, partner(ABROAD, roles=["clerk"]))


# --- offers -------------------------------------------------------------------------------------------


def test_only_what_may_be_done_now_is_offered_and_the_rest_says_why(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    offers = {offer.step.code: offer for offer in available(case, here.handler, here.now)}
    assert offers["ask_extension"].allowed
    assert not offers["answer"].allowed
    assert offers["answer"].kind == "photo"
    assert offers["answer"].why_not
    assert offers["receive"].kind == "state"
    assert offers["answer_assist"].kind == "hands"
    assert "file" not in offers
    assert "evaluate" not in offers


def _answer(here: Town, code: str, case: Incident, actor: Actor) -> int:
    """The status with which a step is answered; 0 where it was taken. Nothing stays."""
    with transaction.atomic():
        try:
            step(here, code, case, actor, {"nothing": "of use"})
        except Incident.DoesNotExist:
            return 404
        except Refused as refused:
            return refused.status
        finally:
            transaction.set_rollback(True)
    return 0


@pytest.mark.parametrize("state", list(State))
def test_an_offer_holds_what_it_promises(here: Town, state: State) -> None:
    """What is offered is never refused for state, hands or guard; what is not offered always is."""
    case = a_case(here, state)
    for name in ("clerk", "dispatcher", "handler", "leader", "worker", "supervisor"):
        actor = getattr(here, name)
        seen = visible_to(actor).filter(pk=case.pk).first()
        for offer in available(seen, actor, here.now) if seen else ():
            answer = _answer(here, offer.step.code, case, actor)
            stands_against_it = {403, 404, 409} if offer.allowed else {0, 422}
            assert answer not in stands_against_it, (name, offer.step.code, answer, offer.why_not)


def test_the_same_number_of_queries_asks_for_all_offers(
    here: Town, django_assert_max_num_queries: object
) -> None:
    case = a_case(here, State.HANDLING)
    case = Incident.objects.select_related("item", "unit").get(pk=case.pk)
    dispatcher = here.dispatcher
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        available(case, dispatcher, here.now)
