"""English names of Chinese areas: the name in pinyin, the kind of area in English."""

import re
from itertools import pairwise
from typing import Final

from pypinyin import lazy_pinyin

from grids.models import Level

_NUMBERS: Final = {c: i for i, c in enumerate("一二三四五六七八九十", start=1)}
# The longest ending first. What stands before "{}" is the name proper.
_ENDINGS: Final = (
    (re.compile(r"(.+?)(?:社区)?(?:居民委员会|居委会|社区)"), "{} Community"),
    (re.compile(r"(.+?)(?:村民委员会|村委会|村)"), "{} Village"),
    (re.compile(r"(.+?)街道(?:办事处)?"), "{} Subdistrict"),
    (re.compile(r"(.+?)民族乡"), "{} Ethnic Township"),
    (re.compile(r"(.+?)镇"), "{} Town"),
    (re.compile(r"(.+?)乡"), "{} Township"),
)
_DISTRICT_ENDINGS: Final = (
    (re.compile(r"(.+?)新区"), "{} New Area"),
    (re.compile(r"(.+?)区"), "{} District"),
    (re.compile(r"(.+?)县"), "{} County"),
)
_NUMBERED: Final = re.compile(r"(.+?社区)第([一二三四五六七八九十])(居委会)")


def english_name(name: str, level: str) -> str:
    """`下瓦房街道` as `Xiawafang Subdistrict`; tones are left out, parts of one word written together.

    >>> english_name("天津市", "city")
    'Tianjin'
    """
    if level == Level.CITY:
        return pinyin(name.removesuffix("市"))
    if numbered := _NUMBERED.fullmatch(name):
        place, number, ending = numbered.groups()
        return f"{english_name(place + ending, level)} No. {_NUMBERS[number]}"
    for pattern, form in _ENDINGS if level != Level.DISTRICT else _DISTRICT_ENDINGS:
        if found := pattern.fullmatch(name):
            return form.format(pinyin(found[1]))
    return pinyin(name)


def pinyin(name: str) -> str:
    """`西安` as `Xi'an`."""
    syllables = lazy_pinyin(name)
    parts = syllables[:1]
    for before, syllable in pairwise(syllables):
        mark = "'" if syllable[:1] in "aeo" and before[-1:].isalpha() else ""
        parts.append(mark + syllable)
    word = "".join(parts).strip()
    return word[:1].upper() + word[1:]
