"""My zones: for the phone of whoever goes from door to door."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.middleware import ActorRequest
from accounts.pages.gate import somebody
from campaigns.reading import mine
from config.pages import page


@somebody
@require_GET
def my_zones(request: ActorRequest) -> HttpResponse:
    """Where I serve, how far we are, and where to go next."""
    return page(request, "campaigns/mine.html", {"zones": mine(request.actor, timezone.now())})
