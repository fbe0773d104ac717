"""The records of this room."""

from hotline.models.learning import KeptModel, TrainingRun
from hotline.models.orders import SUBJECT, Call, Draft, Order, OrderPhoto, Part, Tier, Visit

__all__ = [
    "SUBJECT",
    "Call",
    "Draft",
    "KeptModel",
    "Order",
    "OrderPhoto",
    "Part",
    "Tier",
    "TrainingRun",
    "Visit",
]
