"""Any other address under /api/v1/."""

from __future__ import annotations

from typing import Any, NoReturn

from django.http import Http404
from rest_framework.request import Request
from rest_framework.views import APIView

from portal.api.permissions import PUBLIC


class MissingView(APIView):
    """There is nothing here, whatever the method; said as a problem, not as a page."""

    required_scopes = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"), PUBLIC)
    authentication_classes = []
    schema = None

    def get(self, request: Request, **kwargs: Any) -> NoReturn:
        """404."""
        raise Http404

    post = put = patch = delete = options = get
