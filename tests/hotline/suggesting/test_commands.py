"""The two commands: learning topics from files, and measuring them on others."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hotline.choices import Purpose, RunState
from hotline.models import TrainingRun
from hotline.suggesting.labelled_files import read_labelled
from hotline.suggesting.topics import suggest_topics
from tests.hotline.suggesting.lessons import lessons

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage")]


def _file(folder: Path, header: str, rows: list[str], name: str = "texts.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]), encoding="utf-8-sig")
    return path


def test_learns_and_measures_and_prints_the_table(tmp_path: Path) -> None:
    rows = [f"{'垃圾' if one.label == '010101' else '井盖'},{one.text}" for one in lessons()]
    file, out = _file(tmp_path, "label,text", rows), StringIO()
    call_command("train_suggester", "--texts", str(file), stdout=out)
    assert TrainingRun.objects.get(purpose=Purpose.TOPICS).state == RunState.KEPT
    call_command("evaluate_suggester", "--texts", str(file), stdout=out)
    printed = out.getvalue()
    assert "macro-F1  1.0000" in printed
    assert "right ↓ guessed →" in printed
    topic = suggest_topics("路边垃圾成堆")[0]
    assert topic.label == "垃圾"
    assert topic.reason


def test_reads_titles_tokens_and_other_columns(tmp_path: Path) -> None:
    titled = _file(tmp_path, "id,title,text,label", ["1,路灯,路灯不亮了,设施", "2,空,,设施"])
    assert [(one.label, one.title) for one in read_labelled(titled)] == [("设施", "路灯")]
    split = _file(tmp_path, "label,tokens", ["设施,A1 区 路灯 不 亮 了 请 修 一下"], "b.csv")
    (read,) = read_labelled(split)
    assert read.words[:2] == ("#区", "路灯")
    assert " " not in read.text


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00\x01", b"label,text\n,\n"])
def test_a_file_of_another_kind_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=r"odd\.csv"):
        call_command("train_suggester", "--texts", str(file))


def test_one_label_cannot_be_told_apart_and_nothing_learned_cannot_be_measured(
    tmp_path: Path,
) -> None:
    file = _file(tmp_path, "label,text", ["a,垃圾没人收", "a,垃圾成堆"])
    for command in ("train_suggester", "evaluate_suggester"):
        with pytest.raises(CommandError):
            call_command(command, "--texts", str(file))
