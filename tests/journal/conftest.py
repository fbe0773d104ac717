"""What a test registers stays in that test."""

import pytest

from journal import wording


@pytest.fixture(autouse=True)
def _register_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    known = wording._known
    copied = wording._Register(dict(known.verbs), dict(known.names), dict(known.subjects))
    monkeypatch.setattr(wording, "_known", copied)
