"""Keep the Simplified Chinese catalogues complete, without gettext's own programs.

    python tools/translations.py update [ROOM ...]   add new strings, drop those no longer used
    python tools/translations.py check [ROOM ...]    say what is missing or wrong; exit 1 if anything is
    python tools/translations.py compile             make the .mo files that Django reads

Source strings are English. A room's strings come from its own Python files and from templates/<room>/;
templates outside any room belong to `config`. Each room has one catalogue, locale/zh_Hans.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import polib
from django.conf import settings
from django.template.base import Lexer, Token, TokenType
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
SKIPPED_FOLDERS = {"migrations", "locale", "__pycache__"}

# Where a call's strings are: context, singular, plural (positions of its arguments).
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    name + ending: places
    for name, places in {
        "_": (None, 0, None),
        "gettext": (None, 0, None),
        "pgettext": (0, 1, None),
        "ngettext": (None, 0, 1),
        "npgettext": (0, 1, 2),
    }.items()
    for ending in ("", "_lazy", "_noop")
}


@dataclass(frozen=True)
class Text:
    """A string to translate."""

    singular: str
    plural: str | None = None
    context: str | None = None


Found = dict[Text, list[str]]  # where each is used


# --- which room ------------------------------------------------------------------------------


def rooms(project: Path) -> list[str]:
    """The Django apps of the project: folders with an apps.py."""
    return sorted(path.parent.name for path in project.glob("*/apps.py"))


def catalogue_path(project: Path, room: str) -> Path:
    return project / room / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def python_files(project: Path, room: str) -> Iterator[Path]:
    for path in sorted((project / room).rglob("*.py")):
        if not SKIPPED_FOLDERS & set(path.relative_to(project).parts):
            yield path


def template_files(project: Path, room: str) -> Iterator[Path]:
    """Templates of `room`: HTML and plain text."""
    known = set(rooms(project))
    for path in sorted((project / "templates").rglob("*.*")):
        if path.suffix not in {".html", ".txt"}:
            continue
        first = path.relative_to(project / "templates").parts[0]
        if (first if first in known else "config") == room:
            yield path


# --- extraction ------------------------------------------------------------------------------


def extract(project: Path, room: str) -> Found:
    """Every translatable string of `room` with the files that use it."""
    found: Found = {}
    for path in python_files(project, room):
        _note(found, in_python(path.read_text()), path.relative_to(project))
    for path in template_files(project, room):
        _note(found, in_template(path.read_text(), path), path.relative_to(project))
    return found


def _note(found: Found, texts: Iterator[Text], path: Path) -> None:
    for text in texts:
        places = found.setdefault(text, [])
        if path.as_posix() not in places:
            places.append(path.as_posix())


def in_python(source: str) -> Iterator[Text]:
    """Strings given literally to gettext and its relatives, in order of appearance."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        name = call.func.id if isinstance(call.func, ast.Name) else name
        if name in CALLS:
            literals = [
                part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""
                for part in call.args
            ]
            yield from _text(name, literals)


_LITERAL = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(
    rf"(?<!\w)(n?p?gettext|_)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)\s*(?:,[^)]*)?\)", re.DOTALL
)


def in_template(source: str, path: Path) -> Iterator[Text]:
    """Strings of translate and blocktranslate tags and of _("…") in filters."""
    for name, arguments in _CALL.findall(templatize(source, origin=str(path))):
        literals = [ast.literal_eval(part) for part in re.findall(_LITERAL, arguments)]
        yield from _text(name, literals)


def _text(name: str, literals: list[str]) -> Iterator[Text]:
    context, singular, plural = CALLS[name]
    if len(literals) > singular and literals[singular]:
        yield Text(
            literals[singular],
            literals[plural] if plural is not None and len(literals) > plural else None,
            literals[context] if context is not None else None,
        )


# --- catalogues ------------------------------------------------------------------------------


def load(path: Path) -> polib.POFile:
    if path.exists():
        return polib.pofile(str(path), wrapwidth=100)
    return polib.POFile(wrapwidth=100)


