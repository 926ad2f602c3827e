"""Registering each tipo: what it asks for, how it begins, and what is refused."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from cases.models import Assunto, Atendimento, Orgao, Problema, ProblemaDoAssunto, Reclamacao, Sequencia
from cases.services import register
from cases.tipos import RULES
from tests.conftest import NOW, SAO_PAULO, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento


@pytest.fixture
def subject(db: None) -> Assunto:
    assunto = Assunto.objects.create(codigo=187, area="Serviços Essenciais", descricao="Telefonia Celular")
    problema = Problema.objects.create(descricao="Cobrança indevida/abusiva")
    ProblemaDoAssunto.objects.create(assunto=assunto, problema=problema, codigo_sindec=3746)
    return assunto


def _register(cast: Cast, tipo: str, **content: Any) -> Atendimento:
    values = {"by": cast.bruno, "at": NOW, "unidade": cast.unidade, "canal": "pessoal"} | content
    return register(tipo=tipo, **values)


def _complete(cast: Cast, subject: Assunto, tipo: str) -> dict[str, Any]:
    """Content that satisfies every tipo, but for suppliers where none are allowed."""
    content: dict[str, Any] = {
        "consumidor": cast.ana,
        "assunto": subject,
        "problema": Problema.objects.get(),
        "relato": "Cobraram duas vezes.",
        "pedido": "Devolução.",
        "valor": Decimal("199.90"),
        "data_compra": date(2026, 1, 15),
        "orgao": Orgao.objects.create(sigla="ANATEL-T", nome="Agência"),
        "nfp_desbloqueada": True,
        "refere_a": _register(cast, "simples_consulta"),
    }
    if RULES[tipo].max_suppliers is None:
        content["fornecedores"] = [cast.loja, cast.banco]
    return content


STARTS = [
    ("simples_consulta", "encerrado", "orientado"),
    ("atendimento_preliminar", "aberto", ""),
    ("extra_procon", "encerrado", "orientado"),
    ("calculo", "aberto", ""),
    ("abertura_direta", "em_reclamacao", ""),
    ("de_oficio", "em_reclamacao", ""),
    ("encaminhamento", "encerrado", "encaminhado"),
    ("inicial_jec", "encerrado", "encaminhado"),
    ("nota_fiscal_paulista", "encerrado", "resolvido_no_atendimento"),
    ("consulta_de_caso", "encerrado", "orientado"),
]


@pytest.mark.parametrize(("tipo", "status", "desfecho"), STARTS)
def test_every_tipo_can_be_registered(cast: Cast, subject: Assunto, tipo: str, status: str, desfecho: str) -> None:
    case = _register(cast, tipo, **_complete(cast, subject, tipo))

    case.refresh_from_db()
    assert (case.status, case.desfecho, case.protocolo) == (status, desfecho, "35.001.001.26-0000002")
    assert case.encerrado_em == (NOW if status == "encerrado" else None)
    assert list(Evento.objects.filter(historico=case.historico).values_list("ato", "para")) == [
        ("REGISTRAR", status),
        *([("INSTAURAR_RECLAMACAO", "instaurada")] if status == "em_reclamacao" else []),
    ]
    assert Reclamacao.objects.filter(atendimento=case).exists() == (status == "em_reclamacao")
    assert set(RULES) == {row[0] for row in STARTS}


REFUSED = [
    ("extra_procon", {"fornecedores": "loja"}, "fornecedores", "«Extra Procon» não tem fornecedor"),
    ("nota_fiscal_paulista", {"fornecedores": "loja"}, "fornecedores", "não tem fornecedor"),
    ("atendimento_preliminar", {"fornecedores": ""}, "fornecedores", "ao menos um fornecedor"),
    ("de_oficio", {"fornecedores": ""}, "fornecedores", "ao menos um fornecedor"),
    ("atendimento_preliminar", {"consumidor": None}, "consumidor", "Informe o consumidor"),
    ("nota_fiscal_paulista", {"consumidor": None}, "consumidor", "Informe o consumidor"),
    ("atendimento_preliminar", {"assunto": None, "problema": None}, "assunto", "Escolha o assunto"),
    ("abertura_direta", {"relato": "  "}, "relato", "Escreva o relato"),
    ("encaminhamento", {"orgao": None}, "orgao", "Escolha o órgão"),
    ("consulta_de_caso", {"refere_a": None}, "refere_a", "protocolo do caso consultado"),
    ("nota_fiscal_paulista", {"nfp_desbloqueada": None}, "nfp_desbloqueada", "senha foi desbloqueada"),
    ("simples_consulta", {"data_compra": date(2026, 3, 5)}, "data_compra", "está no futuro"),
    ("simples_consulta", {"valor": Decimal("-1")}, "valor", "entre zero"),
    ("simples_consulta", {"assunto": None}, "problema", "Escolha antes o assunto"),
    ("simples_consulta", {"canal": "pombo"}, "canal", "Escolha um canal"),
]


@pytest.mark.parametrize(("tipo", "change", "field", "why"), REFUSED)
def test_what_breaks_the_rule_of_the_tipo_is_refused_whole(
    cast: Cast, subject: Assunto, tipo: str, change: dict[str, Any], field: str, why: str
) -> None:
    content = _complete(cast, subject, tipo) | change
    if "fornecedores" in change:
        content["fornecedores"] = [cast.loja] if change["fornecedores"] else []
    before = Atendimento.objects.count()

    with pytest.raises(ContentRefused) as refusal:
        _register(cast, tipo, **content)

    assert set(refusal.value.errors) == {field}
    assert why in refusal.value.errors[field]
    assert Atendimento.objects.count() == before


def test_an_unknown_tipo_is_refused(cast: Cast) -> None:
    with pytest.raises(ContentRefused, match="não é um tipo de atendimento"):
        _register(cast, "sermao")


def test_a_problem_of_another_assunto_is_refused(cast: Cast, subject: Assunto) -> None:
    other = Problema.objects.create(descricao="Produto com vício")

    with pytest.raises(ContentRefused, match="não existe neste assunto"):
        _register(cast, "simples_consulta", assunto=subject, problema=other)


def test_only_the_counter_registers(cast: Cast) -> None:
    with pytest.raises(ActNotAllowed, match="registrar atendimento"):
        _register(cast, "simples_consulta", by=cast.carla)


def test_the_same_supplier_twice_is_one_reclamado(cast: Cast, subject: Assunto) -> None:
    content = _complete(cast, subject, "atendimento_preliminar") | {"fornecedores": [cast.loja, cast.loja]}

    case = _register(cast, "atendimento_preliminar", **content)

    assert [str(item.fornecedor) for item in case.reclamados.all()] == ["Loja Modelo Ltda"]


def test_the_year_of_the_number_is_the_offices_local_year(cast: Cast) -> None:
    eve = datetime(2026, 12, 31, 23, 30, tzinfo=SAO_PAULO)

    assert _register(cast, "simples_consulta", at=eve).protocolo == "35.001.001.26-0000001"
    assert Sequencia.objects.get().ano == 2026


def test_priority_follows_age_and_grounds(cast: Cast) -> None:
    cast.ana.nascimento = date(1940, 1, 1)
    assert _register(cast, "simples_consulta", consumidor=cast.ana).prioridade == 0
    cast.ana.nascimento = date(1990, 1, 1)
    assert _register(cast, "simples_consulta", consumidor=cast.ana).prioridade == 3
    cast.ana.prioridades = ["gestante"]
    assert _register(cast, "simples_consulta", consumidor=cast.ana).prioridade == 1
