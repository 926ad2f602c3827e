"""The suppliers' answers as the portal reads them, and the consumer's word on them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import CIP, Atendimento, Manifestacao
from cases.services import close_cip
from deadlines.models import Prazo
from tests.conftest import NOW, Cast, make_cast
from tests.portal.conftest import Program, answered, case_of, make_program
from workflow.models import Evento, Leitura
from workflow.selfcheck import broken_links

CASE = "/atendimentos/35.001.001.26-0000001/"
REPLIES, WORDS = f"{CASE}respostas/", f"{CASE}manifestacoes/"
KEY = {"Idempotency-Key": "uma-palavra"}
LATER = "2026-03-04T10:00:00-03:00"


@pytest.fixture(autouse=True)
def _morning(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def case(cidade: Program, cast: Cast) -> Atendimento:
    return case_of(cidade, cast)


@pytest.fixture
def offer(case: Atendimento, cast: Cast) -> CIP:
    """The shop's proposal, which waits for Ana until Friday 3 April (a holiday), so Monday 6."""
    [cip] = answered(case, cast)
    return cip


def test_the_answer_is_told_in_words_with_its_last_day(cidade: Program, offer: CIP) -> None:
    assert cidade.get(REPLIES).json() == {
        "next": None,
        "previous": None,
        "results": [
            {
                "id": offer.pk,
                "fornecedor": {
                    "cnpj": "12ABC34501DE35",
                    "radical": "12ABC345",
                    "nome": "Loja Modelo Ltda",
                    "razao_social": "Loja Modelo Ltda",
                },
                "respondida_em": LATER,
                "especie": "proposta",
                "especie_descricao": "Faz uma proposta",
                "resposta": "Devolvemos em trinta dias.",
                "proposta": "R$ 100,00.",
                "descricao": "Loja Modelo Ltda respondeu em 04/03/2026 com uma proposta. Diga até 06/04/2026 se aceita "
                "a resposta; se não aceita, por quê.",
                "aguarda_consumidor": True,
                "pode_aceitar": True,
                "manifestar_ate": "2026-04-06",
                "manifestacao": None,
            }
        ],
    }
    assert Leitura.objects.get(pagina="api_respostas").leitor == cidade.user


def test_before_an_answer_there_is_nothing_to_say(cidade: Program, case: Atendimento) -> None:
    assert cidade.get(REPLIES).json()["results"] == []
    answer = cidade.post(WORDS, {"aceita": True})
    assert (answer.status_code, "Nenhum fornecedor respondeu ainda" in answer.json()["detail"]) == (409, True)


def test_accepting_closes_the_letter_and_with_the_last_the_case(cidade: Program, case: Atendimento, offer: CIP) -> None:
    answer = cidade.post(WORDS, {"resposta": offer.pk, "aceita": True})

    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (201, "application/json")
    assert body["atendimento"] == {
        "protocolo": case.protocolo,
        "status": "encerrado",
        "status_descricao": "Encerrado",
        "desfecho": "acordo",
        "encerrado_em": LATER,
    }
    assert body["resposta"] == cidade.get(REPLIES).json()["results"][0]
    word = {"aceita": True, "texto": "", "quando": LATER}
    shown = {name: body["resposta"][name] for name in ("aguarda_consumidor", "pode_aceitar", "manifestar_ate")}
    assert (body["resposta"]["manifestacao"], shown) == (
        word,
        {"aguarda_consumidor": False, "pode_aceitar": False, "manifestar_ate": None},
    )
    assert body["resposta"]["descricao"].endswith("com uma proposta. Você aceitou a resposta.")
    offer.refresh_from_db()
    said = Manifestacao.objects.get()
    assert (offer.status, offer.resultado, said.canal, said.por) == ("baixada", "acordo", "portal", cidade.user)
    assert not Prazo.objects.running().filter(regra__nome="retorno_consumidor").exists()
    assert list(broken_links()) == []