def text_of(entry: polib.POEntry) -> Text:
    return Text(entry.msgid, entry.msgid_plural or None, entry.msgctxt)


def translation_of(entry: polib.POEntry) -> str:
    """The Chinese of an entry; Chinese has one form for every number."""
    return str(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr)


def update(project: Path, room: str) -> tuple[int, int]:
    """Bring the room's catalogue in line with its sources. Returns how many were added and dropped.

    A new string that another room has translated already takes over that translation.
    """
    found = extract(project, room)
    path = catalogue_path(project, room)
    old = {text_of(entry): entry for entry in load(path) if not entry.obsolete}
    if not found and not old:
        return 0, 0
    elsewhere = {
        text_of(entry): translation_of(entry)
        for other in rooms(project)
        for entry in load(catalogue_path(project, other))
        if not entry.obsolete
    }
    fresh = polib.POFile(wrapwidth=100)
    fresh.metadata = {
        "Language": "zh_Hans",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for text, places in sorted(found.items(), key=lambda item: item[1][0]):
        entry = old.get(text) or _entry(text, elsewhere.get(text, ""))
        entry.occurrences = [(place, "") for place in places]
        entry.flags = [flag for flag in entry.flags if flag == "fuzzy"]
        fresh.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path))
    return len(found.keys() - old.keys()), len(old.keys() - found.keys())


def _entry(text: Text, translation: str) -> polib.POEntry:
    if text.plural is None:
        return polib.POEntry(msgid=text.singular, msgctxt=text.context, msgstr=translation)
    return polib.POEntry(
        msgid=text.singular,
        msgid_plural=text.plural,
        msgctxt=text.context,
        msgstr_plural={0: translation},
    )


def compile_all(project: Path) -> int:
    """Make every .mo file that is older than its catalogue. Returns how many were made."""
    made = 0
    for room in rooms(project):
        source = catalogue_path(project, room)
        target = source.with_suffix(".mo")
        if not source.exists():
            continue
        if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        partial = target.with_suffix(".mo.new")
        load(source).save_as_mofile(str(partial))
        partial.replace(target)  # a process that starts now reads the old or the new one, whole
        made += 1
    return made


# --- checks ----------------------------------------------------------------------------------


def check(project: Path, room: str) -> list[str]:
    """What is wrong in `room`, one sentence each."""
    path = catalogue_path(project, room)
    known = {text_of(entry): entry for entry in load(path) if not entry.obsolete}
    faults = []
    for text, places in extract(project, room).items():
        entry = known.get(text)
        fault = _fault(text, entry)
        if fault:
            faults.append(f"{places[0]}: {fault}: {text.singular!r}")
    for template in template_files(project, room):
        if template.suffix == ".html":
            name = template.relative_to(project).as_posix()
            faults += [
                f"{name}:{line}: text outside translate: {words!r}"
                for line, words in bare_text(template.read_text())
            ]
    return faults


def _fault(text: Text, entry: polib.POEntry | None) -> str | None:
    if entry is None or not translation_of(entry).strip():
        return "no Chinese translation"
    if "fuzzy" in entry.flags:
        return "the translation is marked fuzzy"
    wanted = placeholders(text.plural or text.singular)
    given = placeholders(translation_of(entry))
    if given != wanted:
        return f"placeholders {_names(given)} instead of {_names(wanted)}"
    return None


def contradictions(project: Path) -> list[str]:
    """Strings that two rooms translate differently: Django would show one of them in both."""
    first: dict[Text, tuple[str, str]] = {}
    faults = []
    for room in rooms(project):
        for entry in load(catalogue_path(project, room)):
            said = translation_of(entry)
            if entry.obsolete or not said:
                continue
            before, other = first.setdefault(text_of(entry), (said, room))
            if before != said:
                faults.append(
                    f"{entry.msgid!r}: {other} says {before}, {room} says {said};"
                    " make them equal or give one a context"
                )
    return faults


_PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|(?<!%)%[sd]|\{\w*\}")


