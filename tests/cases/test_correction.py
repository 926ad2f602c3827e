"""Correcting a case: who, on which day, with which reason; what the law asks is asked again; nobody overwrites."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cases.models import Anonimizacao, Atendimento, Compra, Reclamado, Representante
from cases.services import add_reclamado, correct_case, issue_cip, issue_espelho, record_contact, register
from cases.services import remove_reclamado as take_out
from cases.services.correction import ChangedMeanwhile, current_values, marks_of
from cases.services.timeline import timeline
from documents.models import Documento
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

#: Thursday.
NEXT_DAY = NOW + timedelta(days=1)
REP = {"rep_qualidade": "procurador", "rep_nome": "Rui Procurador", "rep_documentos": ["identidade", "procuracao"]}


def _correct(case: Atendimento, cast: Cast, **told: Any) -> Evento | None:
    return correct_case(atendimento=case, told=told, by=cast.bruno, at=NOW)


def test_the_clerk_corrects_on_the_first_day_and_the_history_names_the_fields(
    cast: Cast, ap: Callable[..., Atendimento]
) -> None:
    case = ap()
    event = _correct(case, cast, relato="Cobraram três vezes.", valor=Decimal("99.90"), pedido="Devolução em dobro.")
    case.refresh_from_db()
    assert (case.relato, case.valor, case.pedido) == ("Cobraram três vezes.", Decimal("99.90"), "Devolução em dobro.")
    assert event is not None
    assert (event.ato, event.dados) == ("CORRIGIR_ATENDIMENTO", {"campos": ["relato", "valor"]})


def test_what_stood_before_is_in_the_time_line(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    case = ap()
    _correct(case, cast, relato="Cobraram três vezes.")
    lines, _ = timeline(case, limit=9)
    changes = [(c.campo, c.antes, c.depois) for line in lines for c in line.mudancas]
    assert changes == [("Relato", "Cobraram duas vezes.", "Cobraram três vezes.")]


def test_the_purchase_and_the_representative_are_corrected_too(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    case = ap()
    _correct(case, cast, contrato="A-1", natureza="produto_duravel", **REP)
    event = _correct(case, cast, contrato="A-2", rep_telefone="(11) 91234-5678")
    bought, acting = Compra.objects.get(), Representante.objects.get()
    assert (bought.contrato, bought.natureza) == ("A-2", "produto_duravel")
    assert (acting.nome, acting.telefone) == ("Rui Procurador", "+5511912345678")
    assert event is not None
    assert event.dados["campos"] == ["contrato", "rep_telefone"]


def test_a_representative_written_by_mistake_goes(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    case = ap()
    _correct(case, cast, **REP)
    _correct(case, cast, rep_qualidade="", rep_nome="", rep_documentos=[])
    assert not Representante.objects.exists()


def test_nothing_changed_writes_nothing(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    case = ap()
    assert _correct(case, cast, **{**current_values(case), "relato": "Cobraram duas vezes.\r\n"}) is None


def test_issued_letters_stay_as_they_were(cast: Cast, ap: Callable[..., Atendimento], letters_in_tmp: None) -> None:
    case = ap()
    letter = issue_espelho(atendimento=case, by=cast.bruno, at=NOW)
    before = (letter.sha256, letter.dados)
    _correct(case, cast, relato="Outra coisa.")
    again = Documento.objects.get(pk=letter.pk)
    assert (again.sha256, again.dados) == before


def test_a_closed_case_may_be_corrected(cast: Cast) -> None:
    case = register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal")
    _correct(case, cast, orientacao="Procure o fornecedor.", canal="telefone")
    case.refresh_from_db()
    assert (case.orientacao, case.canal, case.status) == ("Procure o fornecedor.", "telefone", "encerrado")


def test_the_clerk_is_refused_on_the_next_day(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    with pytest.raises(ActNotAllowed, match="no dia do registro"):
        correct_case(atendimento=ap(), told={"relato": "x"}, by=cast.bruno, at=NEXT_DAY, motivo="Erro.")


def test_the_coordenador_gives_a_reason_on_the_next_day(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    case = ap()
    with pytest.raises(ContentRefused) as refused:
        correct_case(atendimento=case, told={"relato": "x"}, by=cast.dora, at=NEXT_DAY)
    assert refused.value.errors == {"motivo": "Escreva o motivo da correção."}
    event = correct_case(atendimento=case, told={"relato": "x"}, by=cast.dora, at=NEXT_DAY, motivo="Erro.")
    assert event is not None
    assert event.motivo == "Erro."


def test_nobody_from_elsewhere_corrects(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    with pytest.raises(ActNotAllowed):
        correct_case(atendimento=ap(), told={"relato": "x"}, by=cast.eva, at=NOW)


def test_an_anonymised_case_is_not_filled_again(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    case = ap()
    Anonimizacao.objects.create(consumidor=cast.ana, feita_em=NOW, feita_por=cast.dora)
    with pytest.raises(ActNotAllowed, match="anonimizado"):
        _correct(case, cast, relato="Ana Souza")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"canal": "pombo"}, "canal"),
    ({"relato": "  "}, "relato"),
    ({"assunto": None}, "assunto"),
    ({"data_compra": date(2026, 3, 5)}, "data_compra"),  # tomorrow, a Thursday
    ({"valor": Decimal(-1)}, "valor"),
    ({"natureza": "gas"}, "natureza"),
    ({"data_compra": date(2026, 2, 2), "data_entrega": date(2026, 2, 1)}, "data_entrega"),
    ({"oculto": True}, "data_defeito"),
    ({"rep_nome": "Rui", "rep_qualidade": "procurador"}, "rep_documentos"),
    ({**REP, "rep_cpf": "11144477736"}, "rep_cpf"),
]


@pytest.mark.parametrize(("told", "field"), REFUSED, ids=[f"{field}-{n}" for n, (_, field) in enumerate(REFUSED)])
def test_the_law_of_registration_is_asked_again(
    cast: Cast, ap: Callable[..., Atendimento], told: dict[str, Any], field: str
) -> None:
    with pytest.raises(ContentRefused) as refused:
        _correct(ap(), cast, **told)
    assert set(refused.value.errors) == {field}


def test_an_encaminhamento_keeps_a_body(cast: Cast) -> None:
    from cases.models import Orgao

    body = Orgao.objects.create(sigla="ANATEL-T", nome="Agência")
    case = register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="encaminhamento", canal="pessoal", orgao=body)
    with pytest.raises(ContentRefused) as refused:
        _correct(case, cast, orgao=None)
    assert set(refused.value.errors) == {"orgao"}


def test_what_is_wrong_elsewhere_does_not_hinder_a_correction(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    """A purchase dated wrongly by an import does not keep anybody from correcting the account."""
    case = ap()
    Atendimento.objects.filter(pk=case.pk).update(data_compra=date(2027, 1, 1))
    assert _correct(case, cast, relato="Outra coisa.") is not None


def test_what_somebody_else_corrected_meanwhile_is_told(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    case = ap()
    seen = marks_of(current_values(case))
    _correct(case, cast, pedido="Troca.")
    with pytest.raises(ChangedMeanwhile) as refused:
        correct_case(atendimento=case, told={"relato": "x"}, seen=seen, by=cast.dora, at=NOW)
    assert refused.value.errors == {"pedido": "Outra pessoa gravou aqui: «Troca.»."}
    assert Atendimento.objects.get().relato == "Cobraram duas vezes."


def test_a_supplier_is_added_and_another_taken_out(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    case = ap()
    add_reclamado(atendimento=case, fornecedor=cast.banco, by=cast.bruno, at=NOW)
    take_out(reclamado=case.reclamados.get(fornecedor=cast.loja), by=cast.bruno, at=NOW)
    assert [party.fornecedor for party in case.reclamados.all()] == [cast.banco]
    told = Evento.objects.filter(historico=case.historico).order_by("sequencia").values_list("ato", "dados__fornecedor")
    assert list(told)[1:] == [
        ("INCLUIR_RECLAMADO", "Banco Exemplo S.A."),
        ("RETIRAR_RECLAMADO", "Loja Modelo Ltda"),
    ]


def test_a_supplier_is_there_once(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    with pytest.raises(ContentRefused, match="já está neste caso"):
        add_reclamado(atendimento=ap(), fornecedor=cast.loja, by=cast.bruno, at=NOW)


def test_a_tipo_without_supplier_gets_none(cast: Cast) -> None:
    case = register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="extra_procon", canal="pessoal")
    Atendimento.objects.filter(pk=case.pk).update(status="aberto", desfecho="", encerrado_em=None)
    with pytest.raises(ContentRefused, match="não tem fornecedor"):
        add_reclamado(atendimento=case, fornecedor=cast.loja, by=cast.bruno, at=NOW)


def test_a_reclamacao_keeps_its_suppliers(cast: Cast, complaint: Callable[..., Any]) -> None:
    with pytest.raises(ActNotAllowed, match="Em reclamação"):
        add_reclamado(atendimento=complaint().atendimento, fornecedor=cast.banco, by=cast.bruno, at=NOW)


def test_suppliers_follow_the_rule_of_the_first_day(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    with pytest.raises(ActNotAllowed, match="no dia do registro"):
        add_reclamado(atendimento=ap(), fornecedor=cast.banco, by=cast.bruno, at=NEXT_DAY)


def test_the_only_supplier_stays(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    with pytest.raises(ActNotAllowed, match="Inclua antes"):
        take_out(reclamado=ap().reclamados.get(), by=cast.bruno, at=NOW)


def test_a_supplier_with_a_cip_stays(cast: Cast, ap: Callable[..., Atendimento], letters_in_tmp: None) -> None:
    party = ap(cast.loja, cast.banco).reclamados.get(fornecedor=cast.loja)
    issue_cip(reclamado=party, by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="já tem CIP"):
        take_out(reclamado=party, by=cast.bruno, at=NOW)


def test_a_supplier_who_was_called_stays(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    party = ap(cast.loja, cast.banco).reclamados.get(fornecedor=cast.loja)
    record_contact(reclamado=party, resultado="sem_contato", by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="já há contato em seu nome"):
        take_out(reclamado=party, by=cast.bruno, at=NOW)


def test_taking_out_twice_is_told(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    party = ap(cast.loja, cast.banco).reclamados.get(fornecedor=cast.loja)
    stale = Reclamado.objects.select_related("atendimento").get(pk=party.pk)
    take_out(reclamado=party, by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="já foi retirado"):
        take_out(reclamado=stale, by=cast.bruno, at=NOW)
