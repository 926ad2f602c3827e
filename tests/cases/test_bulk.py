"""One act on many cases: who can, who cannot and why; each on its own; nothing twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from cases.models import Atendimento
from cases.services import bulk, close_case
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused

Make = Callable[..., Atendimento]
LIST = "/atendimentos/"


def chosen(client: Client, *cases: Atendimento) -> str:
    return client.post(f"{LIST}lote/", {"caso": [case.pk for case in cases]})["Location"]


def test_each_case_is_done_or_refused_on_its_own(cast: Cast, ap: Make) -> None:
    one, two, three = ap(), ap(), ap()
    close_case(atendimento=two, desfecho="desistencia", by=cast.bruno, at=NOW)
    bruno = logged_in(cast.bruno)
    address = chosen(bruno, one, two, three)
    preview = bruno.get(address, {"ato": "encerrar"})
    answer = bruno.post(address, {"ato": "encerrar", "desfecho": "orientado"}, follow=True)
    states = list(Atendimento.objects.order_by("pk").values_list("desfecho", flat=True))
    assert (len(preview.context["podem"]), [case for case, _ in preview.context["nao_podem"]]) == (2, [two])
    assert (len(answer.context["feitos"]), len(answer.context["recusados"])) == (2, 1)
    assert "o registro está em «Encerrado»" in answer.content.decode()
    assert states == ["orientado", "desistencia", "orientado"]


def test_sent_twice_it_is_done_once(cast: Cast, ap: Make) -> None:
    case = ap()
    bruno = logged_in(cast.bruno)
    address = chosen(bruno, case)
    for _ in range(2):
        answer = bruno.post(address, {"ato": "anotar", "texto": "Conferido."}, follow=True)
    assert case.historico.eventos.filter(ato="ANOTAR").count() == 1
    assert len(answer.context["feitos"]) == 1


def test_all_of_the_filter_are_chosen_up_to_the_limit(cast: Cast, ap: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST", 2)
    for _ in range(3):
        ap()
    close_case(atendimento=ap(), desfecho="desistencia", by=cast.bruno, at=NOW)
    page = logged_in(cast.bruno).post(f"{LIST}lote/", {"todos": "1", "consulta": "status=aberto"}, follow=True)
    assert [case.status for case in page.context["casos"]] == ["aberto", "aberto"]
    assert "ficaram os primeiros 2" in page.content.decode()


def test_none_ticked_leads_back_to_the_list(cast: Cast) -> None:
    assert chosen(logged_in(cast.bruno)) == f"{LIST}?ordem=recentes"


def test_eva_chooses_none_of_ours_and_opens_no_choice_of_anothers(cast: Cast, ap: Make) -> None:
    case = ap()
    address = chosen(logged_in(cast.bruno), case)
    eva = logged_in(cast.eva)
    assert (chosen(eva, case), eva.get(address).status_code) == (f"{LIST}?ordem=recentes", 404)


def test_a_form_without_its_data_keeps_the_choice(cast: Cast, ap: Make) -> None:
    bruno = logged_in(cast.bruno)
    answer = bruno.post(chosen(bruno, ap()), {"ato": "reclamacao", "motivo": " "})
    assert (answer.status_code, len(answer.context["podem"])) == (422, 1)


def test_dora_gives_cases_to_another_and_it_is_written_down(cast: Cast, ap: Make) -> None:
    case = ap()
    dora = logged_in(cast.dora)
    dora.post(chosen(dora, case), {"ato": "passar", "atendente": cast.dora.pk})
    case.refresh_from_db()
    event = case.historico.eventos.get(ato="PASSAR_A_OUTRO")
    assert (case.atendente, event.motivo, event.autor) == (
        cast.dora, "De Bruno Atendente para Dora Coordenadora.", cast.dora,
    )  # fmt: skip


def test_reassigning_is_the_coordenadors(cast: Cast, ap: Make) -> None:
    with pytest.raises(ActNotAllowed, match="passar a outro atendente"):
        bulk.reassign(atendimento=ap(), atendente=cast.dora, by=cast.bruno, at=NOW)


def test_a_case_is_given_to_nobody_from_elsewhere(cast: Cast, ap: Make) -> None:
    with pytest.raises(ContentRefused, match="não atende nesta unidade"):
        bulk.reassign(atendimento=ap(), atendente=cast.eva, by=cast.dora, at=NOW)


def test_a_case_is_not_given_to_who_has_it(cast: Cast, ap: Make) -> None:
    with pytest.raises(ActNotAllowed, match="já está com Bruno"):
        bulk.reassign(atendimento=ap(), atendente=cast.bruno, by=cast.dora, at=NOW)


def test_a_remark_has_words_and_its_papel(cast: Cast, ap: Make) -> None:
    case = ap()
    with pytest.raises(ContentRefused, match="Escreva a anotação"):
        bulk.note(atendimento=case, texto="  ", by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="anotar no caso"):
        bulk.note(atendimento=case, texto="Visto.", by=cast.carla, at=NOW)


@pytest.mark.parametrize(
    ("act", "who", "reason"),
    [
        ("encerrar", "bruno", ""),
        ("reclamacao", "bruno", ""),
        ("reabrir", "dora", "o registro está em «Aberto»"),
        ("passar", "bruno", "o ato cabe a Coordenador"),
        ("anotar", "carla", "o ato cabe a Atendente, Coordenador"),
    ],
)
def test_the_preview_says_why_not(cast: Cast, ap: Make, act: str, who: str, reason: str) -> None:
    told = bulk.why_not(act, ap(), by=getattr(cast, who))
    assert (reason in told, bool(told)) == (True, bool(reason))


def test_the_preview_knows_which_desfecho_fits(cast: Cast, ap: Make) -> None:
    assert "não cabe em um caso «Aberto»" in bulk.why_not("encerrar", ap(), by=cast.bruno, desfecho="resolvido_cip")
