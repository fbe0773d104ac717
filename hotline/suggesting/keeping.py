"""The files of models: written, put in use, found by every process, and taken for missing or corrupt where they are.

A process keeps the model it read, and looks by one small query whether a newer one is in use.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Generic, TypeVar

from django.core.files.base import ContentFile
from django.db import transaction

from hotline.choices import Purpose
from hotline.models import KeptModel, TrainingRun
from hotline.suggesting.packing import Unreadable
from hotline.suggesting.text_model import TextModel
from hotline.suggesting.unit_model import UnitModel

_log = logging.getLogger(__name__)
_KEPT_FILES = 3  # of each purpose: the one in use and the two before it
Model = TypeVar("Model", TextModel, UnitModel)


@dataclass(frozen=True)
class Found(Generic[Model]):
    """The model in use, or why there is none: `none` was made yet, its file is `missing` or `corrupt`."""

    model: Model | None
    trouble: str = ""


def put_in_use(run: TrainingRun, data: bytes, now: datetime) -> KeptModel:
    """Keep the file and use it from now on. In a transaction of the caller, which also ends the run."""
    digest = hashlib.sha256(data).hexdigest()
    KeptModel.objects.select_for_update().filter(purpose=run.purpose, in_use=True).update(
        in_use=False
    )
    kept = KeptModel(
        run=run, purpose=run.purpose, sha256=digest, size=len(data), made_at=now, in_use=True
    )
    kept.file.save(f"{run.purpose}-{run.pk}.yiwang", ContentFile(data), save=True)
    transaction.on_commit(lambda: _remove_old(run.purpose))
    return kept


def _remove_old(purpose: str) -> None:
    for old in KeptModel.objects.filter(purpose=purpose, in_use=False).exclude(file="")[
        _KEPT_FILES - 1 :
    ]:
        old.file.delete(save=True)


def text_model(purpose: Purpose) -> Found[TextModel]:
    """The model of texts in use."""
    return _found(purpose, _text_model)


def unit_model() -> Found[UnitModel]:
    """The model of units in use."""
    return _found(Purpose.UNITS, _unit_model)


def _found(purpose: Purpose, read: Callable[[int], Model]) -> Found[Model]:
    pk = KeptModel.objects.filter(purpose=purpose, in_use=True).values_list("pk", flat=True).first()
    if pk is None:
        return Found(None, "none")
    try:
        return Found(read(pk))
    except OSError as error:
        _log.warning("the model %s cannot be found: %s", pk, error)
        return Found(None, "missing")
    except Unreadable as error:
        _log.warning("the model %s cannot be used: %s", pk, error)
        return Found(None, "corrupt")


@lru_cache(maxsize=4)
def _text_model(pk: int) -> TextModel:
    return TextModel.unpacked(_sound(pk))


@lru_cache(maxsize=2)
def _unit_model(pk: int) -> UnitModel:
    return UnitModel.unpacked(_sound(pk))


def _sound(pk: int) -> bytes:
    """The bytes as they were kept. Raises OSError, Unreadable where they are others."""
    kept = KeptModel.objects.get(pk=pk)
    with kept.file.open("rb") as file:
        data = bytes(file.read())
    if hashlib.sha256(data).hexdigest() != kept.sha256:
        raise Unreadable("its checksum is another")
    return data


def forget() -> None:
    """Let this process read its models anew."""
    _text_model.cache_clear()
    _unit_model.cache_clear()
