"""The budget of a due date, with a wide margin: a wrong algorithm fails here, a busy machine does not."""

from bench.due import microseconds


def test_a_due_date_costs_the_same_whatever_the_allowance() -> None:
    slow = {kind: micros for kind, micros in microseconds() if micros > 200}
    assert not slow
