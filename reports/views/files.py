"""A table of a page as a file: CSV, workbook or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import JsonResponse
from django.http.response import HttpResponseBase

from listing.sheets import csv_response, xlsx_response
from workflow.errors import ContentRefused

FORMATOS = ("csv", "xlsx", "json")


def download(
    formato: str, nome: str, titulo: str, header: Sequence[str], rows: Sequence[Sequence[Any]], data: Any
) -> HttpResponseBase:
    """The table under this name; JSON takes `data` instead. Raises ContentRefused for another kind."""
    if formato == "csv":
        return csv_response(f"{nome}.csv", header, rows)
    if formato == "xlsx":
        return xlsx_response(f"{nome}.xlsx", titulo, header, rows)
    if formato != "json":
        raise ContentRefused(
            f"Não há arquivo em «{formato[:20]}». Peça um destes formatos: {', '.join(FORMATOS)}.",
            errors={"formato": "Escolha um formato da lista."},
        )
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1}, safe=False)
    response["Content-Disposition"] = f'attachment; filename="{nome}.json"'
    return response
