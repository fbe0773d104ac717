"""An action says no, in a sentence that the person who asked can act on."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """Raised by an action that cannot be done as asked. The transaction is rolled back; nothing changed.

    `code` is stable and for programs, `sentence` is translatable and for people: what is wrong, and what
    to do. `status` is the HTTP status of the API's answer: 409 where the present state stands against it, 422
    where what was asked is wrong in itself. `kept` says what was kept of what the person gave
    (for example {"draft": 12}); pages keep the form as typed in any case.
    `field` names the input at fault, where there is one.
    """

    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self,
        code: str,
        sentence: str | Promise,
        status: int = 422,
        kept: Mapping[str, Any] | None = None,
        *,
        field: str = "",
    ) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.status = status
        self.kept = dict(kept or {})
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)

    @property
    def errors(self) -> list[dict[str, str]]:
        """Field, message and code of each input at fault; empty where it is no input's fault."""
        if not self.field:
            return []
        return [{"field": self.field, "message": str(self.sentence), "code": self.code}]


class SomebodyWasFirst(Refused):
    """The record changed between reading and acting: zero rows matched the state that was seen."""

    def __init__(self, sentence: str | Promise = "", kept: Mapping[str, Any] | None = None) -> None:
        super().__init__(
            "somebody_was_first",
            sentence
            or _("Somebody else was first. Nothing was changed; look at the record again."),
            409,
            kept,
        )
