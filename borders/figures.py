"""How far the enclaves have come, by district: how many of how many (domain E6: 546 in one city)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.db.models.functions import Left

from accounts.actor import Actor
from borders.choices import CheckKind, EnclaveState, ProblemState
from borders.models import Check
from borders.querysets import enclaves_visible_to
from grids.queries import area_names

# A place that is being mended has been handed over: the road is counted, not its bends.
_REACHED: tuple[tuple[EnclaveState, frozenset[EnclaveState]], ...] = tuple(
    (state, frozenset(states))
    for state, states in (
        (EnclaveState.INVESTIGATED, set(EnclaveState) - {EnclaveState.REGISTERED}),
        (
            EnclaveState.ATTRIBUTED,
            set(EnclaveState) - {EnclaveState.REGISTERED, EnclaveState.INVESTIGATED},
        ),
        (
            EnclaveState.HANDED_OVER,
            {EnclaveState.HANDED_OVER, EnclaveState.MENDING, EnclaveState.ACCEPTED},
        ),
        (EnclaveState.ACCEPTED, {EnclaveState.ACCEPTED}),
    )
)


@dataclass
class Line:
    """One district, or all: of `registered` how many have come at least so far, and which checks have passed."""

    code: str
    name: str
    registered: int = 0
    investigated: int = 0
    attributed: int = 0
    handed_over: int = 0
    mending: int = 0
    accepted: int = 0
    problems_open: int = 0
    passed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CheckKind.values, 0))

    @property
    def percent(self) -> int:
        """Accepted of registered."""
        return round(100 * self.accepted / self.registered) if self.registered else 0


@dataclass(frozen=True)
class Progress:
    """All that the actor sees; `total` sums the lines."""

    total: Line
    lines: list[Line]


def progress(actor: Actor) -> Progress:
    """Count what the actor sees, by district where it lies; what was struck off is left out. Four queries."""
    seen = enclaves_visible_to(actor).exclude(state=EnclaveState.STRUCK)
    lines: dict[str, Line] = {}
    rows = seen.order_by().annotate(d=Left("area_code", 6)).values_list("d", "state")
    for code, state, count in rows.annotate(n=Count("pk", distinct=True)):
        _add(lines.setdefault(code, Line(code, code)), EnclaveState(state), count)
    passed = Check.objects.filter(enclave__in=seen, passed=True).annotate(
        d=Left("enclave__area_code", 6)
    )
    for code, kind, count in (
        passed.order_by().values_list("d", "kind").annotate(n=Count("enclave", distinct=True))
    ):
        lines[code].passed[kind] = count
    old = seen.order_by().filter(problems__state=ProblemState.OPEN)
    open_ones = Count("problems", filter=Q(problems__state=ProblemState.OPEN), distinct=True)
    for code, count in old.annotate(d=Left("area_code", 6)).values_list("d").annotate(n=open_ones):
        lines[code].problems_open = count
    for code, name in area_names(lines.keys()).items():
        lines[code].name = name
    ordered = [lines[code] for code in sorted(lines)]
    return Progress(_sum(ordered), ordered)


def _add(line: Line, state: EnclaveState, count: int) -> None:
    line.registered += count
    for reached, states in _REACHED:
        if state in states:
            setattr(line, reached.value, getattr(line, reached.value) + count)
    if state == EnclaveState.MENDING:
        line.mending += count


def _sum(lines: Iterable[Line]) -> Line:
    total = Line("", "")
    for line in lines:
        for name in (
            "registered",
            "investigated",
            "attributed",
            "handed_over",
            "mending",
            "accepted",
            "problems_open",
        ):
            setattr(total, name, getattr(total, name) + getattr(line, name))
        for kind, count in line.passed.items():
            total.passed[kind] += count
    return total
