"""Trainings as they are read: what is in use, and the report of one with names instead of codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from accounts.models import Organisation
from hotline.choices import Purpose, RunState
from hotline.models import KeptModel, TrainingRun
from incidents.catalogue_words import spoken
from incidents.models import CatalogueItem, CatalogueStatus


def in_use() -> list[KeptModel]:
    """The models that suggest now."""
    return list(KeptModel.objects.filter(in_use=True).select_related("run").order_by("purpose"))


@dataclass(frozen=True)
class Cell:
    """How often the row's label was taken for the column's; `share` of the row in tenths, for its shade."""

    count: int
    share: int
    right: bool


@dataclass(frozen=True)
class Row:
    label: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Report:
    """Figures of a run. Names are those of the catalogue in force and of the units."""

    run: TrainingRun

    @property
    def open(self) -> bool:
        """Whether it still waits or runs."""
        return self.run.state in (RunState.ASKED, RunState.RUNNING)

    @cached_property
    def labels(self) -> list[str]:
        return [self._name(label) for label in self.run.figures.get("labels", [])]

    @cached_property
    def rows(self) -> list[Row]:
        """The confusion table: right labels down, guesses across."""
        table = self.run.figures.get("table", [])
        return [
            Row(name, _cells(place, counts))
            for place, (name, counts) in enumerate(zip(self.labels, table, strict=True))
        ]

    @cached_property
    def mixed_up(self) -> list[tuple[str, str, int]]:
        """What was most often taken for something else."""
        pairs = self.run.figures.get("mixed_up", [])
        return [(self._name(right), self._name(guessed), n) for right, guessed, n in pairs]

    def _name(self, label: str) -> str:
        return self._names.get(label, label) or "—"

    @cached_property
    def _names(self) -> Mapping[str, str]:
        figures = self.run.figures
        codes = {*figures.get("labels", ())}
        codes.update(one for pair in figures.get("mixed_up", ()) for one in pair[:2])
        match self.run.purpose:
            case Purpose.ITEMS:
                rows = CatalogueItem.objects.filter(
                    version__status=CatalogueStatus.ACTIVE, code__in=codes
                ).values_list("code", "name", "name_en")
                return {code: spoken(name, english) for code, name, english in rows}
            case Purpose.UNITS:
                units = Organisation.objects.filter(code__in=codes)
                return {unit.code: unit.shown_name for unit in units}
        return {}


def _cells(place: int, counts: Sequence[int]) -> list[Cell]:
    total = sum(counts) or 1
    return [Cell(n, round(10 * n / total), column == place) for column, n in enumerate(counts)]
