"""Background work of the plumbing."""

from celery import shared_task
from oauth2_provider.models import clear_expired

from config.idempotency import forget_old_answers


@shared_task(time_limit=300)
def forget_answers() -> int:
    """Forget the answers to requests of more than 48 hours ago."""
    return forget_old_answers()


@shared_task(time_limit=600)
def forget_tokens() -> None:
    """Delete access tokens that have expired."""
    clear_expired()
