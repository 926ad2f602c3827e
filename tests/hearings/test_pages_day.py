"""The pages of the hearing's day: the door, the result, the termo, the signatures, the proof of notices."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import Acordo
from cases.services.texts import load_texts
from hearings.models import AssinaturaDoTermo, Audiencia, DocumentoVisto, NotificacaoDaAudiencia, Presenca, Termo
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.at_the_table import DRAWN, PAGE
from tests.hearings.certificates import PASSWORD, authority
from tests.hearings.conftest import Stage, moment
from tests.hearings.test_pages import body

DAY_BEGINS = "10:05"


@pytest.fixture
def carla(stage: Stage) -> Client:
    return logged_in(stage.cast.carla)


@pytest.fixture
def audiencia(stage: Stage) -> Any:
    """A hearing with shop and bank, on its day, at 10:05."""
    made = stage.schedule(reclamados=[stage.loja, stage.banco])
    with time_machine.travel(moment(DAY_BEGINS), tick=False):
        yield made


def door(*rows: dict[str, Any], **values: str) -> dict[str, Any]:
    data: dict[str, Any] = {"p-TOTAL_FORMS": str(len(rows)), "p-INITIAL_FORMS": "0", **values}
    for number, row in enumerate(rows):
        data |= {f"p-{number}-{name}": value for name, value in row.items()}
    return data


def three(stage: Stage) -> list[dict[str, Any]]:
    return [
        {"qualidade": "consumidor", "nome": "Ana Souza", "chegada": "09:50", "papeis": ["identidade"]},
        {"qualidade": "preposto", "nome": "Pedro", "agora": "on", "reclamado": stage.loja.pk},
        {"qualidade": "preposto", "nome": "Bia", "chegada": "09:58", "reclamado": stage.banco.pk},
    ]


def arrive(carla: Client, audiencia: Audiencia, *rows: dict[str, Any]) -> Any:
    return carla.post(f"/audiencias/{audiencia.pk}/chegadas/", door(*rows))


def typed(stage: Stage, **changes: Any) -> dict[str, Any]:
    shop, bank = stage.loja.pk, stage.banco.pk
    return {
        "pagina": str(PAGE),
        "edicao": "0",
        "relato": "A loja propôs, o banco não.",
        f"resultado_{shop}": "acordo",
        f"texto_{shop}": "Devolve R$ 200,00.",
        f"total_{shop}": "200,00",
        f"parcelas_{shop}": "15/04/2026 100,00\n15/05/2026 100,00",
        f"resultado_{bank}": "sem_acordo",
        **changes,
    }


def write(carla: Client, audiencia: Audiencia, data: dict[str, Any], acao: str = "guardar") -> Any:
    return carla.post(f"/audiencias/{audiencia.pk}/termo/", {**data, "acao": acao})


def ready(stage: Stage, carla: Client, audiencia: Audiencia) -> Termo:
    arrive(carla, audiencia, *three(stage))
    assert write(carla, audiencia, typed(stage), "conferir").status_code == 302
    return Termo.objects.get()


# ---- the door ----


def test_three_arrive_and_the_page_shows_them(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    answer = arrive(carla, audiencia, *three(stage))
    assert answer.status_code == 302
    assert list(Presenca.objects.values_list("nome", "chegou_em").order_by("pk")) == [
        ("Ana Souza", moment("09:50")),
        ("Pedro", moment("10:05")),
        ("Bia", moment("09:58")),
    ]
    assert DocumentoVisto.objects.get().tipo == "identidade"
    page = body(carla.get(audiencia.get_absolute_url()))
    for text in ("chegou às 09:50", "falta, até o fim do dia:", "Ato constitutivo", "Escrever o termo"):
        assert text in page


def test_the_clock_says_who_is_late_and_until_when(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    arrive(carla, audiencia, three(stage)[0])
    clock = body(carla.get(f"/audiencias/{audiencia.pk}/relogio/"))

    for text in ("até 10:15", "10 minutos", "Ana Souza: chegou às 09:50", "esperado até 10:15"):
        assert text in clock
    with time_machine.travel(moment("10:16"), tick=False):
        clock = body(carla.get(f"/audiencias/{audiencia.pk}/relogio/"))
    assert ("Tolerância encerrada às" in clock, clock.count("<strong>ausente</strong>")) == (True, 2)


def test_the_door_is_shut_on_other_days(stage: Stage, carla: Client) -> None:
    made = stage.schedule()
    with time_machine.travel(NOW, tick=False):
        page = body(carla.get(made.get_absolute_url()))
    assert ("Registrar chegadas" in page, "registradas no dia da audiência" in page) == (False, True)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"nome": "Zé"}, "Marque «chegou agora» ou escreva a hora"),
        ({"agora": "on"}, "Preencha quem chegou"),
        ({"nome": "Zé", "qualidade": "preposto", "chegada": "25:61"}, "Informe uma hora válida"),
        ({"nome": "Zé", "qualidade": "preposto", "agora": "on"}, "Diga qual fornecedor Zé representa"),
        ({"nome": "Zé", "qualidade": "consumidor", "chegada": "10:50"}, "A chegada de Zé"),
        ({}, "Diga quem chegou"),
    ],
)
def test_refusals_at_the_door(carla: Client, audiencia: Audiencia, row: dict[str, Any], sentence: str) -> None:
    answer = arrive(carla, audiencia, row)
    assert (answer.status_code, sentence in body(answer), Presenca.objects.count()) == (422, True, 0)


def test_a_broken_form_is_told(carla: Client, audiencia: Audiencia) -> None:
    answer = carla.post(f"/audiencias/{audiencia.pk}/chegadas/", {"p-TOTAL_FORMS": "x"})
    assert (answer.status_code, "Confira as presenças" in body(answer)) == (422, True)


def test_papers_later_a_declaration_and_an_arrival_taken_back(
    stage: Stage, carla: Client, audiencia: Audiencia
) -> None:
    arrive(carla, audiencia, *three(stage))
    ana, pedro, _ = Presenca.objects.order_by("pk")
    base = f"/audiencias/{audiencia.pk}/chegadas"
    assert carla.post(f"{base}/{pedro.pk}/documentos/", {"papeis": ["procuracao"]}).status_code == 302
    assert pedro.vistos.get().tipo == "procuracao"
    assert carla.post(f"{base}/{pedro.pk}/documentos/").status_code == 302
    assert carla.post(f"{base}/{ana.pk}/declaracao/").headers["Location"].startswith("/documentos/")
    assert carla.post(f"{base}/{pedro.pk}/retirar/").status_code == 302
    assert Presenca.objects.count() == 2
    assert carla.post(f"{base}/{pedro.pk}/retirar/").status_code == 404


# ---- the result without the termo on the screen ----


def test_held_from_the_page_supplier_by_supplier(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    arrive(carla, audiencia, *three(stage))
    told = {f"resultado_{stage.loja.pk}": "acordo", f"resultado_{stage.banco.pk}": "sem_acordo", "observacao": "Ok."}
    answer = carla.post(f"/audiencias/{audiencia.pk}/resultado/", told)

    audiencia.refresh_from_db()
    assert (answer.status_code, audiencia.resultado) == (302, "acordo_parcial")


def test_the_absence_follows_from_the_door(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    arrive(carla, audiencia, three(stage)[0])
    early = carla.post(f"/audiencias/{audiencia.pk}/resultado/", {"observacao": ""})
    assert (early.status_code, "Ainda corre a tolerância" in body(early)) == (409, True)
    with time_machine.travel(moment("10:20"), tick=False):
        carla.post(f"/audiencias/{audiencia.pk}/resultado/", {"observacao": ""})

    audiencia.refresh_from_db()
    assert (audiencia.status, audiencia.resultado) == ("nao_realizada", "ausente_fornecedor")


def test_a_result_missing_for_one_is_asked_for(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    arrive(carla, audiencia, *three(stage))
    answer = carla.post(f"/audiencias/{audiencia.pk}/resultado/", {f"resultado_{stage.loja.pk}": "acordo"})
    assert (answer.status_code, "Este campo é obrigatório" in body(answer)) == (422, True)


# ---- the termo ----


def test_the_parties_are_on_the_page_already(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    arrive(carla, audiencia, *three(stage))
    page = body(carla.get(f"/audiencias/{audiencia.pk}/termo/"))

    for text in ("Ana Souza, consumidor", "Pedro, preposto de Loja Modelo Ltda", f"resultado_{stage.banco.pk}"):
        assert text in page


def test_what_is_typed_is_kept_and_shown_again(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    arrive(carla, audiencia, *three(stage))
    kept = carla.post(f"/audiencias/{audiencia.pk}/termo/rascunho/", typed(stage, relato="Meia frase"))
    assert body(kept) == "Guardado às 10:05:00."
    page = body(logged_in(stage.cast.dora).get(f"/audiencias/{audiencia.pk}/termo/"))

    assert ("Meia frase" in page, "15/04/2026 100,00" in page) == (True, True)


def test_a_page_overtaken_by_another_is_told_whose(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    arrive(carla, audiencia, *three(stage))
    write(carla, audiencia, typed(stage))
    dora, other = logged_in(stage.cast.dora), typed(stage, pagina="", relato="De Dora")
    answers = [
        dora.post(f"/audiencias/{audiencia.pk}/termo/rascunho/", other),
        dora.post(f"/audiencias/{audiencia.pk}/termo/", {**other, "acao": "guardar"}),
    ]
    for answer in answers:
        assert (answer.status_code, "Carla Conciliadora guardou este termo" in body(answer)) == (409, True)


def test_a_draft_overtaken_by_a_button_takes_nothing_back(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    arrive(carla, audiencia, *three(stage))
    plan, where = f"parcelas_{stage.loja.pk}", f"/audiencias/{audiencia.pk}/termo/"
    data = typed(stage, **{f"quantas_{stage.loja.pk}": "2", f"primeiro_{stage.loja.pk}": "2026-04-15", plan: ""})
    early = {**data, "vez": "1", "relato": "Meia fra"}
    carla.post(where, {**data, "vez": "2", "acao": f"gerar:{stage.loja.pk}"})
    kept = carla.post(f"{where}rascunho/", early)

    assert (kept.status_code, Termo.objects.get().edicao) == (200, 1)
    assert Termo.objects.get().dados[plan] == ["15/04/2026 100,00\n15/05/2026 100,00"]


def test_a_ready_text_and_a_plan_without_javascript(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    load_texts()
    arrive(carla, audiencia, *three(stage))
    shop = stage.loja.pk
    page = carla.get(f"/audiencias/{audiencia.pk}/termo/")
    chosen = page.context["form"].fields[f"pronto_{shop}"].queryset.get(chave="acordo-troca")
    data = typed(stage, **{f"pronto_{shop}": chosen.pk, f"parcelas_{shop}": "", f"texto_{shop}": ""})
    write(carla, audiencia, data, f"inserir:{shop}")
    assert Termo.objects.get().dados[f"texto_{shop}"][0].startswith("Loja Modelo Ltda entrega a Ana Souza produto novo")
    plan = {f"quantas_{shop}": "3", f"primeiro_{shop}": "2026-04-15", f"parcelas_{shop}": ""}
    write(carla, audiencia, typed(stage, **plan), f"gerar:{shop}")

    assert Termo.objects.get().dados[f"parcelas_{shop}"] == ["15/04/2026 66,66\n15/05/2026 66,66\n15/06/2026 66,68"]


@pytest.mark.parametrize(
    ("changes", "acao", "status", "sentence"),
    [
        ({"relato": ""}, "conferir", 422, "Escreva o que foi dito"),
        ({"parcelas_{loja}": "amanhã"}, "conferir", 422, "não é dia e valor"),
        ({"total_{loja}": "150,00"}, "conferir", 422, "As parcelas somam"),
        ({"resultado_{banco}": ""}, "conferir", 422, "Diga o que resultou com Banco"),
        ({"quantas_{loja}": ""}, "gerar:{loja}", 422, "Preencha para gerar as parcelas"),
        ({}, "inserir:relato", 422, "Escolha um texto da lista"),
    ],
)
def test_refusals_of_the_termo(
    stage: Stage,
    carla: Client,
    audiencia: Audiencia,
    changes: dict[str, str],
    acao: str,
    status: int,
    sentence: str,
) -> None:
    arrive(carla, audiencia, *three(stage))
    keys = {"loja": stage.loja.pk, "banco": stage.banco.pk}
    told = {name.format(**keys): value for name, value in changes.items()}
    answer = write(carla, audiencia, typed(stage, **told), acao.format(**keys))

    assert (answer.status_code, sentence in body(answer)) == (status, True)


def test_the_preview_is_a_pdf(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    arrive(carla, audiencia, *three(stage))
    answer = write(carla, audiencia, typed(stage, relato=""), "ver")
    assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert carla.get(f"/audiencias/{audiencia.pk}/termo/ver/").content[:5] == b"%PDF-"


def test_signed_and_closed_from_the_page(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    termo = ready(stage, carla, audiencia)
    ana, pedro, bia = Presenca.objects.order_by("pk")
    base = f"/audiencias/{audiencia.pk}/termo"
    seen = {"conteudo_sha256": termo.conteudo_sha256}
    for person in (ana, pedro):
        drawn = {**seen, "tracos": json.dumps(DRAWN)}
        assert carla.post(f"{base}/assinaturas/{person.pk}/", drawn).status_code == 302
    by_name = {**seen, "nome": "Bia", "consente": "on"}
    assert carla.post(f"{base}/assinaturas/{bia.pk}/", by_name).status_code == 302
    file = SimpleUploadedFile("carla.p12", authority().p12("Carla Conciliadora", begins=NOW))
    assert carla.post(f"{base}/fechar/", {"certificado": file, "senha": PASSWORD}).status_code == 302

    termo.refresh_from_db()
    audiencia.refresh_from_db()
    assert (termo.status, audiencia.resultado, Acordo.objects.count()) == ("fechado", "acordo_parcial", 1)
    page = body(carla.get(audiencia.get_absolute_url()))
    for text in ("Termo, 1ª versão", "homologação nº 0001/2026", "Acordo parcial", "Nova versão"):
        assert text in page
    again = carla.post(f"{base}/fechar/", {})
    assert (again.status_code, "alguém já o fechou" in body(again)) == (409, True)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "digite o nome como consta"),
        ({"tracos": "<svg/>"}, "não é uma assinatura"),
        ({"tracos": "[" * 5000}, "não é uma assinatura"),
        ({"tracos": "[[[1,1],[2,2]]]"}, "pequena demais"),
    ],
)
def test_refusals_of_a_signature(
    stage: Stage, carla: Client, audiencia: Audiencia, data: dict[str, str], sentence: str
) -> None:
    termo = ready(stage, carla, audiencia)
    person = Presenca.objects.order_by("pk")[0]
    path = f"/audiencias/{audiencia.pk}/termo/assinaturas/{person.pk}/"
    answer = carla.post(path, {"conteudo_sha256": termo.conteudo_sha256, **data})

    assert (answer.status_code, sentence in body(answer), AssinaturaDoTermo.objects.count()) == (422, True, 0)


def test_a_wrong_password_is_told_and_nothing_is_closed(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    ready(stage, carla, audiencia)
    file = SimpleUploadedFile("carla.p12", authority().p12("Carla Conciliadora", begins=NOW))
    data = {"testemunha_1": "Tito", "testemunha_2": "Tina", "certificado": file, "senha": "zebra-77"}
    answer = carla.post(f"/audiencias/{audiencia.pk}/termo/fechar/", data)

    assert (answer.status_code, "a senha está errada" in body(answer), "zebra-77" in body(answer)) == (422, True, False)
    assert Termo.objects.get().status == "em_redacao"


def test_a_new_version_from_the_page(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    ready(stage, carla, audiencia)
    base = f"/audiencias/{audiencia.pk}/termo"
    carla.post(f"{base}/fechar/", {"testemunha_1": "Tito", "testemunha_2": "Tina"})
    assert carla.post(f"{base}/nova-versao/", {"motivo": ""}).status_code == 422
    assert carla.post(f"{base}/nova-versao/", {"motivo": "Nome trocado."}).headers["Location"] == f"{base}/"
    page = body(carla.get(f"{base}/"))
    assert ("2ª versão" in page, "A loja propôs, o banco não." in page) == (True, True)
    assert carla.post(f"{base}/descartar/").status_code == 302
    assert [row.versao for row in Termo.objects.all()] == [1]


# ---- notices ----


def test_a_letter_goes_and_its_ar_comes_back(stage: Stage, carla: Client, audiencia: Audiencia) -> None:
    base, part = f"/audiencias/{audiencia.pk}/notificacoes", f"fornecedor:{stage.loja.fornecedor_id}"
    assert "Sem prova de que foi notificado" in body(carla.get(audiencia.get_absolute_url()))
    wrong = carla.post(f"{base}/", {"parte": part, "meio": "ar", "on": "2026-03-05", "rastreio": ""})
    assert (wrong.status_code, "Escreva o código de rastreio" in body(wrong)) == (422, True)
    carla.post(f"{base}/", {"parte": part, "meio": "ar", "on": "2026-03-05", "rastreio": "BR1"})
    sent = NotificacaoDaAudiencia.objects.get()
    assert carla.post(f"{base}/{sent.pk}/devolvida/", {"on": "2026-03-10", "motivo": ""}).status_code == 422
    assert carla.post(f"{base}/{sent.pk}/recebida/", {"on": "2026-03-10", "recebida_por": "Rui"}).status_code == 302
    again = carla.post(f"{base}/{sent.pk}/devolvida/", {"on": "2026-03-10", "motivo": "Mudou-se."})

    assert (again.status_code, "já foi registrado" in body(again)) == (409, True)
    assert "Carta com AR, recebida em 10/03/2026 por Rui" in body(carla.get(audiencia.get_absolute_url()))


# ---- who sees, what it costs ----


def test_from_elsewhere_nothing_exists(stage: Stage, audiencia: Audiencia) -> None:
    eva, base = logged_in(stage.cast.eva), f"/audiencias/{audiencia.pk}"
    gets = ("relogio", "termo", "termo/ver", "termo/assinar")
    assert [eva.get(f"{base}/{path}/").status_code for path in gets] == [404] * 4
    posts = (
        "chegadas", "chegadas/1/retirar", "chegadas/1/documentos", "chegadas/1/declaracao", "notificacoes",
        "notificacoes/1/recebida", "notificacoes/1/devolvida", "termo", "termo/rascunho", "termo/assinaturas/1",
        "termo/fechar", "termo/nova-versao", "termo/descartar",
    )  # fmt: skip
    assert [eva.post(f"{base}/{path}/").status_code for path in posts] == [404] * len(posts)


def test_who_only_decides_does_not_write_the_termo(stage: Stage, audiencia: Audiencia) -> None:
    edu, base = logged_in(stage.cast.edu), f"/audiencias/{audiencia.pk}/termo"
    assert [edu.get(f"{base}/{path}").status_code for path in ("", "ver/", "assinar/")] == [409, 409, 409]


def test_the_page_costs_the_same_for_one_and_for_three_people(
    stage: Stage, carla: Client, audiencia: Audiencia, django_assert_num_queries: Any
) -> None:
    for row in three(stage):
        arrive(carla, audiencia, row)
        with django_assert_num_queries(22):
            carla.get(audiencia.get_absolute_url())
