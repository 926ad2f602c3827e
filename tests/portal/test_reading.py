"""Lists, one case, its events, its contact: pages that miss nothing, versions that nobody overwrites."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Assunto, Atendimento
from cases.services import close_case, record_contact, register
from portal.api.words import SENTENCES
from tests.conftest import NOW, Cast
from tests.portal.conftest import Program, declared
from workflow.models import Evento


@pytest.fixture
def cases(cidade: Program, cast: Cast, subject: Assunto) -> Callable[..., list[Atendimento]]:
    """Register n cases of the city portal, a minute apart from NOW (or all at once)."""

    def make(count: int, *, apart: int = 60, **content: Any) -> list[Atendimento]:
        values: dict[str, Any] = {
            "by": cidade.user,
            "unidade": cast.unidade,
            "tipo": "atendimento_preliminar",
            "canal": "portal",
            "consumidor": cast.ana,
            "fornecedores": [cast.loja],
            "assunto": subject,
            "relato": "Cobraram duas vezes.",
        } | content
        return [declared(register(at=NOW + timedelta(seconds=apart * n), **values)) for n in range(count)]

    return make


def _numbers(answer: Any) -> list[int]:
    return [int(row["protocolo"][-7:]) for row in answer.json()["results"]]


def _follow(cidade: Program, link: str) -> Any:
    return cidade.get(link.removeprefix("http://testserver/api/v1"))


@pytest.mark.parametrize("apart", [60, 0])
def test_pages_go_on_and_back_in_one_order(cidade: Program, cases: Callable[..., Any], apart: int) -> None:
    cases(5, apart=apart)

    first = cidade.get("/atendimentos/?limite=2")
    second = _follow(cidade, first.json()["next"])
    third = _follow(cidade, second.json()["next"])
    back = _follow(cidade, third.json()["previous"])
    start = _follow(cidade, back.json()["previous"])

    assert [_numbers(page) for page in (first, second, third, back, start)] == [[5, 4], [3, 2], [1], [3, 2], [5, 4]]
    assert (first.json()["previous"], third.json()["next"], start.json()["previous"]) == (None, None, None)
    assert back.json()["next"] == second.json()["next"]


def test_what_is_registered_meanwhile_moves_nothing(cidade: Program, cases: Callable[..., Any]) -> None:
    cases(6)
    seen: list[int] = []
    answer = cidade.get("/atendimentos/?limite=2")
    while True:
        seen += _numbers(answer)
        cases(3)
        if answer.json()["next"] is None:
            break
        answer = _follow(cidade, answer.json()["next"])

    assert [number for number in seen if number <= 6] == [6, 5, 4, 3, 2, 1]
    assert len(seen) == len(set(seen))


def test_the_oldest_come_first_when_asked(cidade: Program, cases: Callable[..., Any]) -> None:
    cases(3)

    first = cidade.get("/atendimentos/?ordem=aberto_em&limite=2")

    assert (_numbers(first), _numbers(_follow(cidade, first.json()["next"]))) == ([1, 2], [3])


def test_the_filters(cidade: Program, cases: Callable[..., Any], cast: Cast) -> None:
    cases(2)
    cases(1, fornecedores=[cast.banco, cast.loja])
    cases(1, tipo="simples_consulta", assunto=None, fornecedores=[])
    asked = {
        "": [2, 4, 3, 1],
        "status=encerrado": [4],
        "tipo=atendimento_preliminar": [2, 3, 1],
        "assunto=187": [2, 3, 1],
        "fornecedor=12ABC345": [2, 3, 1],
        "fornecedor=00.000.000/0001-91": [3],
        "aberto_de=2026-03-04": [2, 4, 3, 1],
        "aberto_de=2026-03-05": [],
        "aberto_ate=2026-03-04": [2, 4, 3, 1],
        "aberto_ate=2026-03-03": [],
        "aberto_de=2026-03-04T10:00:30-03:00": [2],
        "aberto_ate=2026-03-04T13:00:30%2B00:00": [4, 3, 1],
        "aberto_ate=2026-03-04T13:00:30Z": [4, 3, 1],
        "status=aberto&fornecedor=12ABC345&aberto_ate=2026-03-04T10:00:30-03:00": [3, 1],
    }

    assert {query: _numbers(cidade.get(f"/atendimentos/?{query}")) for query in asked} == asked


def test_counting_answers_only_the_total(cidade: Program, cases: Callable[..., Any]) -> None:
    cases(3)

    assert cidade.get("/atendimentos/?contar=1").json() == {"total": 3}
    assert cidade.get("/atendimentos/?contar=1&status=encerrado").json() == {"total": 0}


def test_the_counter_and_other_integrations_are_not_in_the_list(
    cidade: Program, vizinha: Program, cases: Callable[..., Any], cast: Cast
) -> None:
    cases(1)
    cases(1, by=cast.bruno)

    assert _numbers(cidade.get("/atendimentos/")) == [1]
    assert vizinha.get("/atendimentos/").json()["results"] == []


@pytest.mark.parametrize(
    ("path", "queries"),
    [("/atendimentos/", 2), ("/atendimentos/35.001.001.26-0000001/", 3), ("/atendimentos/?contar=1", 2)],
)
@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_rows(
    cidade: Program, cases: Callable[..., Any], cast: Cast, path: str, queries: int, count: int
) -> None:
    cases(count, fornecedores=[cast.loja, cast.banco][: min(count, 2)])
    cidade.get("/unidades/")  # the note of the last use is written

    with CaptureQueriesContext(connection) as asked:
        cidade.get(path)

    assert len(asked) == queries, [query["sql"][:90] for query in asked]


def test_a_known_version_is_not_sent_again(cidade: Program, cases: Callable[..., Any], cast: Cast) -> None:
    [case] = cases(1)
    path = f"/atendimentos/{case.protocolo}/"
    etag = cidade.get(path)["ETag"]

    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        answer = cidade.get(path, **{"If-None-Match": known})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)
    answer = cidade.get(path, **{"If-None-Match": etag})
    assert (answer.status_code, answer.json()["desfecho"]) == (200, "desistencia")


def test_the_contact_is_changed_and_recorded_without_the_data(
    cidade: Program, cases: Callable[..., Any], cast: Cast
) -> None:
    [case] = cases(1)
    path = f"/atendimentos/{case.protocolo}/"
    before = cidade.get(path)

    with time_machine.travel(NOW, tick=False):
        cidade.log_in()
        answer = cidade.send(
            "PATCH",
            path,
            {"telefone": "(11) 4642-0000", "endereco": {"cep": "08570000", "bairro": "Vila Nova"}},
            **{"If-Match": before["ETag"]},
        )
        assert cidade.get(path)["ETag"] == answer["ETag"]

    person = before.json()["consumidor"]
    moved = {**person["endereco"], "cep": "08570000", "bairro": "Vila Nova"}
    person |= {"telefone": "+551146420000", "endereco": moved}
    assert (answer.status_code, answer.json()) == (200, {**before.json(), "consumidor": person})
    assert answer["ETag"] != before["ETag"]
    event = Evento.objects.get(ato="ATUALIZAR_CONTATO")
    assert (event.autor, event.quando, event.dados) == (
        cidade.user,
        NOW,
        {"campos": ["bairro", "cep", "telefone"]},
    )


@pytest.mark.parametrize(
    ("body", "tag", "status", "erros"),
    [
        ({"email": "a@example.org"}, None, 428, []),
        ({"email": "a@example.org"}, '"velho"', 412, []),
        ({"email": "a@example.org"}, "W/{etag}", 412, []),
        ({"email": "a"}, "{etag}", 400, ["email"]),
        ({"nome": "Outra"}, "{etag}", 400, ["nome"]),
        ({"status": "encerrado"}, "{etag}", 400, ["status"]),
        ({"telefone": "1"}, "{etag}", 422, ["telefone"]),
        ({"endereco": {"cep": "abc"}}, "{etag}", 400, ["endereco.cep"]),
        ({"email": ""}, "{etag}", 400, ["email"]),
        ({}, "{etag}", 422, []),
        ({"endereco": {}}, "*", 422, []),
    ],
)
def test_a_contact_that_is_not_changed(
    cidade: Program, cases: Callable[..., Any], body: Any, tag: str | None, status: int, erros: list[str]
) -> None:
    [case] = cases(1)
    path = f"/atendimentos/{case.protocolo}/"
    before = cidade.get(path)
    headers = {"If-Match": tag.format(etag=before["ETag"])} if tag else {}

    answer = cidade.send("PATCH", path, body, **headers)

    assert (answer.status_code, list(answer.json()["erros"])) == (status, erros)
    assert cidade.get(path).content == before.content
    assert not Evento.objects.filter(ato="ATUALIZAR_CONTATO").exists()


def test_a_case_without_consumer_has_no_contact(cidade: Program, cases: Callable[..., Any]) -> None:
    [case] = cases(1, tipo="simples_consulta", consumidor=None)
    answer = cidade.send("PATCH", f"/atendimentos/{case.protocolo}/", {"email": "a@example.org"}, **{"If-Match": "*"})

    assert (answer.status_code, "não tem consumidor" in answer.json()["detail"]) == (422, True)


def test_events_are_told_in_words_without_names_or_reasons(
    cidade: Program, cases: Callable[..., Any], cast: Cast
) -> None:
    [case] = cases(1)
    record_contact(
        reclamado=case.reclamados.get(),
        resultado="sem_contato",
        com_quem="Fulano",
        relato="grosseiro",
        by=cast.bruno,
        at=NOW,
    )
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW, motivo="não compareceu")

    answer = cidade.get(f"/atendimentos/{case.protocolo}/andamentos/")

    moment = "2026-03-04T10:00:00-03:00"
    assert answer.json() == {
        "next": None,
        "previous": None,
        "results": [
            {"sequencia": 1, "quando": moment, "descricao": "Seu atendimento foi registrado no Procon."},
            {
                "sequencia": 2,
                "quando": moment,
                "descricao": "O Procon procurou Loja Modelo Ltda para tentar resolver na hora.",
            },
            {"sequencia": 3, "quando": moment, "descricao": "O caso foi encerrado."},
        ],
    }


def test_events_come_in_pages(cidade: Program, cases: Callable[..., Any], cast: Cast) -> None:
    [case] = cases(1)
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)
    path = f"/atendimentos/{case.protocolo}/andamentos/?limite=1"

    first = cidade.get(path)
    second = _follow(cidade, first.json()["next"])

    assert [row["sequencia"] for row in first.json()["results"] + second.json()["results"]] == [1, 2]
    assert _follow(cidade, second.json()["previous"]).json()["results"] == first.json()["results"]


def test_every_sentence_ends() -> None:
    assert all(text.endswith(".") for text in SENTENCES.values())


FILLED = """
SET LOCAL session_replication_role = replica;
INSERT INTO workflow_historico (id, sequencia, hash) SELECT 900000 + n, 0, '' FROM generate_series(1, 4000) AS n;
INSERT INTO parties_fornecedor (id, razao_social, nome_fantasia, nome_busca, email, telefone, cep, logradouro, numero,
        complemento, bairro, municipio, uf, cnpj, a_completar, cip_eletronica, cnae)
    SELECT 900000 + n, 'Loja ' || n, '', '', '', '', '', '', '', '', '', '', '',
        lpad((n % 40)::text, 8, '0') || lpad(n::text, 6, '0'), false, false, '' FROM generate_series(1, 400) AS n;