def placeholders(words: str) -> list[str]:
    """`%(name)s`, `%s` and `{name}` in a string, sorted; named ones once, however often they occur."""
    found = _PLACEHOLDER.findall(words)
    named = {one for one in found if one not in {"%s", "%d", "{}"}}
    return sorted([*named, *(one for one in found if one not in named)])


def _names(found: list[str]) -> str:
    return ", ".join(found) or "(none)"


# --- text that no translator sees -------------------------------------------------------------

SPOKEN_ATTRIBUTES = {"alt", "aria-label", "hx-confirm", "placeholder", "title"}
UNSPOKEN_ELEMENTS = {"code", "kbd", "script", "style", "pre", "svg"}
VOID_ELEMENTS = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
# The same in every language.
NAMES = re.compile(r"\b(?:Yiwang|API|OpenAPI|OAuth 2|GeoJSON|Excel|CSV|JSON|WGS 84|km|m|ID)\b|一网")
_WORD = re.compile(r"[^\W\d_]")


def bare_text(source: str) -> list[tuple[int, str]]:
    """Human text of an HTML template outside translate tags, with its line.

    An element with translate="no" (HTML's own attribute) is left alone: a name, a code, a language.
    """
    reader = _Reader()
    reader.feed(_without_tags(source))
    reader.close()
    return reader.found


def _without_tags(source: str) -> str:
    """The template's HTML alone; tags, variables and translated blocks leave only their line breaks."""
    kept = []
    hidden_until = ""
    for token in Lexer(source).tokenize():
        words = token.contents.split()
        if hidden_until:
            hidden_until = "" if _is_block(token, hidden_until) else hidden_until
        elif token.token_type == TokenType.TEXT:
            kept.append(token.contents)
            continue
        elif token.token_type == TokenType.BLOCK and words[0] in {"blocktranslate", "blocktrans"}:
            hidden_until = f"end{words[0]}"
        elif token.token_type == TokenType.BLOCK and words[0] == "comment":
            hidden_until = "endcomment"
        kept.append("\n" * token.contents.count("\n"))
    return "".join(kept)


def _is_block(token: Token, name: str) -> bool:
    return token.token_type == TokenType.BLOCK and token.contents.split()[0] == name


class _Reader(HTMLParser):
    """Collects what a visitor would read or hear."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._silent: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        silent = tag in UNSPOKEN_ELEMENTS or dict(attrs).get("translate") == "no"
        silent = silent or self._is_silent()
        if not silent:
            self._hear(tag, attrs)
        if tag not in VOID_ELEMENTS:
            self._silent.append(silent)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._is_silent():
            self._hear(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID_ELEMENTS and self._silent:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._is_silent():
            self._judge(data)

    def _hear(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        spoken = SPOKEN_ATTRIBUTES | ({"value"} if self._is_button(tag, attrs) else set())
        for name, value in attrs:
            if name in spoken and value:
                self._judge(value)

    def _is_button(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        return tag == "input" and dict(attrs).get("type") in {"submit", "button", "reset"}

    def _is_silent(self) -> bool:
        return bool(self._silent) and self._silent[-1]

    def _judge(self, data: str) -> None:
        if _WORD.search(NAMES.sub("", data)):
            lead = len(data) - len(data.lstrip())
            line = self.getpos()[0] + data[:lead].count("\n")
            self.found.append((line, " ".join(data.split())[:60]))


# --- the command -----------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in {"update", "check", "compile"}:
        print(__doc__, file=sys.stderr)
        return 2
    if not settings.configured:
        settings.configure()
    chosen = [name.strip("/") for name in arguments[1:]] or rooms(PROJECT)
    if arguments[0] == "compile":
        print(f"{compile_all(PROJECT)} catalogues compiled")
        return 0
    if arguments[0] == "update":
        for room in chosen:
            added, dropped = update(PROJECT, room)
            print(f"{room}: {added} added, {dropped} dropped")
        return 0
    faults = [fault for room in chosen for fault in check(PROJECT, room)]
    faults += contradictions(PROJECT)
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults in the translations" if faults else "translations are complete")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
