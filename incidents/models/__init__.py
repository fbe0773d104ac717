"""The records of this room: the catalogue of matters with its rules, and the case itself."""

from incidents.models.case import Appeal, Ask, Assignment, Incident, Photo, Remark
from incidents.models.catalogue import (
    CatalogueItem,
    CatalogueStatus,
    CatalogueVersion,
    ItemLimit,
    ResponsibilityRule,
)

__all__ = [
    "Appeal",
    "Ask",
    "Assignment",
    "CatalogueItem",
    "CatalogueStatus",
    "CatalogueVersion",
    "Incident",
    "ItemLimit",
    "Photo",
    "Remark",
    "ResponsibilityRule",
]
