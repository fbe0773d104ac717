"""Draw who holds which permission: `python tools/draw_permissions.py` writes docs/permissions.md.

With `--check` it writes nothing and exits 1 where the page is not what the table says.
"""

import os
import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "permissions.md"
TABLE = PROJECT / "accounts" / "roles.py"

HEAD = """# Every permission, and who holds it

Drawn from `accounts/roles.py` by `python tools/draw_permissions.py`; do not edit by hand. How far each role sees is in
[roles.md](roles.md).

| permission | for | held by |
|---|---|---|
"""
# A line of `May`; the formatter may have put the code into brackets on a line of its own.
_MEMBER = re.compile(r'^    ([A-Z_]+) = (?:\(\s*)?"([a-z_.]+)"(?:[ ]{2}# ([^\n]+))?', re.MULTILINE)


def page() -> str:
    """The whole page."""
    from accounts.roles import RULES, May

    said = {name: words or "" for name, _code, words in _MEMBER.findall(TABLE.read_text("utf-8"))}
    rows = []
    for may in May:
        held = [str(role.label) for role, rule in RULES.items() if may in rule.may]
        rows.append(f"| `{may.value}` | {said[may.name]} | {', '.join(held)} |")
    return HEAD + "\n".join(rows) + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or compare it; the exit code."""
    from django.utils import translation

    with translation.override("en"):
        drawn = page()
    if "--check" not in arguments:
        PAGE.write_text(drawn, encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == drawn:
        return 0
    print("docs/permissions.md is not what the table says: run python tools/draw_permissions.py")
    return 1


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    sys.exit(main(sys.argv[1:]))
