"""Small filters of the catalogue's pages."""

from collections.abc import Mapping
from typing import Any

from django import template

from incidents.catalogue_departments import department_label

register = template.Library()


@register.filter
def at(names: Mapping[str, Any], code: str) -> Any:
    """The entry of a mapping under a key that is a variable; empty where there is none."""
    return names.get(code, "")


@register.filter
def department(kind: str) -> str:
    """A department kind in the reader's language."""
    return department_label(kind)
