"""What gunicorn serves for bench/api.py: /piso/… goes to the bare views, the rest to the project, in the same workers.

The project's limit of requests is lifted, though still counted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any


def _made() -> tuple[Any, Any]:
    """The project's handler, and one without middleware that knows only the bare views."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procon.settings")
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.wsgi import get_wsgi_application

    project = get_wsgi_application()
    from django.test.utils import override_settings

    from portal.conf import LIMITS

    class Bare(WSGIHandler):
        """Resolves addresses among the floors."""

        def resolve_request(self, request: Any) -> Any:
            request.urlconf = "bench.floors"
            return super().resolve_request(request)

    from django.conf import settings

    LIMITS["integracao"] = 10**9
    settings.DATABASES["default"]["CONN_MAX_AGE"] = None  # whose processor is measured, stays
    with override_settings(MIDDLEWARE=[]):
        return project, Bare()


_project, _bare = _made()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The bare views or the project."""
    chosen = _bare if environ["PATH_INFO"].startswith("/piso/") else _project
    found: Iterable[bytes] = chosen(environ, start_response)
    return found
