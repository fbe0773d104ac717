"""Who reaches what of hotline."""

from typing import Any

from django.utils import timezone

from accounts.roles import May
from hotline.choices import Purpose, RunState
from hotline.models import TrainingRun
from tests.matrix.row import FORBIDDEN, IN, Row, roles_with
from tests.matrix.world import World

MANAGERS = roles_with(May.MANAGE_CATALOGUE)
DESK = roles_with(May.ACCEPT, May.DISPATCH)


def build(world: World) -> None:
    """A training that ended."""
    now = timezone.now()
    world.records["training"] = TrainingRun.objects.create(
        purpose=Purpose.ITEMS, state=RunState.TOO_FEW, asked_by="system", asked_at=now
    )


def _training(world: World) -> dict[str, Any]:
    return {"pk": world.records["training"].pk}


ROWS: list[Row] = [
    Row(url="hotline:trainings", may=MANAGERS),
    Row(
        url="hotline:training_start",
        may=MANAGERS,
        method="post",
        data=lambda world: {"purpose": "units"},
    ),
    Row(url="hotline:training", may=MANAGERS, kwargs=_training, foreign=IN),
    Row(url="api_suggestions_items", may=DESK, method="post", partner=IN),
    Row(url="api_suggestions_units", may=DESK, method="post", partner=IN),
    Row(url="api_trainings", may=MANAGERS, partner=FORBIDDEN),
    Row(url="api_trainings", may=MANAGERS, method="post", partner=FORBIDDEN),
    Row(url="api_training", may=MANAGERS, kwargs=_training, foreign=IN, partner=FORBIDDEN),
]
