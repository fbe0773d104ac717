"""The bar above a list: which filters are in sight, which are set, and how to take one away."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict

CURSOR = "cursor"
ORDERING = "ordering"


def replaced(parameters: QueryDict, changes: dict[str, Any]) -> str:
    """The query string with `changes` made: None or an empty string takes a key out."""
    changed = parameters.copy()
    for key, value in changes.items():
        if value is None or value == "":
            changed.pop(key, None)
        elif isinstance(value, list | tuple):
            changed.setlist(key, [str(each) for each in value])
        else:
            changed[key] = str(value)
    return f"?{changed.urlencode()}"


def bar(filterset: Any, parameters: QueryDict, first: str = "") -> dict[str, Any]:
    """What `components/filter_bar.html` draws of a django-filter FilterSet.

    `first` names the fields always in sight (comma separated; without it the first three). Whatever else
    the address says, such as the order or the pile, is kept.
    """
    form = filterset.form
    names = [name.strip() for name in first.split(",") if name.strip()] or list(form.fields)[:3]
    fields = [form[name] for name in form.fields if name != ORDERING]
    more = [field for field in fields if field.name not in names]
    return {
        "seen": [field for field in fields if field.name in names],
        "more": more,
        "others": [
            (key, value)
            for key in parameters
            if key != CURSOR and (key == ORDERING or key not in form.fields)
            for value in parameters.getlist(key)
        ],
        **state(filterset, parameters, more),
    }


def state(
    filterset: Any, parameters: QueryDict, more: Sequence[Any] | None = None
) -> dict[str, Any]:
    """What of the bar changes with every answer: the chips, and how many are chosen where."""
    form = filterset.form
    fields = [form[name] for name in form.fields if name != ORDERING]
    return {
        "faults": [
            {"label": str(field.label), "words": error}
            for field in fields
            for error in field.errors
        ],
        "chips": [chip for field in fields for chip in _chips(field, parameters)],
        "set_count": sum(_is_set(field) for field in (fields if more is None else more)),
        "many": [(field.html_name, len(field.data or ())) for field in fields if field.is_many],
        "clear": replaced(parameters, dict.fromkeys([*form.fields, CURSOR])),
    }


def _is_set(field: Any) -> bool:
    return field.data not in (None, "", False, [], [""])


def _chips(field: Any, parameters: QueryDict) -> Iterator[dict[str, str]]:
    """One removable chip per chosen value of a field."""
    if not _is_set(field) or field.errors:
        return
    words = dict(_flat(getattr(field.field, "choices", ())))
    given = parameters.getlist(field.html_name)
    for value in given:
        left = [other for other in given if other != value]
        yield {
            "label": str(field.label),
            "words": "" if field.is_check else str(words.get(value, value)),
            "href": replaced(parameters, {field.html_name: left or None, CURSOR: None}),
        }


def _flat(choices: Any) -> Iterator[tuple[str, object]]:
    """Choices without their groups."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), label
