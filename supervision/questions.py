"""What the system asks when it opens an order: kept in one language, read in everybody's own."""

from django.utils.functional import Promise

from supervision.models import Order

_asked: dict[str, str | Promise] = {}


def register(cause: str, question: str | Promise) -> None:
    """Orders whose cause begins with `cause` and a colon ask this."""
    _asked[cause] = question


def question_of(order: Order) -> str:
    """The question as its reader is asked it: a person's own words, or the system's in the active language."""
    kind = order.cause.partition(":")[0]
    return str(_asked.get(kind, order.question)) if order.opened_by_id is None else order.question
