"""What every answer tells the browser beside its content: keep nothing, lend nothing, let nobody in."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from portal.api.problems import MEDIA_TYPE, body

#: What no page of ours uses is nobody's to use, an embedded page's neither.
_UNUSED = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock",
    "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
HEADERS = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNUSED),
    "Cross-Origin-Resource-Policy": "same-origin",
    # An answer is somebody's case unless its view says that it may be kept.
    "Cache-Control": "no-store",
}

#: What programs ask for: one that sends its secret in the clear must notice at once, and so is never led on to https.
MACHINES = ("/api/", "/oauth/")


class PlainProgramsMiddleware:
    """Refuses programs that come without https where the office has it (ASVS 5.0, 4.1.2); before the redirection."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse without reading anything."""
        if settings.SECURE_SSL_REDIRECT and request.path.startswith(MACHINES) and not request.is_secure():
            told = "A API só atende por https. O que veio agora passou aberto pela rede: troque o segredo que usou."
            return JsonResponse(body(403, told), status=403, content_type=MEDIA_TYPE)
        return self.get_response(request)


class HeadersMiddleware:
    """Adds what the answer does not say itself. Comes after WhiteNoise, whose files hold nobody's data."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
