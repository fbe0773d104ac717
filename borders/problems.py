"""Named problems of old: each stays with who caused it, with a state and cases of its own (domain E7)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from borders.choices import ProblemState
from borders.doors import ENCLAVES, EnclaveMeeting
from borders.models import Problem


@ENCLAVES.effect("list_problem")
def list_problem(m: EnclaveMeeting) -> None:
    """Name a problem, and with whom it stays."""
    facts = m.facts
    made = Problem.objects.create(
        enclave=m.record,
        title=facts["title"],
        text=facts["text"],
        item_code=facts["item_code"],
        owner=facts["owner"],
        listed_at=m.now,
    )
    m.data.update(problem=made.pk, unit=made.owner_id)


@ENCLAVES.guard("link_case", "solve_problem", "reopen_problem")
def no_problem_listed(m: EnclaveMeeting) -> Promise | None:
    """There must be one."""
    return None if m.problems else _("No old problem is listed here.")


@ENCLAVES.guard("solve_problem")
def all_solved(m: EnclaveMeeting) -> Promise | None:
    """Of those that stay with the actor's unit."""
    if not any(m.is_bound_to(one.owner_id) for one in m.open_problems):
        return _("No old problem of your unit is open here.")
    return None


@ENCLAVES.guard("reopen_problem")
def none_solved(m: EnclaveMeeting) -> Promise | None:
    """Only what was solved can be opened again."""
    return _("No old problem here is solved.") if len(m.open_problems) == len(m.problems) else None


@ENCLAVES.effect("link_case")
def link_case(m: EnclaveMeeting) -> None:
    """Cases in which the problem shows."""
    problem: Problem = m.facts["problem"]
    problem.cases.add(*m.facts["cases"])
    m.data.update(problem=problem.pk, cases=[case.pk for case in m.facts["cases"]])


@ENCLAVES.effect("solve_problem")
def solve_problem(m: EnclaveMeeting) -> None:
    """Solved by who caused it."""
    problem: Problem = m.facts["problem"]
    problem.state, problem.solved_at = ProblemState.SOLVED, m.now
    problem.solution = m.facts["result"]
    problem.save(update_fields=["state", "solved_at", "solution"])
    m.data.update(problem=problem.pk, unit=problem.owner_id)


@ENCLAVES.effect("reopen_problem")
def reopen_problem(m: EnclaveMeeting) -> None:
    """It is not."""
    problem: Problem = m.facts["problem"]
    problem.state, problem.solved_at = ProblemState.OPEN, None
    problem.save(update_fields=["state", "solved_at"])
    m.data.update(problem=problem.pk, unit=problem.owner_id)
