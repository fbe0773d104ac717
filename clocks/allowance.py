"""An amount of time and the way it is counted. Pure: no database."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clocks.choices import CONTINUOUS, LEGAL, AllowanceKind

MINUTE = 60_000_000  # microseconds
HOUR = 60 * MINUTE
# One working day is eight working hours wherever it starts, whatever the season's hours are.
UNIT: dict[AllowanceKind, int] = {
    AllowanceKind.MINUTE_CONT: MINUTE,
    AllowanceKind.HOUR_CONT: HOUR,
    AllowanceKind.WORK_HOUR: HOUR,
    AllowanceKind.WORK_DAY: 8 * HOUR,
    AllowanceKind.NATURAL_DAY: 24 * HOUR,
}
# Three years. Nothing in the trade is longer, and a mistyped number must not reach year 9999.
LONGEST: dict[AllowanceKind, int] = {
    AllowanceKind.MINUTE_CONT: 3 * 366 * 24 * 60,
    AllowanceKind.HOUR_CONT: 3 * 366 * 24,
    AllowanceKind.WORK_HOUR: 3 * 366 * 8,
    AllowanceKind.WORK_DAY: 3 * 366,
    AllowanceKind.NATURAL_DAY: 3 * 366,
    AllowanceKind.LEGAL_WORKDAY: 3 * 366,
    AllowanceKind.LEGAL_DAY: 3 * 366,
    AllowanceKind.LEGAL_MONTH: 36,
}


class AllowanceError(ValueError):
    """An allowance that cannot be: `sentence` says why, in the reader's language."""

    def __init__(self, field: str, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Allowance:
    """`value` units of `kind`, e.g. 2 `work_hour` or 15 `legal_day`.

    Statutory kinds count whole units. Zero is what a paused clock may have left; a limit that somebody
    grants is more than zero (`parse`). Raises `AllowanceError`.
    """

    value: Decimal
    kind: AllowanceKind

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value < 0:
            raise AllowanceError("value", _("The limit must be a number greater than zero."))
        if self.value > LONGEST[self.kind]:
            raise AllowanceError(
                "value",
                _("The limit is too long: at most %(most)s %(kind)s.")
                % {"most": LONGEST[self.kind], "kind": self.kind.label},
            )
        if self.kind in LEGAL and self.value != int(self.value):
            raise AllowanceError("value", _("Statutory days and months are counted whole."))

    @classmethod
    def parse(cls, value: str | int | Decimal, kind: str) -> "Allowance":
        """An allowance from what somebody typed; raises `AllowanceError` naming the field."""
        try:
            known = AllowanceKind(kind)
        except ValueError:
            raise AllowanceError(
                "kind",
                _("There is no way of counting called “%(kind)s”; there are: %(kinds)s.")
                % {"kind": str(kind)[:40], "kinds": ", ".join(AllowanceKind.values)},
            ) from None
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number <= 0:
            raise AllowanceError("value", _("The limit must be a number greater than zero."))
        return cls(number, known)

    @property
    def micros(self) -> int:
        """Microseconds of working or continuous time. Statutory kinds have none (KeyError)."""
        return round(self.value * UNIT[self.kind])

    @property
    def is_continuous(self) -> bool:
        return self.kind in CONTINUOUS

    def __str__(self) -> str:
        """As a person says it, in the reader's language: `2 working hours`."""
        from config.wording import allowance_words

        return allowance_words(self.value.quantize(Decimal("0.01")).normalize(), self.kind)
