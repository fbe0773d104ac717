"""Who reaches what of escalation."""

from tests.matrix.row import Row
from tests.matrix.world import World


def build(world: World) -> None:
    """The records that the rows name."""


ROWS: list[Row] = []
