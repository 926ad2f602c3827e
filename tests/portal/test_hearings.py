"""Free times, and the hearings of an integration's own cases: listed, read, put into a calendar."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as project
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Reclamado
from cases.services.bulk import reassign
from hearings.models import Audiencia
from hearings.services import cancel, confirm_party, free_slots, request_move
from hearings.services.notices import parties_of
from tests.conftest import NOW, Cast
from tests.hearings.conftest import DAY, make_case, moment
from tests.portal.conftest import Program
from tests.portal.scene import KEY, NEXT_DAY, Scene, link_of, make_scene

WITH_KEY = {"Chave-Acompanhamento": KEY}


@pytest.fixture(autouse=True)
def _on_the_day(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def scene(cast: Cast, cidade: Program) -> Scene:
    return make_scene(cast, cidade)


def _ids(answer: Any) -> list[int]:
    return [row["id"] for row in answer.json()["results"]]


def _starts(answer: Any) -> list[str]:
    return [row["inicio"] for row in answer.json()["results"]]


# --- free times


def test_free_times_are_the_finder_s_and_come_in_pages(cidade: Program, scene: Scene) -> None:
    scene.schedule("09:30")
    path = "/horarios-livres/?de=2026-03-16&ate=2026-03-17"

    whole = cidade.get(path)
    first = cidade.get(f"{path}&limite=17")
    second = cidade.get(link_of(first.json()["next"]))

    expected = free_slots(unidade=scene.stage.cast.unidade, start=DAY, days=2)
    assert _starts(whole) == [slot.inicio.isoformat() for slot in expected]
    assert whole.json()["results"][0] == {
        "inicio": "2026-03-16T09:00:00-03:00",
        "fim": "2026-03-16T09:30:00-03:00",
        "modalidade": "presencial",
        "unidade": "35.001.001",
    }
    assert _starts(first) + _starts(second) == _starts(whole)
    assert (len(_starts(first)), second.json()["next"], whole.json()["next"]) == (17, None, None)


def test_free_times_begin_where_the_minimum_lead_allows(cidade: Program, scene: Scene) -> None:
    assert _starts(cidade.get("/horarios-livres/?limite=1")) == ["2026-03-16T09:00:00-03:00"]
    assert _starts(cidade.get("/horarios-livres/?de=2026-03-05&ate=2026-03-13")) == []


def test_from_afar_only_where_there_is_a_room_with_a_link(cidade: Program, scene: Scene) -> None:
    scene.stage.outra_sala.link = ""
    scene.stage.outra_sala.save()

    assert _starts(cidade.get("/horarios-livres/?modalidade=virtual")) == []
    assert len(_starts(cidade.get("/horarios-livres/?modalidade=presencial&unidade=35.001.001&limite=2"))) == 2


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("de=2026-02-30", "de", "Envie uma data que exista, de 1900 a 2100, como em «2026-01-15»."),
        ("ate=amanha", "ate", "Envie uma data que exista, de 1900 a 2100, como em «2026-01-15»."),
        ("de=2026-03-03", "de", "Este dia já passou. Hoje é 2026-03-04."),
        ("de=2026-03-20&ate=2026-03-19", "ate", "Este dia vem antes do primeiro, 2026-03-20."),
        ("ate=2026-03-03", "ate", "Este dia vem antes do primeiro, 2026-03-04."),
        ("de=2026-03-20&ate=2026-05-21", "ate", "O período passa de 62 dias. Peça por partes."),
        ("modalidade=espiritual", "modalidade", "Use um destes: presencial, virtual, hibrida."),
        ("unidade=35.002.001", "unidade", "Escolha uma unidade de /unidades/."),
        ("cursor=x", "cursor", "Cursor inválido. Use o endereço de «next» como veio, ou recomece sem cursor."),
        ("de=2026-03-20&de=2026-03-21", "de", "Envie este parâmetro uma vez só."),
        ("sala=1", "sala", None),
    ],
)
def test_what_is_asked_wrongly_is_told_by_field(
    cidade: Program, scene: Scene, query: str, field: str, sentence: str | None
) -> None:
    answer = cidade.get(f"/horarios-livres/?{query}")

    assert (answer.status_code, list(answer.json()["erros"])) == (400, [field])
    assert sentence is None or answer.json()["erros"][field] == sentence


@pytest.mark.parametrize("query", ["de=2026-03-20&ate=2026-05-20", "de=2099-12-01&ate=2100-01-15", "cursor=9999999999"])
def test_the_longest_period_and_days_beyond_the_calendar_are_answered(
    cidade: Program, scene: Scene, query: str
) -> None:
    assert cidade.get(f"/horarios-livres/?{query}").status_code == 200


# --- the list


def test_the_list_shows_own_hearings_without_room_or_conciliator(
    cidade: Program, vizinha: Program, scene: Scene
) -> None:
    scene.stage.schedule("11:00")  # the counter's
    hearing = scene.schedule()

    assert cidade.get("/audiencias/").json() == {
        "next": None,
        "previous": None,
        "results": [
            {
                "id": hearing.pk,
                "protocolo": "35.001.001.26-0000002",
                "unidade": "35.001.001",
                "situacao": "agendada",
                "resultado": None,
                "inicio": "2026-03-16T10:00:00-03:00",
                "fim": "2026-03-16T10:30:00-03:00",
                "modalidade": "presencial",
                "fornecedores": [
                    {
                        "cnpj": "12ABC34501DE35",
                        "radical": "12ABC345",
                        "nome": "Loja Modelo Ltda",
                        "razao_social": "Loja Modelo Ltda",
                    }
                ],
                "anterior": None,
            }
        ],
    }
    assert vizinha.get("/audiencias/").json()["results"] == []


def test_pages_go_on_and_back_while_hearings_are_booked(cidade: Program, scene: Scene) -> None:
    made = [scene.schedule(clock, at=NOW).pk for clock in ("09:00", "10:00", "11:00", "12:00", "13:00")]

    first = cidade.get("/audiencias/?limite=2")
    between = scene.schedule("09:30").pk  # before the cursor: comes in no later page
    second = cidade.get(link_of(first.json()["next"]))
    after = scene.schedule("16:00").pk
    third = cidade.get(link_of(second.json()["next"]))
    back = cidade.get(link_of(third.json()["previous"]))

    assert [_ids(page) for page in (first, second, third)] == [made[:2], made[2:4], [made[4], after]]
    assert (_ids(back), third.json()["next"]) == (made[2:4], None)
    assert _ids(cidade.get("/audiencias/?ordem=-inicio&limite=3")) == [after, made[4], made[3]]
    assert between in _ids(cidade.get("/audiencias/"))


def test_the_filters_of_the_list(cidade: Program, scene: Scene, cast: Cast) -> None:
    old = scene.schedule()
    new = scene.move(old)
    other = make_case(cast, 3, consumidor=None, atendente=cidade.user, integracao=cidade.user)
    party = Reclamado.objects.create(atendimento=other, fornecedor=cast.loja)
    third = scene.schedule("15:00", atendimento=other, reclamados=[party])
    asked = {
        "": [old.pk, third.pk, new.pk],
        "situacao=redesignada": [old.pk],
        "situacao=agendada": [third.pk, new.pk],
        "situacao=agendada&de=2026-03-17": [new.pk],
        "de=2026-03-17": [new.pk],
        "ate=2026-03-16": [old.pk, third.pk],
        "de=2026-03-16T15:00:00-03:00&ate=2026-03-17T17:00:00Z": [third.pk, new.pk],
        "de=2026-03-16T15:00:01-03:00&ate=2026-03-17T16:59:59Z": [],
        "protocolo=35.001.001.26-0000003": [third.pk],
        "protocolo=35.001.001.26-0000001": [],
    }

    assert {query: _ids(cidade.get(f"/audiencias/?{query}")) for query in asked} == asked
    assert cidade.get("/audiencias/?contar=1").json() == {"total": 3}
    assert cidade.get("/audiencias/?contar=1&situacao=agendada").json() == {"total": 2}
    assert cidade.get(f"/audiencias/{new.pk}/").json()["anterior"] == old.pk


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("situacao=marcada", "situacao"),
        ("de=ontem", "de"),
        ("de=2026-03-17&ate=2026-03-16", "ate"),
        ("limite=201", "limite"),
        ("contar=sim", "contar"),
        ("cursor=x", "cursor"),
        ("conciliador=1", "conciliador"),
    ],
)
def test_a_list_asked_for_wrongly(cidade: Program, scene: Scene, query: str, field: str) -> None:
    answer = cidade.get(f"/audiencias/?{query}")

    assert (answer.status_code, list(answer.json()["erros"])) == (400, [field])


def test_a_case_given_to_the_counter_stays_the_integration_s(cidade: Program, scene: Scene) -> None:
    cast = scene.stage.cast
    before = scene.schedule("09:00")
    reassign(atendimento=scene.case, atendente=cast.bruno, by=cast.dora, at=NOW)
    after = scene.schedule("11:00")

    assert _ids(cidade.get("/audiencias/")) == [before.pk, after.pk]
    assert cidade.get(f"/atendimentos/{scene.case.protocolo}/").status_code == 200


@pytest.mark.parametrize(
    ("path", "queries"),
    [("/audiencias/", 3), ("/audiencias/?contar=1", 2), ("/audiencias/{pk}/", 6), ("/audiencias/{pk}/ics/", 4)],
)
@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_rows(cidade: Program, scene: Scene, path: str, queries: int, count: int) -> None:
    bank = Reclamado.objects.create(atendimento=scene.case, fornecedor=scene.stage.cast.banco)
    parties = [scene.called, bank][: min(count, 2)]
    made = [scene.schedule(clock, reclamados=parties) for clock in ("09:00", "10:00", "11:00")[:count]]
    cidade.get("/unidades/")  # the note of the last use is written

    with CaptureQueriesContext(connection) as asked:
        answer = cidade.get(path.format(pk=made[0].pk))

    assert (answer.status_code, len(asked)) == (200, queries), [query["sql"][:90] for query in asked]


@pytest.mark.parametrize(
    ("query", "index"),
    [("limite=1", "audiencia_da_integracao"), ("limite=1&situacao=agendada", "audiencia_integracao_status")],
)
def test_the_list_reads_its_index_and_never_the_table(cidade: Program, scene: Scene, query: str, index: str) -> None:
    scene.schedule("09:00")
    scene.schedule("10:00")
    with CaptureQueriesContext(connection) as asked:
        cidade.get(f"/audiencias/?{query}")
    [listing] = [query["sql"] for query in asked if 'FROM "hearings_audiencia"' in query["sql"]]

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        if index == "audiencia_integracao_status":  # of two rows either serves; rolled back with the test
            cursor.execute("DROP INDEX audiencia_da_integracao")
        cursor.execute(f"EXPLAIN {listing}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert f"Index Scan using {index} on hearings_audiencia" in plan
    assert "Sort" not in plan


# --- one hearing


def test_one_hearing_in_words_for_its_consumer(cidade: Program, scene: Scene) -> None:
    hearing = scene.schedule(sala=scene.stage.outra_sala, modalidade="hibrida")

    answer = cidade.get(f"/audiencias/{hearing.pk}/")

    row = cidade.get("/audiencias/").json()["results"][0]
    assert answer.json() == row | {
        "situacao_descricao": "Agendada",
        "descricao": (
            "A audiência de conciliação é segunda-feira, 16/03/2026, às 10:00 (híbrida). "
            "Confirme que vem, ou peça outra data antes do início."
        ),
        "local": {"sala": "Sala 2", "endereco": project.PROCON["ENDERECO"]},
        "link": "https://reuniao.example.org/sala-2",
        "levar": "documento com foto (RG ou CPF) e os papéis da reclamação",
        "tolerancia_minutos": 15,
        "seguinte": None,
        "confirmacao": {"confirmada_em": None, "pode_confirmar": True},
        "remarcacao": {"pedir_ate": "2026-03-16T10:00:00-03:00", "pode_pedir": True, "pedidos": []},
    }
    same = cidade.get(f"/audiencias/{hearing.pk}/", **{"If-None-Match": answer["ETag"]})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", answer["ETag"])


def test_place_and_link_follow_the_modality(cidade: Program, scene: Scene) -> None:
    room = scene.stage.outra_sala
    here = cidade.get(f"/audiencias/{scene.schedule('09:00', sala=room).pk}/").json()
    afar = cidade.get(f"/audiencias/{scene.schedule('11:00', sala=room, modalidade='virtual').pk}/").json()

    assert (here["local"]["sala"], here["link"]) == ("Sala 2", None)
    assert (afar["local"], afar["link"]) == (None, "https://reuniao.example.org/sala-2")


def test_what_the_other_party_said_is_not_told(cidade: Program, scene: Scene) -> None:
    hearing = scene.schedule()
    before = cidade.get(f"/audiencias/{hearing.pk}/").json()
    shop = list(parties_of(hearing))[1]
    request_move(audiencia=hearing, party=shop, motivo="Preposto doente.", at=NOW)
    confirm_party(audiencia=hearing, party=shop, at=NOW)

    after = cidade.get(f"/audiencias/{hearing.pk}/")

    assert after.json() == before | {"situacao": "confirmada", "situacao_descricao": "Confirmada"}
    assert "Carla" not in after.content.decode()


def test_dates_that_are_gone_say_why(cidade: Program, scene: Scene) -> None:
    cast = scene.stage.cast
    old = scene.schedule()
    new = scene.move(old)
    gone = scene.schedule("16:00")
    cancel(audiencia=gone, motivo="Resolvido antes.", by=cast.dora, at=NOW)

    told = {pk: cidade.get(f"/audiencias/{pk}/").json() for pk in (old.pk, gone.pk)}

    assert (told[old.pk]["descricao"], told[old.pk]["seguinte"]) == (
        "Esta data não vale mais, e a audiência tem nova data: é terça-feira, 17/03/2026, às 14:00.",
        new.pk,
    )
    assert told[gone.pk]["descricao"] == "A audiência foi cancelada. Não é preciso vir."
    assert [told[pk]["remarcacao"]["pode_pedir"] for pk in told] == [False, False]
    with time_machine.travel(moment("14:00", NEXT_DAY), tick=False):
        late = cidade.log_in().get(f"/audiencias/{new.pk}/").json()
    assert late["descricao"].startswith("A audiência estava marcada para terça-feira, 17/03/2026, às 14:00")
    assert (late["confirmacao"]["pode_confirmar"], late["remarcacao"]["pode_pedir"]) == (False, False)


@pytest.mark.parametrize("ending", ["", "ics/"])
def test_another_s_hearing_opens_with_the_key_and_is_else_like_none(
    vizinha: Program, scene: Scene, ending: str
) -> None:
    hearing = scene.schedule()
    path = f"/audiencias/{hearing.pk}/{ending}"

    assert vizinha.get(path, **WITH_KEY).status_code == 200
    refused = [
        vizinha.get(path),
        vizinha.get(path, **{"Chave-Acompanhamento": "7K2QM-4D8TV-XW0NC-9HJ3S"}),
        vizinha.get(path, **{"Chave-Acompanhamento": ""}),
        vizinha.get(f"/audiencias/{hearing.pk + 1000}/{ending}", **WITH_KEY),
        vizinha.get(f"/audiencias/{scene.stage.schedule('15:00').pk}/{ending}", **WITH_KEY),
        vizinha.get(f"/audiencias/{2**63}/{ending}", **WITH_KEY),
    ]
    assert {(answer.status_code, answer.content) for answer in refused} == {(404, refused[0].content)}


def test_every_row_keeps_its_case_s_integration(scene: Scene, cidade: Program, vizinha: Program) -> None:
    hearing = scene.schedule()
    Audiencia.objects.filter(pk=hearing.pk).update(integracao=vizinha.user)

    assert Audiencia.objects.get(pk=hearing.pk).integracao == cidade.user
    assert Audiencia.objects.get(pk=scene.stage.schedule("15:00").pk).integracao is None
