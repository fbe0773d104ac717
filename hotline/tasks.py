"""Background work of this room; Celery looks for it here."""

from hotline.order_tasks import follow_orders

__all__ = ["follow_orders"]
