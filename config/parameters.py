"""What may stand in the query of an API list. What does not is refused by name: a slip must not pass for an answer."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.settings import api_settings

from config.refusal import Refused


class UnknownParameter(Refused):
    """400: a name that this list does not know."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            "unknown_parameter",
            _("This list has no parameter “%(name)s”. It has: %(known)s.")
            % {"name": name[:60], "known": ", ".join(sorted(known))},
            400,
            field=name[:60],
        )


class SizeWrong(Refused):
    """400: no number of rows."""

    def __init__(self, most: int) -> None:
        super().__init__(
            "size_wrong",
            _("The size of a page is a number from 1 to %(most)s.") % {"most": most},
            400,
            field="size",
        )


def demand_known(request: Request, view: Any, paging: Iterable[str]) -> None:
    """Pass where every parameter is one of paging, of the view's FilterSet, or named in its `own_parameters`.

    Raises UnknownParameter.
    """
    filters = getattr(view, "filterset_class", None)
    known = {*paging, *getattr(view, "own_parameters", ())}
    known |= set(filters.base_filters) if filters is not None else set()
    for name in request.query_params:
        if name not in known and name != api_settings.URL_FORMAT_OVERRIDE:
            raise UnknownParameter(name, known)
