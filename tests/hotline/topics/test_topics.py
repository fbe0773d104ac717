"""Topics: what many people complain of, gathered, ranked, named; and a new message that joins."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config.refusal import Refused
from hotline.topics.clustering import gather
from hotline.topics.ranking import heat, hottest
from hotline.topics.reading import Message, read_messages
from hotline.topics.topic import Topic
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


def test_people_lead_and_likes_only_help() -> None:
    liked = [
        Message(f"l{n}", f"liker{n}", NOW, "星城广场喷泉关闭", "喷泉关闭多日", likes=500)
        for n in range(5)
    ]
    hot = hottest(gather([*_messages(), *liked]).topics, NOW)
    assert [one.topic.people for one in hot] == [12, 5]
    quiet = Topic(messages=[replace(message, likes=0) for message in hot[1].topic.messages])
    assert heat(quiet, NOW) < hot[1].heat < 2 * heat(quiet, NOW)


def test_two_matters_of_one_place_are_two_topics() -> None:
    said = ("夜间施工噪音扰民无法入睡", "幼儿园收费太高入园难")
    messages = [
        Message(f"m{n}", f"person{n}", NOW, f"中海国际社区{said[n % 2]}", said[n % 2])
        for n in range(14)
    ]
    hot = hottest(gather(messages).topics, NOW)
    assert [one.topic.people for one in hot] == [7, 7]
    assert {message.text for message in hot[0].topic.messages} != set(said)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(Refused):
        read_messages(file)
