"""Trainings: asked for, run once, judged, kept or not; killed and failed ones; and their pages and addresses."""

import threading
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actor import SYSTEM
from config.refusal import Refused
from hotline.choices import Purpose, RunState
from hotline.models import KeptModel, TrainingRun
from hotline.suggesting import history, training
from hotline.suggesting.asking import ask_for_training
from hotline.suggesting.keeping import text_model
from hotline.suggesting.measuring import judge
from journal.models import Event
from tests.hotline.suggesting.lessons import filings
from tests.incidents.town import Town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage")]


def asked(purpose: Purpose = Purpose.ITEMS) -> TrainingRun:
    return ask_for_training(purpose=purpose, by=SYSTEM, now=timezone.now())


def test_the_night_learns_items_and_units(here: Town) -> None:
    filings(unit=here.sanitation)
    assert training.train_nightly(timezone.now()) == 2
    runs = {run.purpose: run for run in TrainingRun.objects.all()}
    assert {run.state for run in runs.values()} == {RunState.KEPT}
    assert runs["items"].figures["accuracy"] > 0.9
    assert runs["items"].cases + runs["items"].held_back == 80
    assert Event.objects.filter(verb="suggester.trained").count() == 2


def test_too_few_cases_teach_nothing_and_it_is_said(here: Town) -> None:
    filings(each=5)
    run = asked()
    training.train_asked()
    run.refresh_from_db()
    assert run.state == RunState.TOO_FEW
    assert text_model(Purpose.ITEMS).trouble == "none"


def test_a_worse_model_is_not_used(here: Town) -> None:
    filings()
    run = asked()
    training.train_asked()
    kept = KeptModel.objects.get(in_use=True)
    worse = asked()
    good, bad = judge(["a", "b"], ["a", "b"]), judge(["a", "b"], ["a", "a"])
    training.conclude(worse, training.Learned(b"new", 2, bad, good))
    worse.refresh_from_db()
    assert worse.state == RunState.WORSE
    assert KeptModel.objects.get(in_use=True) == kept
    assert kept.run == run


def test_a_failed_training_is_told_and_the_old_model_serves(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    filings()
    asked()
    training.train_asked()
    run = asked()
    monkeypatch.setattr(history, "MOST_FILINGS", "broken")
    with pytest.raises(ValueError, match="islice"):
        training.train_asked()
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert run.error
    assert text_model(Purpose.ITEMS).model is not None


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_learn_the_same_thing_at_once(transactional_db: None) -> None:
    run = asked()
    began: list[bool] = []

    def other() -> None:
        try:
            began.append(training.conduct(TrainingRun.objects.get(pk=run.pk)))
        finally:
            connection.close()

    with training._alone(Purpose.ITEMS) as alone:
        assert alone
        worker = threading.Thread(target=other)
        worker.start()
        worker.join()
    assert began == [False]
    run.refresh_from_db()
    assert run.state == RunState.ASKED


def test_what_a_killed_worker_left_is_known_as_broken_off(here: Town) -> None:
    killed = TrainingRun.objects.create(
        purpose=Purpose.ITEMS,
        state=RunState.RUNNING,
        asked_by="system",
        asked_at=timezone.now(),
        progress=40,
    )
    asked()
    training.train_asked()
    killed.refresh_from_db()
    assert killed.state == RunState.BROKEN


def test_only_the_last_files_are_kept(here: Town, storage: Path) -> None:
    filings(each=30)
    for _each in range(5):
        asked()
        training.train_asked()
    assert KeptModel.objects.count() == 5
    assert KeptModel.objects.filter(in_use=True).count() == 1


def test_who_may_ask(here: Town) -> None:
    with pytest.raises(PermissionDenied):
        ask_for_training(purpose=Purpose.ITEMS, by=here.clerk, now=here.now)
    ask_for_training(purpose=Purpose.ITEMS, by=here.system_admin, now=here.now)
    for purpose, code in [
        (Purpose.ITEMS, "training_waits"),
        (Purpose.TOPICS, "learned_from_files"),
    ]:
        with pytest.raises(Refused) as refused:
            ask_for_training(purpose=purpose, by=here.system_admin, now=here.now)
        assert refused.value.code == code


def test_the_pages_show_progress_and_report(here: Town) -> None:
    filings()
    client = Client()
    client.force_login(here.people["system_admin"])
    response = client.post(reverse("hotline:training_start"), {"purpose": "items"})
    waiting = client.get(response["Location"]).content.decode()
    assert 'role="progressbar"' in waiting
    training.train_asked()
    done = client.get(response["Location"])
    assert done.context["run"].percents["accuracy"] > 90
    assert "暴露垃圾" in done.content.decode()
    assert "成堆" not in done.content.decode()  # labels and counts, never a text
    assert client.get(reverse("hotline:trainings")).status_code == 200


def test_the_api_does_the_same(here: Town) -> None:
    client = Client()
    client.force_login(here.people["system_admin"])
    made = client.post(
        reverse("api_trainings"),
        {"purpose": "units"},
        "application/json",
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert made.status_code == 201
    assert client.get(made["Location"]).json()["state"] == "asked"
    assert client.get(reverse("api_trainings")).json()["results"][0]["purpose"] == "units"


def test_the_api_suggests_items_and_units(here: Town) -> None:
    client = Client()
    client.force_login(here.people["clerk"])

    def ask(name: str, **facts: str) -> dict[str, list[dict[str, object]]]:
        answer = client.post(
            reverse(name), facts, "application/json", headers={"Idempotency-Key": str(uuid4())}
        )
        assert answer.status_code == 200, answer.content
        body: dict[str, list[dict[str, object]]] = answer.json()
        return body

    items = ask("api_suggestions_items", text="路边有暴露垃圾")
    assert items["items"][0]["code"] == "010101"
    units = ask("api_suggestions_units", item="010101", area_code="120103001")
    assert units["units"][0]["unit"] == {"code": "SAN", "name": "环卫所"} or units["units"]


def test_the_report_follows_a_training_that_runs_and_shows_its_end(here: Town) -> None:
    filings()
    run = asked()
    client = Client()
    client.force_login(here.people["system_admin"])
    address = reverse("hotline:training", args=[run.pk])
    waiting = client.get(address, headers={"HX-Request": "true"})
    assert "every 2s" in waiting.content.decode()
    training.train_asked()
    ended = client.get(address, headers={"HX-Request": "true"})
    assert "every 2s" not in ended.content.decode()
    assert (waiting.status_code, ended.status_code) == (200, 200)
