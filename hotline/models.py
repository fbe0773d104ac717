"""The records of this room."""

from hotline.order_models import Call, Draft, Order, OrderPhoto, Part, Tier, Visit

__all__ = ["Call", "Draft", "Order", "OrderPhoto", "Part", "Tier", "Visit"]
