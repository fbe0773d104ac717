"""Where partner systems get their access tokens (OAuth 2 client credentials, RFC 6749)."""

import hashlib
import math
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views import TokenView

from config.problems import problem_page
from config.rates import Rate

# Checking a secret is slow on purpose; nobody needs a token, good for an hour, more often than this.
ATTEMPTS = Rate.parsed("30/min")


# A partner's program has no cookie that a foreign page could abuse; overriding `dispatch` loses the exemption.
@method_decorator(csrf_exempt, name="dispatch")
class Token(TokenView):  # type: ignore[misc]  # untyped library
    """POST only. Errors of the grant are RFC 6749's own; everything else is a problem document."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("client_id") or request.headers.get("Authorization", "")
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        if not ATTEMPTS.allows(f"token:{digest}:{request.META.get('REMOTE_ADDR')}"):
            answer = problem_page(request, 429)
            answer["Retry-After"] = str(math.ceil(ATTEMPTS.wait()))
            return answer
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        answer = problem_page(request, 405)
        answer["Allow"] = "POST, OPTIONS"
        return answer
