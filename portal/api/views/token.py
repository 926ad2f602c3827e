"""/oauth/token/: client credentials and nothing else."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views import TokenView as LibraryTokenView

from portal.api.throttling import address_of, seconds_to_wait


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class TokenView(LibraryTokenView):
    """Exchanges client_id and client_secret for a token of one hour. Errors are those of RFC 6749, 5.2."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A token, or why not."""
        wait = seconds_to_wait("token", address_of(request))
        if wait:
            late = _error(429, "slow_down", "Pedidos demais. Espere o tempo de Retry-After e repita.")
            late["Retry-After"] = str(wait)
            return late
        try:
            hostile = any("\x00" in text for pair in request.POST.items() for text in pair)
        except SuspiciousOperation:
            hostile = True
        if hostile:
            return _error(400, "invalid_request", "O corpo não é um formulário que se possa ler.")
        return self.authorization_flow_token_response(request)


def _error(status: int, error: str, description: str) -> JsonResponse:
    return JsonResponse({"error": error, "error_description": description}, status=status)
