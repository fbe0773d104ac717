"""Keep docs/openapi.yaml equal to what the API says of itself.

python tools/openapi.py update    write it again
python tools/openapi.py check     say what differs; exit 1 if anything does
"""

import difflib
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SNAPSHOT = PROJECT / "docs" / "openapi.yaml"


def current() -> str:
    """The description of the API, in English, valid by OpenAPI's own schema."""
    made = subprocess.run(
        [sys.executable, "manage.py", "spectacular", "--lang=en", "--validate", "--fail-on-warn"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        sys.exit(f"The description of the API has faults:\n{made.stderr.strip()[-3000:]}")
    return made.stdout


def main(arguments: list[str]) -> int:
    if arguments not in (["update"], ["check"]):
        print(__doc__, file=sys.stderr)
        return 2
    said = current()
    if arguments == ["update"]:
        SNAPSHOT.write_text(said)
        return 0
    kept = SNAPSHOT.read_text() if SNAPSHOT.exists() else ""
    if kept == said:
        print("docs/openapi.yaml is up to date")
        return 0
    names = ("docs/openapi.yaml", "the API now")
    difference = list(
        difflib.unified_diff(kept.splitlines(), said.splitlines(), *names, lineterm="")
    )
    print("\n".join(difference[:40]))
    print("If that is meant: .venv/bin/python tools/openapi.py update")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
