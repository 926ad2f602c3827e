"""The API's description: for programs (OpenAPI) and for people (a page)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import StaticHTMLRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from portal.api.permissions import PUBLIC
from portal.api.problems import KINDS
from portal.rules.events import EVENTS
from portal.scopes import SCOPES


class DescriptionView(SpectacularAPIView):
    """OpenAPI 3.1, as YAML or, asked for in Accept, as JSON."""

    required_scopes = {"GET": PUBLIC}


class DocsView(APIView):
    """The same for people, on one page without any script."""

    required_scopes = {"GET": PUBLIC}
    renderer_classes = [StaticHTMLRenderer]
    schema = None

    def get(self, request: Request) -> HttpResponse:
        """The page."""
        described: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
        operations = [
            {
                **operation,
                "method": method.upper(),
                "path": path,
                "description": re.sub("`([^`]*)`", r"«\1»", operation.get("description", "")),
                "examples": list(_examples(operation)),
            }
            for path, methods in described["paths"].items()
            for method, operation in methods.items()
        ]
        said = {"scopes": SCOPES, "kinds": KINDS, "events": EVENTS}
        context = {"info": described["info"], "operations": operations, **said}
        return render(request._request, "portal/api.html", context)


def _examples(operation: dict[str, Any]) -> Iterator[dict[str, str]]:
    """What may be sent, as people read it: the name of the example, its media type and its text."""
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        for example in content.get("examples", {}).values():
            text = json.dumps(example["value"], ensure_ascii=False, indent=2)
            yield {"name": example["summary"], "media": media, "text": text}