def test_not_accepting_keeps_the_case_open_and_says_why(cidade: Program, case: Atendimento, offer: CIP) -> None:
    answer = cidade.post(WORDS, {"aceita": False, "texto": "É pouco <b>dinheiro</b> 😀."})

    assert (answer.status_code, answer.json()["atendimento"]["status"]) == (201, "aguarda_consumidor")
    assert answer.json()["resposta"]["manifestacao"]["texto"] == "É pouco <b>dinheiro</b> 😀."
    assert answer.json()["resposta"]["descricao"].endswith("Você não aceitou a resposta.")
    told = [row["descricao"] for row in cidade.get(f"{CASE}andamentos/").json()["results"]]
    assert told[-1] == "O Procon registrou o que você disse da resposta do fornecedor."


def test_each_supplier_has_an_answer_of_its_own(cidade: Program, case: Atendimento, cast: Cast) -> None:
    other = case_of(cidade, cast, fornecedores=[cast.loja, cast.banco])
    first, second = answered(other, cast)
    [elsewhere] = answered(case, cast)
    path = f"/atendimentos/{other.protocolo}/manifestacoes/"

    which = cidade.post(path, {"aceita": True})
    unknown = cidade.post(path, {"aceita": True, "resposta": elsewhere.pk})
    one = cidade.post(path, {"aceita": True, "resposta": second.pk})
    rest = cidade.post(path, {"aceita": True})

    assert (which.status_code, which.json()["erros"]) == (
        422,
        {"resposta": f"Envie um destes: {first.pk}, {second.pk}."},
    )
    assert (unknown.status_code, unknown.json()["erros"]) == (422, {"resposta": "Envie um id de /respostas/."})
    assert (one.status_code, one.json()["resposta"]["id"], one.json()["atendimento"]["status"]) == (
        201, second.pk, "aguarda_consumidor",
    )  # fmt: skip
    assert (rest.json()["resposta"]["id"], rest.json()["atendimento"]["desfecho"]) == (first.pk, "acordo")


@pytest.mark.parametrize(
    ("especie", "accepts", "said"),
    [
        ("aceita", 201, "que atende ao seu pedido. Diga até 06/04/2026 se aceita a resposta; se não aceita, por quê."),
        ("informacao", 201, "à carta do Procon. Diga até 06/04/2026 se aceita a resposta; se não aceita, por quê."),
        (
            "recusa",
            409,
            "que não atende ao seu pedido. Diga até 06/04/2026 por que não concorda, ou procure o Procon se quiser "
            "desistir.",
        ),
    ],
)
def test_kinds_of_answers(
    cidade: Program, case: Atendimento, cast: Cast, especie: str, accepts: int, said: str
) -> None:
    answered(case, cast, especie=especie, proposta="")
    [row] = cidade.get(REPLIES).json()["results"]

    assert (row["descricao"], row["pode_aceitar"]) == (
        f"Loja Modelo Ltda respondeu em 04/03/2026 {said}",
        accepts == 201,
    )
    assert cidade.post(WORDS, {"aceita": True}).status_code == accepts


def test_what_the_office_already_decided_waits_for_nobody(cidade: Program, offer: CIP, cast: Cast) -> None:
    close_cip(cip=offer, resultado="sem_resolucao", by=cast.bruno, at=NOW)

    [row] = cidade.get(REPLIES).json()["results"]
    answer = cidade.post(WORDS, {"aceita": False, "texto": "Não.", "resposta": offer.pk})

    assert (row["aguarda_consumidor"], row["descricao"].endswith("O Procon já deu andamento ao caso.")) == (False, True)
    assert (answer.status_code, "já deu andamento" in answer.json()["detail"]) == (409, True)
    assert not Manifestacao.objects.exists()


def test_the_same_word_twice(cidade: Program, offer: CIP) -> None:
    first = cidade.post(WORDS, {"aceita": True}, **KEY)
    again = cidade.post(WORDS, {"aceita": True}, **KEY)
    other = cidade.post(WORDS, {"aceita": False, "texto": "Não."}, **KEY)
    without = cidade.post(WORDS, {"aceita": True})

    assert (first.status_code, again.content, again["Idempotent-Replayed"]) == (201, first.content, "true")
    assert (other.status_code, without.status_code) == (422, 409)
    assert Evento.objects.filter(ato="MANIFESTAR").count() == 1


