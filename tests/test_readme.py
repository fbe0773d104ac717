"""Both READMEs say what is true: files, tests, variables, commands and pictures that they name exist."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

PROJECT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
PAGES = [*READMES, *(str(p.relative_to(PROJECT)) for p in sorted(PROJECT.glob("docs/**/*.md")))]
# Sections by place, because their titles are in two languages.
WHERE, CONFIGURATION, COMMANDS = 2, 3, 4
READS = re.compile(
    r"""(?:env\.\w+\(|env\.db_url_config\(|_kept_secret\(|environ\.get\()\s*"([A-Z][A-Z0-9_]+)\""""
)


def _sections(readme: str) -> list[str]:
    return re.split(r"^## ", (PROJECT / readme).read_text(), flags=re.MULTILINE)[1:]


def _rows(section: str) -> list[list[str]]:
    """The cells of each row of a section's first table, its heading left out."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _variables_read() -> set[str]:
    files = [
        PROJECT / "config" / "settings.py",
        PROJECT / "config" / "run.py",
        PROJECT / "incidents" / "demo" / "people.py",
        *(PROJECT / "deploy").glob("*.py"),
    ]
    return {name for file in files for name in READS.findall(file.read_text())}


@pytest.mark.parametrize("readme", READMES)
def test_every_file_and_test_that_the_table_of_events_names_exists(readme: str) -> None:
    rows = _rows(_sections(readme)[WHERE])
    assert len(rows) > 40
    for what, file, test in rows:
        assert (PROJECT / file.strip("`")).is_file(), (what, file)
        assert (PROJECT / test.strip("`")).is_file(), (what, test)
        assert Path(test.strip("`")).name.startswith("test_"), (what, test)


@pytest.mark.parametrize("readme", READMES)
def test_every_variable_that_is_read_is_in_the_table(readme: str) -> None:
    told = {row[0].strip("`") for row in _rows(_sections(readme)[CONFIGURATION])}
    read = _variables_read()
    assert {"DATABASE_URL", "YIWANG_SECRET_KEY", "YIWANG_AMBER_SHARE", "YIWANG_BIND"} <= read
    assert told - {"PYTHON", "CHROMIUM"} == read


def test_the_sample_for_deployment_names_only_variables_of_the_table() -> None:
    told = {row[0].strip("`") for row in _rows(_sections("README.md")[CONFIGURATION])}
    sample = (PROJECT / "deploy" / "yiwang.env.example").read_text()
    assert set(re.findall(r"^([A-Z_0-9]+)=", sample, flags=re.MULTILINE)) <= told


@pytest.mark.parametrize("readme", READMES)
def test_the_table_of_commands_is_what_manage_py_has(readme: str) -> None:
    told = {row[0].strip("`").split()[0] for row in _rows(_sections(readme)[COMMANDS])}
    rooms = {path.name for path in PROJECT.iterdir() if (path / "apps.py").is_file()}
    assert told == {name for name, app in get_commands().items() if app in rooms}


def test_both_languages_say_the_same_section_by_section() -> None:
    english, chinese = (_sections(readme) for readme in READMES)
    assert len(english) == len(chinese)
    for ours, theirs in zip(english, chinese, strict=True):
        ours_codes, theirs_codes = (
            sorted(cell for row in _rows(text) for cell in row if cell.startswith("`"))
            for text in (ours, theirs)
        )
        title = ours.partition("\n")[0]
        assert len(_rows(ours)) == len(_rows(theirs)), title
        assert title == "Configuration" or ours_codes == theirs_codes, title
        assert _links(ours) == _links(theirs), title


@pytest.mark.parametrize("page", PAGES)
def test_every_link_and_picture_leads_somewhere(page: str) -> None:
    folder = (PROJECT / page).parent
    for link in _links((PROJECT / page).read_text()):
        assert (folder / link).exists(), link


def _links(text: str) -> list[str]:
    """Files of the project that a page links to or shows, other hosts and examples of code left out."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"\]\(([^)#\s]+)[^)]*\)|src=\"([^\"]+)\"", text)
    return sorted(a or b for a, b in found if "://" not in (a or b))
