"""Topics: what many people complain of, gathered, ranked, named; and a new message that joins."""

from datetime import timedelta
from pathlib import Path

import pytest

from config.refusal import Refused
from hotline.topics.clustering import gather
from hotline.topics.ranking import hottest
from hotline.topics.reading import Message, read_messages
from tests.clocks.calendars import local

NOW = local("2026-03-09 09:00")


def _messages() -> list[Message]:
    plant = [
        Message(
            f"p{n}",
            f"person{n}",
            NOW - timedelta(days=n),
            f"丽发新城旁搅拌站扰民{n}号楼",
            "搅拌站灰尘大噪音大",
        )
        for n in range(12)
    ]
    one_angry = [
        Message(f"a{n}", "same", NOW, f"滨河路路灯不亮第{n}次反映", "路灯一直不亮")
        for n in range(20)
    ]
    return [*plant, *one_angry]


def test_many_different_people_make_a_topic_one_angry_person_does_not() -> None:
    hot = hottest(gather(_messages()).topics, NOW)
    assert [one.topic.people for one in hot] == [12]
    assert "搅拌站" in hot[0].headline
    assert "新城旁" in hot[0].place


def test_a_new_message_joins_its_topic_at_once() -> None:
    found = gather(_messages())
    joined = found.add(Message("new", "someone", NOW, "投诉丽发新城搅拌站", "灰尘"))
    assert joined.people == 13


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(Refused):
        read_messages(file)