INSERT INTO cases_atendimento (id, protocolo, unidade_id, tipo, canal, status, desfecho, relato, pedido, prioridade,
        protocolo_externo, chave_hash, aberto_em, encerrado_em, atendente_id, integracao_id, historico_id, assunto_id)
    SELECT 900000 + n, '35.001.001.20-' || lpad(n::text, 7, '0'), a.unidade_id,
        CASE WHEN n % 3 = 0 THEN 'calculo' ELSE a.tipo END, a.canal,
        CASE WHEN n % 3 = 0 THEN 'encerrado' ELSE 'aberto' END,
        CASE WHEN n % 3 = 0 THEN 'orientado' ELSE '' END, '', '', 3, '', '', a.aberto_em - n * interval '1 hour',
        CASE WHEN n % 3 = 0 THEN a.aberto_em END, a.atendente_id,
        CASE WHEN n % 2 = 0 THEN a.integracao_id END, 900000 + n, a.assunto_id
    FROM cases_atendimento a, generate_series(1, 4000) AS n WHERE a.id = (SELECT min(id) FROM cases_atendimento);
INSERT INTO cases_reclamado (atendimento_id, fornecedor_id)
    SELECT 900000 + n, 900001 + n % 400 FROM generate_series(1, 4000) AS n;
SET LOCAL session_replication_role = DEFAULT;
ANALYZE cases_atendimento, cases_reclamado, parties_fornecedor
"""
NARROWED = ("status=aberto", "tipo=calculo", "assunto=187", "aberto_de=2026-01-01", "aberto_ate=2026-02-01")


def _plan(sql: str, user: int, place: tuple[Any, ...]) -> str:
    """How the server runs it, of a prepared one however its values may be."""
    with connection.cursor() as cursor:
        if "$1" not in sql:
            cursor.execute(f"EXPLAIN {sql}")
            return "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE listing AS {sql}")
        values = [user, place[0], *place] if "$2" in sql else [user]
        cursor.execute(f"EXPLAIN EXECUTE listing ({', '.join(['%s'] * len(values))})", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("DEALLOCATE listing")
        return plan


def test_the_list_never_scans_however_it_is_narrowed(cidade: Program, cases: Callable[..., Any]) -> None:
    [case] = cases(1)
    with connection.cursor() as cursor:
        for statement in FILLED.split(";\n"):
            cursor.execute(statement)
    queries = ["&".join(some) for size in range(6) for some in combinations(NARROWED, size)]
    queries += [f"{query}&ordem=aberto_em" for query in (queries[0], queries[-1])]
    queries += [f"{query}&fornecedor=00000007" for query in queries]
    with CaptureQueriesContext(connection) as asked:
        pages = [cidade.get(f"/atendimentos/?limite=5&{query}") for query in queries]
        pages += [_follow(cidade, page.json()["next"]) for page in (pages[0], pages[1], pages[2], pages[32])]
    listings = [query["sql"] for query in asked if '"fornecedores" FROM "cases_atendimento"' in (query["sql"] or "")]
    assert (len(listings), {page.status_code for page in pages}) == (72, {200})

    for sql in dict.fromkeys(listings):
        supplier = "cases_reclamado" in sql.partition('FROM "cases_atendimento"')[2]
        if supplier:  # of so few rows a scan would be cheapest; what counts is that there is a way without
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
        plan = _plan(sql, cidade.user.pk, (case.aberto_em, case.pk))
        assert not re.search("Seq Scan on cases_(atendimento|reclamado)", plan), f"{sql}\n{plan}"
        if supplier:
            continue
        sorted_by = re.findall("Sort Key: (.*)", plan)
        assert ("using atendimento_da_integracao" in plan, sorted_by) == (True, ["r.id"]), f"{sql}\n{plan}"
