"""Who reaches what of campaigns."""

from tests.matrix.row import Row
from tests.matrix.world import World


def build(world: World) -> None:
    """Nothing yet."""


ROWS: list[Row] = []
