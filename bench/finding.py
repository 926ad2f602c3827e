"""The list of cases and the search box over a large office, beside the bare SQL of the same rows in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from bench.clients import Asked, measure_pages, web
from bench.figures import Figure, milliseconds

LISTS = (
    "ordem=recentes", "status=aberto", "tipo=calculo", "canal=carta", "desfecho=litispendencia", "ordem=prioridade",
    "fornecedor=1001", "parado=30",
)  # fmt: skip
SEARCHES = {
    "nome": "maria silva",
    "CPF": "100.000.002-80",
    "protocolo": "35.001.001.24-0000077",
    "palavra frequente": "cobrança",
    "duas palavras": "geladeira portabilidade",
}


def measure(size: int) -> list[Figure]:
    """Fill the office once; then pages of 50 by filter, page 10,000 by cursor, then all pages over HTTP."""
    from django.test import Client

    from bench.office import empty
    from bench.population import populate
    from cases.models import Atendimento
    from tests.conftest import make_cast

    empty()
    cast = make_cast()
    start = time.perf_counter()
    populate(size, unidade=cast.unidade.pk, users=[cast.bruno.pk, cast.dora.pk])
    took = time.perf_counter() - start
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.bruno, backend="django.contrib.auth.backends.ModelBackend")
    figures = [Figure(f"gerar {size:,} atendimentos", took * 1000, "ms", goal="5 min por milhão")]
    for query in [*LISTS, f"depois={_deep(cast.bruno, size)}"]:
        figures += _list(cast.bruno, client, query)
    case = Atendimento.objects.visible_to(cast.bruno).order_by("-pk")[0]
    pages = {f"lista, {query}": Asked(f"/atendimentos/?{query}") for query in LISTS}
    pages |= {f"busca por {name}": Asked("/busca/", {"texto": text}, "até 100 ms") for name, text in SEARCHES.items()}
    pages |= {
        "página do caso": Asked(case.get_absolute_url()),
        "Meu dia": Asked("/"),
        "fornecedor ao digitar": Asked(
            "/atendimentos/novo/fornecedores/", {"busca_fornecedor": "telecom co"}, "até 50 ms"
        ),
    }
    with web() as port:
        return figures + measure_pages(port, client.cookies["sessionid"].value, pages)


def _list(user: Any, client: Any, query: str) -> list[Figure]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ours = _ours(user, query)
    with CaptureQueriesContext(connection) as asked:
        ours()
    statements = [item["sql"] for item in asked.captured_queries]

    def bare() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    floor, rows, page = (milliseconds(work) for work in (bare, ours, lambda: client.get(f"/atendimentos/?{query}")))
    name = "página 10.000 pelo cursor" if query.startswith("depois=") else query
    return [
        Figure(f"lista de 50, {name}: linhas", rows, "ms", floor, "SQL das mesmas linhas", "até 3×"),
        Figure(f"lista de 50, {name}: página inteira", page, "ms", floor, "SQL das mesmas linhas"),
    ]


def _ours(user: Any, query: str) -> Callable[[], object]:
    from django.http import QueryDict
    from django.test import RequestFactory

    from cases.filters import AtendimentoFilter
    from cases.models import Atendimento
    from cases.tables import SHOWN, lines
    from listing.pages import keyset_page

    request: Any = RequestFactory().get("/")
    request.user, given = user, QueryDict(query)

    def rows() -> object:
        chosen = AtendimentoFilter(given, queryset=Atendimento.objects.visible_to(user), request=request)
        return lines(keyset_page(chosen.qs.values(*SHOWN), chosen.order, given).rows)

    return rows


def _deep(user: Any, size: int) -> str:
    """The cursor of page 10,000, or of the middle where there are fewer."""
    from cases.models import Atendimento
    from cases.tables import SHOWN
    from listing.pages import keyset_page

    newest = 1000 + size - min(500_000, size // 2)
    cases = Atendimento.objects.visible_to(user).filter(pk__lte=newest)
    return keyset_page(cases.values(*SHOWN), ("-aberto_em", "-id"), {}).next or ""