def test_the_version_that_was_read_counts_where_it_is_sent(cidade: Program, offer: CIP) -> None:
    etag = cidade.get(CASE)["ETag"]

    assert cidade.post(WORDS, {"aceita": True}, **{"If-Match": '"velho"'}).status_code == 412
    assert not Manifestacao.objects.exists()
    assert cidade.post(WORDS, {"aceita": True}, **{"If-Match": etag}, **KEY).status_code == 201
    assert cidade.post(WORDS, {"aceita": True}, **{"If-Match": etag}, **KEY).status_code == 201  # given again


MALFORMED: list[tuple[Any, int, dict[str, str] | list[str]]] = [
    ({}, 400, ["aceita"]),
    ({"aceita": None}, 400, {"aceita": "Envie true ou false, sem aspas."}),
    ({"aceita": "true"}, 400, {"aceita": "Envie true ou false, sem aspas."}),
    ({"aceita": 1}, 400, {"aceita": "Envie true ou false, sem aspas."}),
    ({"aceita": True, "resposta": "1"}, 400, ["resposta"]),
    ({"aceita": True, "resposta": 0}, 400, ["resposta"]),
    ({"aceita": True, "resposta": 2**63}, 400, ["resposta"]),
    ({"aceita": True, "resposta": 2**63 - 1}, 422, ["resposta"]),
    ({"aceita": True, "texto": 7}, 400, ["texto"]),
    ({"aceita": False, "texto": "x" * 20_001}, 400, ["texto"]),
    ({"aceita": False, "texto": "a\0b"}, 400, ["texto"]),
    ({"aceita": False}, 422, {"texto": "Escreva o motivo."}),
    ({"aceita": False, "texto": " \n"}, 422, {"texto": "Escreva o motivo."}),
    ({"aceita": True, "canal": "portal"}, 400, ["canal"]),
    ({"aceita": True, "fornecedor": "x"}, 400, ["fornecedor"]),
]


def test_a_word_that_does_not_serve_is_refused_by_field_and_leaves_nothing(cidade: Program, offer: CIP) -> None:
    answers = [cidade.post(WORDS, body) for body, _, _ in MALFORMED]

    told = [
        (answer.status_code, answer.json()["erros"] if isinstance(erros, dict) else list(answer.json()["erros"]))
        for answer, (_, _, erros) in zip(answers, MALFORMED, strict=True)
    ]
    assert told == [(status, erros) for _, status, erros in MALFORMED]
    assert not Manifestacao.objects.exists()


def test_another_client_neither_reads_nor_speaks(cidade: Program, vizinha: Program, offer: CIP) -> None:
    assert vizinha.get(REPLIES).status_code == 404
    assert vizinha.post(WORDS, {"aceita": True, "resposta": offer.pk}).status_code == 404
    assert vizinha.post(WORDS, {"desconhecido": 1}).status_code == 404
    assert not Manifestacao.objects.exists()


def test_an_integration_that_lost_its_unidade_does_not_speak(cidade: Program, offer: CIP) -> None:
    cidade.user.atribuicoes.all().delete()

    assert cidade.post(WORDS, {"aceita": True}).status_code == 409
    assert not Manifestacao.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_answers(cidade: Program, cast: Cast, count: int) -> None:
    suppliers = [cast.loja, cast.banco, type(cast.loja).objects.create(razao_social="Terceira")][:count]
    answered(case_of(cidade, cast, fornecedores=suppliers), cast)

    cidade.get("/unidades/")  # the note of the last use is written

    with CaptureQueriesContext(connection) as asked:
        answer = cidade.get(REPLIES)

    assert (len(answer.json()["results"]), len(asked)) == (count, 5)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "second", [{"aceita": True}, {"aceita": False, "texto": "Não."}], ids=["the same", "the opposite"]
)
def test_of_two_words_at_once_one_is_recorded(second: dict[str, Any]) -> None:
    cast = make_cast()
    cidade = make_program(cast, "Portal da cidade").log_in()
    answered(case_of(cidade, cast), cast)
    start = Barrier(2)

    def speak(body: dict[str, Any]) -> int:
        try:
            start.wait(60)
            status: int = cidade.post(WORDS, body).status_code
            return status
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        statuses = list(pool.map(speak, [{"aceita": True}, second]))

    assert sorted(statuses) == [201, 409]
    word = Manifestacao.objects.get()
    assert word.aceita is ([True, second["aceita"]][statuses.index(201)])
    assert Evento.objects.filter(ato="MANIFESTAR").count() == 1
