"""Arbitrary text in every field of the registration page and of what helps it: never a 500, never half a record."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.forms.intake import IntakeForm
from cases.models import Assunto
from cases.services.texts import load_texts
from cases.tipos import RULES
from tests.browsing import logged_in
from tests.cases.test_pages_intake import NEW, told
from tests.conftest import Cast

FIELDS = sorted(IntakeForm.base_fields)
#: What is written even of a refusal (sessions, who read what), and what is no table.
ASIDE = {"sessions.Session", "workflow.Leitura", "pghistory.Events", "pghistory.MiddlewareEvents"}
TABLES = [model for model in apps.get_models() if model._meta.label not in ASIDE and model._meta.managed]
COUNTED = " UNION ALL ".join(
    f'SELECT {place}, count(*) FROM "{model._meta.db_table}"' for place, model in enumerate(TABLES)
)
nonsense = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["\0", "a\0b", "9" * 300, "-1", "1e309", "NaN", "0001-01-01", "9999-12-31", "2026-02-30", "é" * 25_000, "on"]
    ),
)
#: Values that get past the form, so that the services see strange combinations too.
plausible = {
    "tipo": st.sampled_from(sorted(RULES)),
    "municipio": st.sampled_from(["Suzano", "Itaquaquecetuba (SP)", ""]),
    "nascimento": st.sampled_from(["2012-05-01", "1930-01-01", "1900-01-01", "2099-01-01"]),
    "natureza": st.sampled_from(["produto_duravel", "servico_nao_duravel"]),
    "forma_compra": st.sampled_from(["internet", "loja"]),
    "rep_qualidade": st.sampled_from(["procurador", "pai_mae", "curador"]),
    "rep_nome": st.just("Rui Reis"),
    "rep_documentos": st.lists(st.sampled_from(["identidade", "procuracao", "termo_curatela"]), unique=True),
    "mesmo_assim": st.just("on"),
    "motivo_domicilio": st.just("Trabalha aqui."),
    "mudar": st.sampled_from(["encaminhamento", "simples_consulta", "x"]),
    "inserir": st.just("1"),
    "procurar": st.just("1"),
    "texto": st.sampled_from(["cobr", "devol", "xyz"]),
    **{
        name: st.sampled_from(["2015-01-01", "2026-01-20", "2026-03-01"])
        for name in ("data_entrega", "data_defeito", "contato_em", "contato_negado_em", "data_compra")
    },
}


def rows() -> list[tuple[int, int]]:
    """How many rows each table has, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED)
        return sorted(cursor.fetchall())


@st.composite
def filled(draw: Any, base: dict[str, Any]) -> dict[str, Any]:
    """The good intake with some fields made strange, some plausible."""
    data = dict(base)
    for name in draw(st.lists(st.sampled_from([*FIELDS, *plausible]), unique=True, max_size=8)):
        data[name] = draw(st.one_of(plausible[name], nonsense) if name in plausible else nonsense)
    return data


@pytest.mark.parametrize("path", ["", "avisos/", "consumidor/", "fornecedores/", "fornecedor/", "texto/", "rascunho/"])
def test_no_text_breaks_the_page_or_leaves_half_a_record(cast: Cast, phone: Assunto, path: str) -> None:
    load_texts()
    client = logged_in(cast.bruno)
    client.raise_request_exception = False
    base = told(cast, envio=str(uuid4()), escolher="1", busca_fornecedor="")
    answers = set()

    @settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(filled(base))
    def attack(data: dict[str, Any]) -> None:
        with transaction.atomic():
            before = rows()
            answer = client.post(NEW + path, data)
            answers.add(answer.status_code)
            assert answer.status_code in (200, 204, 302, 409, 422), (answer.status_code, data)
            if answer.status_code != 302 and path in ("", "avisos/", "consumidor/", "fornecedores/", "texto/"):
                assert rows() == before, data
            transaction.set_rollback(True)

    attack()
    assert answers <= {200, 204, 302, 409, 422}
    assert path or {302, 422} <= answers
