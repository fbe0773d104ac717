"""Learning from texts: words found again, labels told apart, the file of a model, and the figures."""

import numpy as np
import pytest

from hotline.suggesting.learning import learn
from hotline.suggesting.measuring import judge
from hotline.suggesting.packing import Unreadable, pack
from hotline.suggesting.text_model import Labelled, TextModel
from hotline.suggesting.unit_model import Dispatched, count
from hotline.suggesting.words import Vocabulary, normal
from tests.hotline.suggesting.lessons import lessons


def test_full_width_figures_and_masked_places_come_to_one_form() -> None:
    assert normal("Ａ３区２０１９年 K1 市") == normal("A7区2020年 B2 市")
    assert "😀" not in "".join(Vocabulary({}).words("井盖😀<script>"))


def test_words_are_found_again_in_a_text_that_was_never_split() -> None:
    split = [["自来水", "霉味", "水箱", "不洗"], ["自来水", "水箱", "霉味", "小区", "小区"]] * 2
    vocabulary = Vocabulary.learn(split)
    assert vocabulary.words("我们小区的自来水，有霉味！") == ["小区", "自来水", "霉味"]


def test_labels_are_told_apart_with_the_words_that_counted() -> None:
    model = learn(lessons())
    best = model.guesses("南门外面垃圾成堆，一直没有人来清理")[0]
    assert best.label == "010101"
    assert best.likely > 0.5
    assert any("垃圾" in word for word in best.because)
    assert model.best("有个井盖丢了") == "020101"


@pytest.mark.parametrize("text", ["", "！！！", "😀😀", "x" * 7000, "垃圾" * 5000, "<b>井盖</b>"])
def test_no_text_is_too_odd(text: str) -> None:
    assert len(learn(lessons(10)).guesses(text)) <= 5


def test_a_model_comes_back_from_its_file_as_it_was() -> None:
    model = learn([*lessons(), Labelled("third", "公园", words=("公园", "公园"))])
    again = TextModel.unpacked(model.packed())
    text = "三号楼下垃圾没有人清理"
    assert again.guesses(text) == model.guesses(text)


def test_what_is_no_model_is_refused_and_nothing_in_it_is_executed() -> None:
    sound = learn(lessons(10)).packed()
    traps = [
        b"",
        b"cos\nsystem\n(S'true'\ntR.",
        sound[:-40],
        sound.replace(b"labels", b"labelz", 1),
    ]
    traps.append(pack({"kind": "text"}, {"bias": np.zeros(1)}))
    for trap in traps:
        with pytest.raises(Unreadable):
            TextModel.unpacked(trap)


def test_an_archive_with_a_pickle_inside_is_refused() -> None:
    import io

    out = io.BytesIO()
    np.savez(out, bias=np.array([object()], dtype=object), allow_pickle=True)
    with pytest.raises(Unreadable):
        TextModel.unpacked(b'yiwang-model 1\n{"kind":"text"}\n' + out.getvalue())


def test_figures_are_those_that_can_be_counted_by_hand() -> None:
    figures = judge(["a", "a", "b", "b", "c"], ["a", "b", "b", "b", "a"])
    assert figures.accuracy == 0.6
    # a: 2·1/(2+2), b: 2·2/(2+3), c: never guessed
    assert figures.macro_f1 == pytest.approx((0.5 + 0.8 + 0.0) / 3)
    assert figures.mixed_up == [("a", "b", 1), ("c", "a", 1)]


def _sent(
    unit: str, times: int, returned: bool = False, area: str = "120103001001"
) -> list[Dispatched]:
    return [Dispatched("010101", "0101", area, "grid", "day", unit, returned)] * times


def test_a_return_counts_against_the_unit() -> None:
    model = count([*_sent("SAN", 6), *_sent("WATER", 8), *_sent("WATER", 4, returned=True)])
    best = model.likely(item="010101", subclass="0101", area_code="120103001002")
    assert [(one.unit, one.kept, one.returned, one.of) for one in best] == [
        ("SAN", 6, 0, 18),
        ("WATER", 8, 4, 18),
    ]


def test_a_wider_circle_is_asked_where_the_narrow_one_is_silent() -> None:
    model = count(_sent("SAN", 9))
    for area, circle in [("120103001009", "subdistrict"), ("120103777", "district")]:
        found = model.likely(item="010101", subclass="0101", area_code=area)
        assert found[0].circle == ("item", circle)
    other_item = model.likely(item="010109", subclass="0101", area_code="120103001")
    assert other_item[0].circle == ("subclass", "subdistrict")
    assert model.likely(item="020101", subclass="0201", area_code="120103001") == []
    assert model.likely(item="010101", subclass="0101", area_code="") == []
