"""Contacts, closing, reclamação, reopening, rectifying."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from cases.models import CIP, Atendimento, Defesa, Desfecho, Reclamado
from cases.services import (
    answer_cip,
    close_case,
    closing_paper,
    issue_cip,
    open_reclamacao,
    record_contact,
    rectify_case,
    register,
    reopen_case,
    settle_at_once,
)
from cases.tipos import CIP_RESULTADO_BY_DESFECHO, DESFECHOS_BY_STATUS
from deadlines.models import Prazo
from deadlines.services import set_prazo
from documents.models import Documento
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

Ap = Callable[..., Atendimento]


def _status(thing: Atendimento | CIP) -> tuple[str, str]:
    thing.refresh_from_db()
    return thing.status, getattr(thing, "desfecho", "") or getattr(thing, "resultado", "")


def test_a_call_that_settles_closes_the_case(cast: Cast, ap: Ap) -> None:
    case = ap()
    record_contact(reclamado=case.reclamados.get(), resultado="resolvido", by=cast.bruno, at=NOW)

    settle_at_once(atendimento=case, by=cast.bruno, at=NOW)

    assert _status(case) == ("encerrado", "resolvido_no_atendimento")


def test_settling_asks_for_every_supplier(cast: Cast, ap: Ap) -> None:
    case = ap(cast.loja, cast.banco)
    record_contact(reclamado=case.reclamados.first(), resultado="resolvido", by=cast.bruno, at=NOW)

    with pytest.raises(ActNotAllowed, match=r"Falta resolver com Banco Exemplo S\.A\."):
        settle_at_once(atendimento=case, by=cast.bruno, at=NOW)


def test_an_unknown_result_of_a_call_is_refused(cast: Cast, ap: Ap) -> None:
    with pytest.raises(ContentRefused, match="o que resultou do contato"):
        record_contact(reclamado=ap().reclamados.get(), resultado="talvez", by=cast.bruno, at=NOW)


def test_no_contact_in_a_closed_case(cast: Cast, ap: Ap) -> None:
    case = ap()
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)

    with pytest.raises(ActNotAllowed, match="já está encerrado"):
        record_contact(reclamado=case.reclamados.get(), resultado="resolvido", by=cast.bruno, at=NOW)


def test_closing_takes_only_what_fits_the_status(cast: Cast, ap: Ap) -> None:
    with pytest.raises(ActNotAllowed, match="Este desfecho não cabe em um caso «Aberto»"):
        close_case(atendimento=ap(), desfecho="resolvido_cip", by=cast.bruno, at=NOW)


def test_every_desfecho_by_hand_is_known_and_ends_its_cips() -> None:
    by_hand = {desfecho for possible in DESFECHOS_BY_STATUS.values() for desfecho in possible}
    with_cip = set(DESFECHOS_BY_STATUS["aguarda_fornecedor"]) | set(DESFECHOS_BY_STATUS["aguarda_consumidor"])

    assert by_hand <= set(Desfecho.values)
    assert with_cip == set(CIP_RESULTADO_BY_DESFECHO)
    assert set(CIP_RESULTADO_BY_DESFECHO.values()) <= set(CIP.Resultado.values)


def test_giving_up_ends_the_running_cip(cast: Cast, ap: Ap, running_cip: Callable[[Reclamado], CIP]) -> None:
    case = ap()
    cip = running_cip(case.reclamados.get())
    case.refresh_from_db()

    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)

    assert (_status(case), _status(cip)) == (("encerrado", "desistencia"), ("baixada", "desistencia"))


def test_an_unsolved_cip_becomes_a_reclamacao(cast: Cast, ap: Ap, running_cip: Callable[[Reclamado], CIP]) -> None:
    case = ap()
    cip = running_cip(case.reclamados.get())
    answer_cip(cip=cip, resposta="Não.", by=cast.bruno, at=NOW)
    case.refresh_from_db()

    complaint = open_reclamacao(atendimento=case, by=cast.bruno, at=NOW, motivo="Fornecedor recusou.")

    assert (_status(case)[0], complaint.status) == ("em_reclamacao", "instaurada")
    assert _status(cip) == ("baixada", "abertura_de_reclamacao")


def test_no_reclamacao_while_a_cip_runs(cast: Cast, ap: Ap, rules: None) -> None:
    case = ap()
    issue_cip(reclamado=case.reclamados.get(), by=cast.bruno, at=NOW)

    with pytest.raises(ActNotAllowed, match="o registro está em «Aguarda fornecedor»"):
        open_reclamacao(atendimento=case, by=cast.bruno, at=NOW, motivo="Pressa.")


def test_a_reclamacao_needs_a_reason_and_a_supplier(cast: Cast, ap: Ap) -> None:
    with pytest.raises(ContentRefused, match="por que a reclamação é aberta"):
        open_reclamacao(atendimento=ap(), by=cast.bruno, at=NOW, motivo=" ")
    bare = register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="calculo", canal="pessoal", consumidor=cast.ana)
    with pytest.raises(ContentRefused, match="Não há fornecedor neste caso"):
        open_reclamacao(atendimento=bare, by=cast.bruno, at=NOW, motivo="Juros.")


def test_closing_a_reclamacao_archives_it_and_reopening_brings_it_back(cast: Cast, ap: Ap) -> None:
    case = ap()
    complaint = open_reclamacao(atendimento=case, by=cast.bruno, at=NOW, motivo="Urgência.")
    close_case(atendimento=case, desfecho="acordo", by=cast.carla, at=NOW)
    complaint.refresh_from_db()
    assert (_status(case), complaint.status) == (("encerrado", "acordo"), "arquivada")

    reopen_case(atendimento=case, by=cast.dora, at=NOW, motivo="Acordo descumprido.")

    complaint.refresh_from_db()
    assert (_status(case), complaint.status) == (("em_reclamacao", ""), "instaurada")


def test_reopening_is_the_coordenadors_and_has_a_reason(cast: Cast, ap: Ap) -> None:
    case = ap()
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)

    with pytest.raises(ActNotAllowed, match="o ato cabe a Coordenador"):
        reopen_case(atendimento=case, by=cast.bruno, at=NOW, motivo="Voltou.")
    with pytest.raises(ContentRefused, match="por que o caso é reaberto"):
        reopen_case(atendimento=case, by=cast.dora, at=NOW, motivo="")
    reopen_case(atendimento=case, by=cast.dora, at=NOW, motivo="Voltou.")

    assert _status(case) == ("aberto", "")


def test_rectifying_is_recorded_with_its_reason(cast: Cast, ap: Ap) -> None:
    case = ap()

    with pytest.raises(ActNotAllowed, match="Só um coordenador"):
        rectify_case(atendimento=case, status="em_reclamacao", by=cast.bruno, at=NOW, motivo="Erro.")
    with pytest.raises(ContentRefused, match="precisa de motivo"):
        rectify_case(atendimento=case, status="em_reclamacao", by=cast.dora, at=NOW, motivo=" ")
    with pytest.raises(ContentRefused, match="não é um status conhecido"):
        rectify_case(atendimento=case, status="perdido", by=cast.dora, at=NOW, motivo="Erro.")
    with pytest.raises(ContentRefused, match="tem desfecho"):
        rectify_case(atendimento=case, status="encerrado", by=cast.dora, at=NOW, motivo="Erro.")
    rectify_case(atendimento=case, status="encerrado", desfecho="orientado", by=cast.dora, at=NOW, motivo="Duplo.")

    assert _status(case) == ("encerrado", "orientado")
    event = Evento.objects.get(ato="RETIFICAR")
    assert (event.de, event.para, event.motivo, event.autor) == ("aberto", "encerrado", "Duplo.", cast.dora)


def test_closing_stops_every_term_but_those_in_years(cast: Cast, ap: Ap) -> None:
    case = ap()
    absence = set_prazo("justificativa_ausencia", historico=case.historico, start=date(2026, 3, 2))
    years = set_prazo("cadastro_permanencia", historico=case.historico, start=date(2022, 3, 2))

    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)

    absence.refresh_from_db()
    assert absence.cumprido_em == NOW
    assert list(Prazo.objects.running()) == [years]


# ---- the papers of the end ----


def sheets(case: Atendimento) -> list[Documento]:
    return list(Documento.objects.filter(historico=case.historico_id, tipo="ficha_de_baixa").order_by("pk"))


def test_a_case_with_a_cip_closes_with_its_sheet(
    cast: Cast, ap: Callable[..., Atendimento], running_cip: Callable[[Reclamado], CIP], letters_in_tmp: None
) -> None:
    case = ap()
    running_cip(case.reclamados.get())
    case.refresh_from_db()
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)

    (sheet,) = sheets(case)
    (line,) = sheet.dados["dados"]["baixas"]
    assert (line["por"], line["ciencia_em"], line["resultado"]) == ("CIP", "2026-03-02", "Desistência")
    assert sheet.dados["dados"]["desfecho"] == "Desistência"


def test_a_reclamacao_closed_without_decision_closes_with_its_sheet(
    cast: Cast, notified: Callable[..., list[Defesa]]
) -> None:
    case = notified(cast.loja, cast.banco)[0].reclamacao.atendimento
    close_case(atendimento=case, desfecho="acordo", by=cast.bruno, at=NOW)

    (sheet,) = sheets(case)
    assert [(row["por"], row["resultado"]) for row in sheet.dados["dados"]["baixas"]] == [("Reclamação", "Acordo")] * 2


def test_without_letters_the_sheet_waits_until_it_is_asked_for(
    cast: Cast, notified: Callable[..., list[Defesa]]
) -> None:
    case = notified()[0].reclamacao.atendimento
    close_case(atendimento=case, desfecho="acordo", by=cast.bruno, at=NOW, cartas=False)
    assert sheets(case) == []
    asked = [closing_paper(atendimento=case, tipo="ficha_de_baixa", by=cast.bruno, at=NOW) for _ in "ab"]

    assert asked == sheets(case) * 2


def test_a_second_closing_replaces_the_sheet(cast: Cast, notified: Callable[..., list[Defesa]]) -> None:
    case = notified()[0].reclamacao.atendimento
    close_case(atendimento=case, desfecho="acordo", by=cast.bruno, at=NOW)
    later = NOW + timedelta(days=1)
    reopen_case(atendimento=case, by=cast.dora, at=later, motivo="Prova nova.")
    close_case(atendimento=case, desfecho="sem_resolucao", by=cast.bruno, at=later)

    first, second = sheets(case)
    assert (first.substituido_por, second.substituido_por) == (second, None)


def test_the_letter_to_the_consumer_says_how_it_ended(cast: Cast, notified: Callable[..., list[Defesa]]) -> None:
    case = notified()[0].reclamacao.atendimento
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)
    letter = closing_paper(atendimento=case, tipo="comunicacao", by=cast.bruno, at=NOW)

    assert "arquivado como desistência" in letter.dados["dados"]["texto"]
    assert closing_paper(atendimento=case, tipo="comunicacao", by=cast.bruno, at=NOW) == letter


def test_refuses_the_papers_of_an_open_case_and_from_elsewhere(
    cast: Cast, ap: Callable[..., Atendimento], letters_in_tmp: None
) -> None:
    case = ap()
    with pytest.raises(ActNotAllowed, match="não está encerrado"):
        closing_paper(atendimento=case, tipo="comunicacao", by=cast.bruno, at=NOW)
    close_case(atendimento=case, desfecho="orientado", by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="não teve CIP nem reclamação"):
        closing_paper(atendimento=case, tipo="ficha_de_baixa", by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="papéis do encerramento"):
        closing_paper(atendimento=case, tipo="comunicacao", by=cast.eva, at=NOW)
