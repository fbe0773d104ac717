"""Pinyin of names, so that an item can be found by typing `bllj` or `baolulaji` for 暴露垃圾."""

import re

from pypinyin import Style, lazy_pinyin

_LETTERS = re.compile(r"[^0-9a-z]+")


def initials_of(name: str) -> str:
    """The first letter of each syllable; letters and digits stay: `LED灯` → `ledd`."""
    return _plain(lazy_pinyin(name, style=Style.FIRST_LETTER))


def pinyin_of(name: str) -> str:
    """All syllables written together, without tones; ü is written v, as people type it."""
    return _plain(lazy_pinyin(name, style=Style.NORMAL, v_to_u=False))


def _plain(parts: list[str]) -> str:
    return _LETTERS.sub("", "".join(parts).lower())
