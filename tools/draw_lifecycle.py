"""Draw the life of a case from its table: `python tools/draw_lifecycle.py` writes docs/lifecycle.md.

With `--check` it writes nothing and exits 1 where the page is not what the table says.
"""

import os
import sys
from collections import defaultdict
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "lifecycle.md"

HEAD = """# The life of a case

Drawn from the table in `incidents/lifecycle.py` by `python tools/draw_lifecycle.py`; do not edit by hand.
A case moves only through `incidents.taking.take`; source of the rules: domain section 2.2 and 2.4 (A).

- Steps that leave the state as it is are listed below the picture only.
- *stops* judges a clock (met or missed), *cancels* drops it, *goes on* resumes the paused one or starts the first,
  *reopens* starts a new round that keeps the original deadline.
"""


def page() -> str:
    """The whole page."""
    return f"{HEAD}\n{_picture()}\n\n{_table()}\n"


def _picture() -> str:
    from incidents.choices import ENDS, State
    from incidents.lifecycle import STEPS

    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for step in STEPS.values():
        if step.to:
            for source in State:
                if source in step.sources:
                    arrows[source.value, str(step.to)].append(step.code)
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR", "    [*] --> reported"]
    lines += [f"    {a} --> {b}: {', '.join(codes)}" for (a, b), codes in arrows.items()]
    lines += [f"    {state.value} --> [*]" for state in State if state in ENDS]
    return "\n".join([*lines, "```"])


def _table() -> str:
    from incidents.choices import OPEN, State
    from incidents.lifecycle import STEPS

    rows = [
        "| step | from | to | in the hands of | clocks | why, and what it asks |",
        "|" + "---|" * 6,
    ]
    for step in STEPS.values():
        states = [s.value for s in State if s in step.sources]
        if step.sources >= OPEN:
            states = ["any open state", *(s.value for s in State if s in step.sources - OPEN)]
        clocks = "; ".join(
            f"{move.replace('_', ' ')} {', '.join(stages) if len(stages) < 7 else 'all'}"  # type: ignore[arg-type]
            for move, stages in step.moves.items()
        )
        hands = "; ".join(str(held) for held in step.held_by)
        cells = (f"**{step.code}**", ", ".join(states), step.to or "—", hands, clocks, step.why)
        rows.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(rows)


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
    print("docs/lifecycle.md is not what the table says: run python tools/draw_lifecycle.py")
    return 1


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    sys.exit(main(sys.argv[1:]))
