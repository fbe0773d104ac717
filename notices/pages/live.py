"""What an open page asks every fifteen seconds: has anything come in?

Asking costs two looks into indexes and, while nothing is new, an answer without a body (304). Held connections would
take one thread of the web process for each open page, and there are few: docs/notices.md.
"""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.middleware import ActorRequest
from accounts.pages.gate import somebody
from notices.pages.bell import capped
from notices.querysets import newest_unread, unread_count
from notices.wording import lines


@require_safe
@cache_control(private=True, no_cache=True)
@somebody
def live(request: ActorRequest) -> HttpResponse:
    """`count` as the bell shows it, and the newest unread message: id, text, address. 304 while both stay."""
    newest = newest_unread(request.user.pk or 0)
    count = capped(unread_count(request.user.pk or 0)) if newest else ""
    etag = f'"{newest.pk if newest else 0}-{count}-{request.LANGUAGE_CODE}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    told = lines([newest])[0] if newest else None
    body = {
        "count": count,
        "newest": newest.pk if newest else 0,
        "text": told.text if told else "",
        "url": f"/notices/{newest.pk}/" if newest else "",
        "tone": told.tone if told else "",
    }
    return JsonResponse(body, headers={"ETag": etag})
