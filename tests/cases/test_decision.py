"""Opinion, decision per reclamado, final date, archive: each refusal, and the whole ways."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from cases.models import CIP, Atendimento, Classificacao, Defesa, Proposta, Reclamacao, Reclamado
from cases.rules.outcome import outcome_of
from cases.services import (
    answer_cip,
    archive,
    close_case,
    decide,
    finalize_due,
    lapse_due_defences,
    lodge_appeal,
    notify_reclamado,
    open_reclamacao,
    receive_defence,
    receive_notice,
    reopen_case,
    return_opinion,
    serve_decision,
    write_opinion,
)
from documents.models import Documento
from notifications.models import Mensagem
from tests.cases.conftest import also_authority
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused

Opened = Callable[..., Reclamacao]
Decided = Callable[..., list[Classificacao]]
NORM = "CDC, art. 42, parágrafo único"
#: Received on Wednesday 4 March 2026; ten days end on Saturday 14, so on Monday 16.
AFTER_APPEAL = NOW + timedelta(days=13)


def status(thing: Reclamacao | Classificacao) -> str:
    if isinstance(thing, Classificacao):
        return Reclamacao.objects.get(atendimento__reclamados=thing.reclamado_id).status
    return Reclamacao.objects.get(pk=thing.pk).status


def proposals(opened: Reclamacao, valor: str = "fundamentada_atendida", motivo: str = "Devolveu.") -> list[Proposta]:
    return [Proposta(reclamado=party, valor=valor, motivo=motivo) for party in opened.atendimento.reclamados.all()]


def test_an_opinion_needs_its_parts(cast: Cast, notified: Callable[..., list[Defesa]]) -> None:
    (turn,) = notified()
    opened = Reclamacao.objects.get()
    call = {"reclamacao": opened, "analise": "Analisado.", "base_legal": NORM, "by": cast.bruno, "at": NOW}

    with pytest.raises(ActNotAllowed, match="o registro está em «Notificada»"):
        write_opinion(**call, propostas=proposals(opened))
    receive_defence(defesa=turn, texto="Não.", by=cast.bruno, at=NOW)
    with pytest.raises(ContentRefused, match="Escreva a análise"):
        write_opinion(**{**call, "analise": " "}, propostas=proposals(opened))
    with pytest.raises(ContentRefused, match="para cada fornecedor"):
        write_opinion(**call, propostas=[])
    with pytest.raises(ContentRefused, match="Escolha a classificação"):
        write_opinion(**call, propostas=proposals(opened, valor="ótima"))
    with pytest.raises(ContentRefused, match="Escreva o motivo"):
        write_opinion(**call, propostas=proposals(opened, motivo=""))
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        write_opinion(**{**call, "by": cast.edu}, propostas=proposals(opened))

    opinion = write_opinion(**call, propostas=proposals(opened))

    assert (status(opened), opinion.documento.tipo) == ("em_analise", "manifestacao_tecnica")
    with pytest.raises(ActNotAllowed, match="Já há um parecer"):
        write_opinion(**call, propostas=proposals(opened))


def test_an_opinion_is_returned_and_written_again(cast: Cast, under_analysis: Opened) -> None:
    opened = under_analysis()
    with pytest.raises(ContentRefused, match="Escreva o motivo"):
        return_opinion(reclamacao=opened, motivo="", by=cast.edu, at=NOW)
    with pytest.raises(ActNotAllowed, match="o ato cabe a Autoridade"):
        return_opinion(reclamacao=opened, motivo="Falta a norma.", by=cast.bruno, at=NOW)

    first = return_opinion(reclamacao=opened, motivo="Falta a norma.", by=cast.edu, at=NOW)

    with pytest.raises(ActNotAllowed, match="Não há parecer técnico"):
        return_opinion(reclamacao=opened, motivo="De novo.", by=cast.edu, at=NOW)
    with pytest.raises(ActNotAllowed, match="Não há parecer técnico"):
        decide(
            reclamado=opened.atendimento.reclamados.get(),
            valor="encerrada",
            motivo="Fim.",
            base_legal=NORM,
            by=cast.edu,
            at=NOW,
        )
    again = write_opinion(
        reclamacao=opened, analise="Melhor.", base_legal=NORM, propostas=proposals(opened), by=cast.dora, at=NOW
    )
    assert Documento.objects.get(pk=first.documento_id).substituido_por == again.documento


def test_who_wrote_the_opinion_does_not_decide(cast: Cast, under_analysis: Opened) -> None:
    opened = under_analysis()
    bruno = also_authority(cast)
    party = opened.atendimento.reclamados.get()

    with pytest.raises(ActNotAllowed, match="quem opina não decide"):
        decide(reclamado=party, valor="encerrada", motivo="Fim.", base_legal=NORM, by=bruno, at=NOW)
    with pytest.raises(IntegrityError, match="classificacao_outra_pessoa_decide"), transaction.atomic():
        Classificacao.objects.create(
            reclamado=party,
            valor="encerrada",
            motivo="Fim.",
            base_legal=NORM,
            autoridade=cast.bruno,
            parecerista=cast.bruno,
            decidida_em=NOW,
        )


def test_a_decision_has_a_class_a_reason_and_a_norm(cast: Cast, under_analysis: Opened) -> None:
    party = under_analysis().atendimento.reclamados.get()

    with pytest.raises(ContentRefused, match="Escolha a classificação"):
        decide(reclamado=party, valor="", motivo="Fim.", base_legal=NORM, by=cast.edu, at=NOW)
    with pytest.raises(ContentRefused, match=r"Diga a base legal\. Escreva o motivo|Escreva o motivo\. Diga a base"):
        decide(reclamado=party, valor="encerrada", motivo="", base_legal=" ", by=cast.edu, at=NOW)
    with pytest.raises(ActNotAllowed, match="o ato cabe a Autoridade"):
        decide(reclamado=party, valor="encerrada", motivo="Fim.", base_legal=NORM, by=cast.dora, at=NOW)


def test_the_last_decision_decides_and_both_sides_are_told(cast: Cast, under_analysis: Opened) -> None:
    opened = under_analysis(cast.loja, cast.banco)
    shop, bank = opened.atendimento.reclamados.order_by("pk")
    call = {"motivo": "Provado.", "base_legal": NORM, "by": cast.edu, "at": NOW}

    decide(reclamado=shop, valor="fundamentada_nao_atendida", a_fiscalizacao=True, **call)
    assert status(opened) == "em_analise"
    with pytest.raises(ActNotAllowed, match="já foi classificado"):
        decide(reclamado=shop, valor="encerrada", **call)
    with pytest.raises(ActNotAllowed, match="Já há decisão sobre um dos fornecedores"):
        return_opinion(reclamacao=opened, motivo="Falta.", by=cast.edu, at=NOW)
    with pytest.raises(ActNotAllowed, match="o desfecho do caso segue dela"):
        close_case(atendimento=opened.atendimento, desfecho="acordo", by=cast.bruno, at=NOW)
    decide(reclamado=bank, valor="nao_fundamentada", **call)

    assert status(opened) == "decidida"
    kinds = list(Documento.objects.values_list("tipo", flat=True))
    assert (kinds.count("decisao"), kinds.count("memorando")) == (2, 1)
    assert sorted(Mensagem.objects.filter(tipo="decisao").values_list("endereco", flat=True)) == [
        "",
        "ana@example.org",
        "ana@example.org",
        "loja@example.org",
    ]


def test_notice_of_the_decision_starts_the_term_of_appeal_once(cast: Cast, under_analysis: Opened) -> None:
    party = under_analysis().atendimento.reclamados.get()
    made = decide(reclamado=party, valor="nao_fundamentada", motivo="Não.", base_legal=NORM, by=cast.edu, at=NOW)

    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        serve_decision(classificacao=made, on=NOW.date(), by=cast.edu, at=NOW)
    with pytest.raises(ContentRefused, match="A intimação fica entre"):
        serve_decision(classificacao=made, on=date(2026, 3, 5), by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="A intimação da decisão ainda não foi registrada"):
        lodge_appeal(classificacao=made, de_quem="consumidor", on=NOW.date(), texto="Não.", by=cast.bruno, at=NOW)
    served = serve_decision(classificacao=made, on=NOW.date(), by=cast.bruno, at=NOW)
    assert served.prazo
    assert served.prazo.vence_em == date(2026, 3, 16)
    with pytest.raises(ActNotAllowed, match="já foi registrada"):
        serve_decision(classificacao=made, on=NOW.date(), by=cast.bruno, at=NOW)


def test_a_decision_goes_to_the_supplier_s_contacts_for_notices(cast: Cast, under_analysis: Opened) -> None:
    for name, email in (("Jurídico", "juridico@loja.example"), ("Diretoria", "diretoria@loja.example")):
        cast.loja.contatos_de_aviso.create(nome=name, email=email, recebe_cip=True)
    decide(
        reclamado=under_analysis().atendimento.reclamados.get(),
        valor="nao_fundamentada",
        motivo="Sem prova.",
        base_legal=NORM,
        by=cast.edu,
        at=NOW,
    )

    assert sorted(Mensagem.objects.filter(tipo="decisao").values_list("endereco", flat=True)) == sorted(
        [cast.ana.email, "juridico@loja.example", "diretoria@loja.example"]
    )


def test_no_archive_before_the_decision_is_final(cast: Cast, under_analysis: Opened, decided: Decided) -> None:
    with pytest.raises(ActNotAllowed, match="ainda não foi decidida"):
        archive(reclamacao=under_analysis(), by=cast.bruno, at=NOW)
    (made,) = decided(cast.banco)
    opened = Reclamacao.objects.get(atendimento__reclamados=made.reclamado)
    with pytest.raises(ActNotAllowed, match=r"sobre Banco Exemplo S\.A\. ainda não é definitiva"):
        archive(reclamacao=opened, by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        archive(reclamacao=opened, by=cast.edu, at=NOW)


OUTCOMES = [
    ({"fundamentada_atendida"}, "fundamentada_atendida"),
    ({"fundamentada_nao_atendida"}, "fundamentada_nao_atendida"),
    ({"nao_fundamentada"}, "nao_fundamentada"),
    ({"encerrada"}, "sem_resolucao"),
    ({"consulta_fornecida"}, "orientado"),
    ({"fundamentada_atendida", "fundamentada_nao_atendida"}, "fundamentada_nao_atendida"),
    ({"fundamentada_atendida", "nao_fundamentada"}, "fundamentada_atendida"),
    ({"nao_fundamentada", "encerrada"}, "nao_fundamentada"),
    ({"encerrada", "consulta_fornecida"}, "sem_resolucao"),
]


@pytest.mark.parametrize(("classes", "desfecho"), OUTCOMES)
def test_the_desfecho_is_that_of_the_weightiest_class(classes: set[str], desfecho: str) -> None:
    assert outcome_of(classes) == desfecho


def test_without_a_class_there_is_no_desfecho() -> None:
    with pytest.raises(ValueError, match="at least one class"):
        outcome_of([])


def test_from_an_unsolved_cip_to_the_archive(
    cast: Cast, ap: Callable[..., Atendimento], running_cip: Callable[[Reclamado], CIP], letters_in_tmp: None
) -> None:
    case = ap()
    party = case.reclamados.get()
    answer_cip(cip=running_cip(party), resposta="Não.", by=cast.bruno, at=NOW)
    case.refresh_from_db()
    opened = open_reclamacao(atendimento=case, by=cast.bruno, at=NOW, motivo="Recusou.")
    turn = notify_reclamado(reclamado=party, meio="ar", by=cast.bruno, at=NOW)
    receive_notice(defesa=turn, on=NOW.date(), by=cast.bruno, at=NOW)
    receive_defence(defesa=turn, texto="Não devemos.", by=cast.bruno, at=NOW)
    write_opinion(
        reclamacao=opened,
        analise="Provado.",
        base_legal=NORM,
        propostas=proposals(opened, "fundamentada_nao_atendida"),
        by=cast.bruno,
        at=NOW,
    )
    made = decide(
        reclamado=party, valor="fundamentada_nao_atendida", motivo="Provado.", base_legal=NORM, by=cast.edu, at=NOW
    )
    serve_decision(classificacao=made, on=NOW.date(), by=cast.bruno, at=NOW)
    monday = date(2026, 3, 16)
    assert finalize_due(today=monday, at=AFTER_APPEAL) == 0
    assert finalize_due(today=monday + timedelta(days=1), at=AFTER_APPEAL) == 1
    assert finalize_due(today=monday + timedelta(days=1), at=AFTER_APPEAL) == 0

    archive(reclamacao=opened, by=cast.bruno, at=AFTER_APPEAL)

    case.refresh_from_db()
    made.refresh_from_db()
    assert (case.status, case.desfecho, status(opened)) == ("encerrado", "fundamentada_nao_atendida", "arquivada")
    assert made.transitada_em == date(2026, 3, 17)
    assert sorted(Documento.objects.values_list("tipo", flat=True)) == [
        "carta_de_abertura",
        "cip",
        "decisao",
        "ficha_de_baixa",
        "manifestacao_tecnica",
    ]


def test_two_suppliers_one_revel_to_the_archive(cast: Cast, notified: Callable[..., list[Defesa]]) -> None:
    shop, bank = notified(cast.loja, cast.banco)
    receive_defence(defesa=shop, texto="Devolvemos.", by=cast.bruno, at=NOW)
    later = NOW + timedelta(days=22)
    lapse_due_defences(today=later.date(), at=later)
    opened = Reclamacao.objects.get()
    write_opinion(
        reclamacao=opened, analise="Visto.", base_legal=NORM, propostas=proposals(opened), by=cast.bruno, at=later
    )
    for turn, valor in ((shop, "fundamentada_atendida"), (bank, "fundamentada_nao_atendida")):
        made = decide(reclamado=turn.reclamado, valor=valor, motivo="Provado.", base_legal=NORM, by=cast.edu, at=later)
        serve_decision(classificacao=made, on=later.date(), by=cast.bruno, at=later)
    end = later + timedelta(days=14)
    assert finalize_due(today=end.date(), at=end) == 2

    case = archive(reclamacao=opened, by=cast.bruno, at=end)

    assert case.desfecho == "fundamentada_nao_atendida"


def test_a_decided_reclamacao_is_reopened_for_another_decision(cast: Cast, decided: Decided, frida: User) -> None:
    (made,) = decided()
    finalize_due(today=AFTER_APPEAL.date(), at=AFTER_APPEAL)
    opened = Reclamacao.objects.get()
    case = archive(reclamacao=opened, by=cast.bruno, at=AFTER_APPEAL)

    reopen_case(atendimento=case, by=cast.dora, at=AFTER_APPEAL, motivo="Prova nova do fornecedor.")

    made.refresh_from_db()
    assert (status(opened), made.substituida_em) == ("em_analise", AFTER_APPEAL)
    assert not Classificacao.objects.current().exists()
    write_opinion(
        reclamacao=opened,
        analise="Com a prova nova.",
        base_legal=NORM,
        propostas=proposals(opened),
        by=cast.bruno,
        at=AFTER_APPEAL,
    )
    decide(
        reclamado=made.reclamado,
        valor="fundamentada_atendida",
        motivo="Provou.",
        base_legal=NORM,
        by=frida,
        at=AFTER_APPEAL,
    )
    assert (status(opened), Classificacao.objects.count()) == ("decidida", 2)
