"""Many CIPs come back at once: receipts with a day each, and closings with one resultado; their pages; labels."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from cases.models import CIP, Atendimento, ItemDoLote, Lote, Reclamado
from cases.services import (
    acknowledge_cip,
    acknowledge_cips,
    answer_cip,
    close_cip,
    close_cips,
    issue_cips,
    send_cips,
)
from cases.services.cip_labels import print_labels
from cases.services.cip_lots import ask_closing, ask_receipt, run_lots
from deadlines.models import Prazo
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.errors import ContentRefused
from workflow.models import Evento
from workflow.selfcheck import broken_links

Ap = Callable[..., Atendimento]
LIST = "/atendimentos/cips/"
TUESDAY, WEDNESDAY = date(2026, 3, 3), date(2026, 3, 4)


@pytest.fixture(autouse=True)
def _ready(rules: None, letters_in_tmp: None) -> None:
    """Every test here issues letters."""


def sent(cast: Cast, *cases: Atendimento) -> list[CIP]:
    """The CIPs of these cases, on their way since Monday 2 March."""
    monday = NOW - timedelta(days=2)
    keys = Reclamado.objects.filter(atendimento__in=cases).order_by("pk").values_list("pk", flat=True)
    made = [item.cip.pk for item in issue_cips(reclamados=list(keys), by=cast.bruno, at=monday) if item.cip]
    send_cips(rastreios=dict.fromkeys(made, ""), meio="ar", by=cast.bruno, at=monday)
    return list(CIP.objects.filter(pk__in=made).order_by("pk"))


def answered(cast: Cast, *cases: Atendimento) -> list[CIP]:
    cips = sent(cast, *cases)
    for cip in cips:
        answer_cip(cip=cip, resposta="Devolvemos.", by=cast.bruno, at=NOW)
    return cips


def events(cip: CIP, act: str) -> list[Any]:
    rows = Evento.objects.filter(objeto="cases.cip", objeto_id=cip.pk, ato=act)
    return list(rows.values_list("de", "para", "autor", "quando", "motivo", "dados"))


def done(lote: Lote) -> list[tuple[str, bool]]:
    return [(item.recusa.split(".")[0], item.feito_em == NOW) for item in lote.itens.order_by("ordem")]


def test_many_are_acknowledged_as_each_alone(cast: Cast, ap: Ap) -> None:
    alone, first, second = sent(cast, ap(cast.loja), ap(cast.loja, cast.banco))
    acknowledge_cip(cip=alone, on=TUESDAY, by=cast.bruno, at=NOW)
    outcomes = acknowledge_cips(dias={first.pk: TUESDAY, second.pk: WEDNESDAY}, by=cast.bruno, at=NOW)

    assert [made.motivo for made in outcomes] == ["", ""]
    rows = CIP.objects.order_by("pk").values_list("status", "cientificada_em", "prazo__vence_em", "prazo__explicacao")
    assert list(rows) == [
        ("cientificada", TUESDAY, date(2026, 3, 13), "10 dias corridos da ciência em 03/03; vence sexta 13/03"),
        ("cientificada", TUESDAY, date(2026, 3, 13), "10 dias corridos da ciência em 03/03; vence sexta 13/03"),
        (
            "cientificada",
            WEDNESDAY,
            date(2026, 3, 16),
            "10 dias corridos da ciência em 04/03; venceria sábado 14/03, prorrogado para segunda 16/03",
        ),
    ]
    assert events(first, "DAR_CIENCIA") == events(alone, "DAR_CIENCIA")
    assert list(broken_links()) == []


def test_many_are_closed_as_each_alone(cast: Cast, ap: Ap) -> None:
    alone, first, second = answered(cast, ap(cast.loja), ap(cast.loja, cast.banco))
    close_cip(cip=alone, resultado="acordo", by=cast.bruno, at=NOW)
    outcomes = close_cips(cips=[first.pk, second.pk], resultado="acordo", by=cast.bruno, at=NOW)

    assert [made.motivo for made in outcomes] == ["", ""]
    assert set(CIP.objects.values_list("status", "resultado", "baixada_em")) == {("baixada", "acordo", NOW)}
    assert events(first, "BAIXAR_CIP") == events(second, "BAIXAR_CIP") == events(alone, "BAIXAR_CIP")
    assert list(broken_links()) == []


def test_a_batch_of_receipts_refuses_item_by_item_and_says_why(cast: Cast, ap: Ap) -> None:
    good, early, late, taken = sent(cast, *(ap() for _ in range(4)))
    acknowledge_cip(cip=taken, on=TUESDAY, by=cast.bruno, at=NOW)
    days = {good.pk: TUESDAY, early.pk: date(2026, 3, 1), late.pk: date(2026, 3, 5), taken.pk: TUESDAY}
    lote = ask_receipt(cips=[good, early, late, taken], dias=days, by=cast.bruno, at=NOW)

    assert run_lots(at_clock=lambda: NOW) == 4
    between = "A ciência deve ficar entre o envio (02/03/2026) e hoje (04/03/2026)"
    already = "Não é possível «Registrar ciência»: o registro está em «Cientificada», e o ato pede «Enviada»"
    assert done(lote) == [("", True), (between, True), (between, True), (already, True)]
    assert Prazo.objects.filter(regra__nome="cip_resposta").count() == 2


def test_a_batch_of_closings_refuses_item_by_item_and_says_why(cast: Cast, ap: Ap) -> None:
    (ready,), (out,) = answered(cast, ap()), sent(cast, ap())
    lote = ask_closing(cips=[ready, out], resultado="resolucao_total", by=cast.bruno, at=NOW)

    assert run_lots(at_clock=lambda: NOW) == 2
    (_, good), (refused, bad) = done(lote)
    assert (good, bad, refused[:62]) == (True, True, "Não é possível «Dar baixa na CIP»: o registro está em «Enviada")
    assert (CIP.objects.get(pk=ready.pk).resultado, CIP.objects.get(pk=out.pk).status) == ("resolucao_total", "enviada")


def test_two_cips_of_one_reclamado_stand_in_one_batch(cast: Cast, ap: Ap) -> None:
    case = ap()
    (old,) = answered(cast, case)
    close_cip(cip=old, resultado="acordo", by=cast.bruno, at=NOW)
    (new,) = answered(cast, case)
    lote = ask_closing(cips=[old, new], resultado="acordo", by=cast.bruno, at=NOW)
    run_lots(at_clock=lambda: NOW)
    assert [bool(reason) for reason, _ in done(lote)] == [True, False]


def test_nobody_from_elsewhere_acknowledges_or_closes(cast: Cast, ap: Ap) -> None:
    (out,), (ready,) = sent(cast, ap()), answered(cast, ap())
    outcomes = [
        *acknowledge_cips(dias={out.pk: TUESDAY}, by=cast.eva, at=NOW),
        *close_cips(cips=[ready.pk], resultado="acordo", by=cast.eva, at=NOW),
        *close_cips(cips=[0], resultado="acordo", by=cast.bruno, at=NOW),
    ]
    assert [made.motivo.split(":")[0].split(".")[0] for made in outcomes] == [
        "Você não pode «Registrar ciência»",
        "Você não pode «Dar baixa na CIP»",
        "Este registro não existe mais",
    ]


@pytest.mark.parametrize("resultado", ["", "pombo", "cancelada", "abertura_de_reclamacao"])
def test_a_resultado_that_only_another_act_gives_is_refused(cast: Cast, ap: Ap, resultado: str) -> None:
    with pytest.raises(ContentRefused, match="Escolha o resultado da CIP na lista"):
        ask_closing(cips=answered(cast, ap()), resultado=resultado, by=cast.bruno, at=NOW)


def test_a_batch_of_receipts_without_a_day_is_refused(cast: Cast, ap: Ap) -> None:
    with pytest.raises(ContentRefused, match="Escreva a data da ciência de cada CIP"):
        ask_receipt(cips=sent(cast, ap()), dias={}, by=cast.bruno, at=NOW)


def test_a_chunk_costs_the_same_queries_however_many(cast: Cast, ap: Ap) -> None:
    for count in (1, 3):
        out = {cip.pk: TUESDAY for cip in sent(cast, *(ap() for _ in range(count)))}
        ready = [cip.pk for cip in answered(cast, *(ap() for _ in range(count)))]
        with CaptureQueriesContext(connection) as receiving:
            acknowledge_cips(dias=out, by=cast.bruno, at=NOW)
        with CaptureQueriesContext(connection) as closing:
            close_cips(cips=ready, resultado="acordo", by=cast.bruno, at=NOW)
        assert (len(receiving), len(closing)) == (12, 7)


def test_from_the_list_to_the_receipts_each_with_its_day(cast: Cast, ap: Ap) -> None:
    one, two, three = sent(cast, ap(), ap(), ap())
    bruno = logged_in(cast.bruno)
    page = bruno.post(f"{LIST}ciencia/", {"cip": [one.pk, two.pk, three.pk]})
    assert [cip.pk for cip, _ in page.context["linhas"]] == [three.pk, two.pk, one.pk]

    blank = {f"ciencia_{cip.pk}": "" for cip in (one, two, three)}
    nothing = bruno.post(f"{LIST}ciencia/", {**blank, "todas": "", "registrar": "1"})
    wrong = bruno.post(f"{LIST}ciencia/", {**blank, f"ciencia_{one.pk}": "2026-02-27", "registrar": "1"})
    assert (nothing.status_code, wrong.status_code, Lote.objects.count()) == (422, 422, 0)
    assert "Escreva a data para todas" in nothing.content.decode()
    assert list(wrong.context["form"].errors) == [f"ciencia_{one.pk}"]

    own = bruno.post(f"{LIST}ciencia/", {**blank, f"ciencia_{one.pk}": "2026-03-03", "registrar": "1"})
    run_lots(at_clock=lambda: NOW)
    assert "1 de 1 tratadas: 1 feita, 0 recusadas." in bruno.get(own.headers["Location"]).content.decode()
    two_and_three = {name: "" for name in blank if name != f"ciencia_{one.pk}"}
    bruno.post(f"{LIST}ciencia/", {**two_and_three, "todas": "2026-03-04", "registrar": "1"})
    run_lots(at_clock=lambda: NOW)
    assert [day for (day,) in CIP.objects.order_by("pk").values_list("cientificada_em")] == [
        TUESDAY,
        WEDNESDAY,
        WEDNESDAY,
    ]


def test_all_of_the_filter_is_closed_and_shown_as_the_batchs_own(cast: Cast, ap: Ap) -> None:
    answered(cast, ap(), ap())
    sent(cast, ap())
    bruno, chosen = logged_in(cast.bruno), {"do_filtro": "1", "consulta": "status=respondida"}
    page = bruno.post(f"{LIST}baixa/", chosen)
    assert len(page.context["cips"]) == 2
    keys = [cip.pk for cip in page.context["cips"]]
    assert bruno.post(f"{LIST}baixa/", {"cip": keys, "resultado": "", "registrar": "1"}).status_code == 422
    asked = bruno.post(f"{LIST}baixa/", {"cip": keys, "resultado": "acordo", "registrar": "1"})
    run_lots(at_clock=lambda: NOW)
    lote = Lote.objects.get()
    assert asked.headers["Location"] == lote.get_absolute_url()
    listed = bruno.get(f"{LIST}?lote={lote.pk}")
    assert sorted(cip.pk for cip in listed.context["pagina"].rows) == sorted(keys)
    assert (len(logged_in(cast.dora).get(f"{LIST}?lote={lote.pk}").context["pagina"].rows)) == 3
    mine = bruno.get(f"{LIST}lotes/").context["pagina"].rows
    assert [(row.pk, row.total, row.tratados, row.recusados) for row in mine] == [(lote.pk, 2, 2, 0)]


@pytest.mark.parametrize("page", ["ciencia/", "baixa/", "etiquetas/"])
def test_nothing_ticked_leads_back_to_the_list(cast: Cast, page: str) -> None:
    answer = logged_in(cast.bruno).post(f"{LIST}{page}", {"cip": ["x", "9" * 30]}, follow=True)
    assert (answer.redirect_chain, "Marque ao menos uma CIP" in answer.content.decode()) == ([(LIST, 302)], True)


@pytest.mark.parametrize("page", ["ciencia/", "baixa/", "etiquetas/", "impressao/"])
def test_who_is_from_elsewhere_does_nothing_with_them(cast: Cast, ap: Ap, page: str) -> None:
    (cip,) = sent(cast, ap())
    typed = {"cip": cip.pk, f"ciencia_{cip.pk}": "2026-03-03", "resultado": "acordo", "inicio": "1"}
    for more in ({}, {"registrar": "1"}, {"imprimir": "1"}, {"do_filtro": "1"}):
        assert logged_in(cast.eva).post(f"{LIST}{page}", {**typed, **more}).status_code in (302, 422)
    assert ItemDoLote.objects.count() == 0


def test_the_pages_of_returns_cost_the_same_queries_however_many(cast: Cast, ap: Ap) -> None:
    bruno = logged_in(cast.bruno)
    for count in (1, 3):
        keys = [cip.pk for cip in sent(cast, *(ap() for _ in range(count)))]
        found = []
        for page in ("ciencia/", "baixa/", "etiquetas/"):
            with CaptureQueriesContext(connection) as asked:
                bruno.post(f"{LIST}{page}", {"cip": keys})
            found.append(len(asked))
        with CaptureQueriesContext(connection) as lots:
            bruno.get(f"{LIST}lotes/")
        ask_closing(cips=list(CIP.objects.filter(pk__in=keys)), resultado="acordo", by=cast.bruno, at=NOW)
        assert (found, len(lots)) == ([4, 4, 4], 4)


def addressed(cast: Cast) -> None:
    cast.loja.logradouro, cast.loja.numero, cast.loja.bairro = "Avenida B", "200", "Centro"
    cast.loja.municipio, cast.loja.uf, cast.loja.cep = "3550308", "SP", "01000000"
    cast.loja.save()


def text_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_labels_carry_the_address_and_the_number_of_the_case(cast: Cast, ap: Ap) -> None:
    addressed(cast)
    cips = sent(cast, ap(cast.loja, cast.banco))
    (sheet,) = text_of(print_labels(cips=cips, start=3))
    shown = re.sub(r"\s+", " ", sheet)
    assert "Loja Modelo Ltda Avenida B, 200 – Centro CEP 01000-000 São Paulo/SP" in shown
    assert (shown.count(cips[0].reclamado.atendimento.protocolo), "Banco" in shown) == (1, False)


def test_a_used_sheet_is_continued_and_the_next_one_begun(cast: Cast, ap: Ap) -> None:
    addressed(cast)
    keys = [cip.pk for cip in sent(cast, ap(), ap())]
    bruno = logged_in(cast.bruno)
    page = bruno.post(f"{LIST}etiquetas/", {"cip": keys})
    assert (len(page.context["com"]), page.context["sem"]) == (2, [])
    sheets = bruno.post(f"{LIST}etiquetas/", {"cip": keys, "inicio": "14", "imprimir": "1"})
    assert (sheets.headers["Content-Type"], len(text_of(sheets.content))) == ("application/pdf", 2)
    for place in ("0", "15", "x", ""):
        refused = bruno.post(f"{LIST}etiquetas/", {"cip": keys, "inicio": place, "imprimir": "1"})
        assert refused.status_code == 422


def test_who_has_no_address_is_named_and_gets_no_label(cast: Cast, ap: Ap) -> None:
    cips = sent(cast, ap())
    page = logged_in(cast.bruno).post(f"{LIST}etiquetas/", {"cip": cips[0].pk})
    assert (page.context["com"], [cip.pk for cip in page.context["sem"]]) == ([], [cips[0].pk])
    with pytest.raises(ContentRefused, match="Não há etiqueta para imprimir"):
        print_labels(cips=cips, start=1)


def test_all_letters_and_labels_of_a_batch(cast: Cast, ap: Ap) -> None:
    addressed(cast)
    bruno = logged_in(cast.bruno)
    bruno.post(f"{LIST}emissao/", {"caso": [ap().pk, ap().pk]})
    run_lots(at_clock=lambda: NOW)
    sent(cast, ap())
    chosen = {"do_filtro": "1", "consulta": f"lote={Lote.objects.get().pk}"}
    pile = b"".join(bruno.post(f"{LIST}impressao/", chosen).streaming_content)
    protocols = list(Atendimento.objects.order_by("pk").values_list("protocolo", flat=True))
    found = [any(number in page for page in text_of(pile)) for number in protocols]
    assert (found, len(bruno.post(f"{LIST}etiquetas/", chosen).context["com"])) == ([True, True, False], 2)
