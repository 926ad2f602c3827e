"""A small history made by hand, of which every number of the balance is known."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from cases.models import (
    CIP,
    Assunto,
    Atendimento,
    Classificacao,
    Orgao,
    Problema,
    Reclamacao,
    Reclamado,
    RegistroNacional,
)
from hearings.models import Audiencia, Sala
from parties.models import Fornecedor
from tests.conftest import SAO_PAULO, Cast
from workflow.services import open_history

_numbers = count(1)


def at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A local moment."""
    return datetime(year, month, day, hour, minute, tzinfo=SAO_PAULO)


def case(cast: Cast, when: datetime, tipo: str = "atendimento_preliminar", **fields: Any) -> Atendimento:
    """A case opened at a moment; with `desfecho` it is closed at the same moment."""
    unidade = fields.pop("unidade", cast.unidade)
    closed = bool(fields.get("desfecho"))
    return Atendimento.objects.create(
        protocolo=f"{unidade.codigo}.{when.year % 100:02d}-{next(_numbers):07d}",
        unidade=unidade,
        tipo=tipo,
        canal=fields.pop("canal", "pessoal"),
        status="encerrado" if closed else "aberto",
        encerrado_em=when if closed else None,
        consumidor=cast.ana,
        aberto_em=when,
        atendente=cast.bruno,
        historico=open_history(),
        **fields,
    )


def letter(reclamado: Reclamado, when: datetime, resultado: str = "") -> CIP:
    """A CIP issued at a moment; with a resultado it is closed."""
    return CIP.objects.create(
        reclamado=reclamado,
        emitida_em=when,
        status="baixada" if resultado else "emitida",
        resultado=resultado,
        baixada_em=when if resultado else None,
    )


def hearing(cast: Cast, atendimento: Atendimento, when: datetime, status: str, resultado: str = "") -> Audiencia:
    """A hearing dated at a moment."""
    sala, _ = Sala.objects.get_or_create(unidade=atendimento.unidade, nome="Sala 1")
    return Audiencia.objects.create(
        atendimento=atendimento,
        sala=sala,
        conciliador=cast.carla,
        inicio=when,
        fim=when + timedelta(minutes=30),
        status=status,
        resultado=resultado,
        agendada_em=when,
    )


def record(
    fornecedor: Fornecedor | None, nome: str, ano: int, *, atendida: bool, filed: datetime | None = None
) -> None:
    """A record of the national register."""
    assunto, _ = Assunto.objects.get_or_create(codigo=187, defaults={"area": "Serviços", "descricao": "Telefonia"})
    RegistroNacional.objects.create(
        impressao=hashlib.md5(str(next(_numbers)).encode()).digest(),
        ano_calendario=ano,
        arquivado_em=filed,
        uf="SP",
        fornecedor=fornecedor,
        razao_social=nome,
        nome_fantasia="",
        tipo=1 if fornecedor else 0,
        cnpj=fornecedor.cnpj if fornecedor else "",
        radical=(fornecedor.radical or "") if fornecedor else "",
        atendida=atendida,
        assunto=assunto,
        sexo="F",
        faixa_etaria="",
        cep="",
        original={},
    )


def classify(cast: Cast, reclamado: Reclamado, valor: str, when: datetime) -> None:
    """The decision about one reclamado."""
    Classificacao.objects.create(
        reclamado=reclamado,
        valor=valor,
        motivo="Motivo",
        base_legal="CDC art. 18",
        autoridade=cast.edu,
        decidida_em=when,
    )


@pytest.fixture
def history(cast: Cast) -> Cast:
    """2023 here: 9 atendimentos (4 APs), 3 CIPs, 5 hearings (2 held), 1 reclamação; 1 atendimento elsewhere."""
    bacen = Orgao.objects.create(sigla="XBACEN", nome="Banco Central")
    anatel = Orgao.objects.create(sigla="XANATEL", nome="Agência de telecomunicações")
    Problema.objects.get_or_create(descricao="Cobrança indevida/abusiva")
    filial = Fornecedor.objects.create(razao_social="Banco Exemplo SA Filial", cnpj="00000000000272")
    bare = Fornecedor.objects.create(razao_social="Barraca do Zé", a_completar=True)

    solved = case(cast, at(2023, 1, 2), desfecho="resolvido_no_atendimento")
    by_letter = case(cast, at(2023, 3, 1), desfecho="resolvido_cip", canal="portal")
    running = case(cast, at(2023, 3, 31, 23, 59))
    unsolved = case(cast, at(2023, 12, 31, 23, 30), desfecho="sem_resolucao", canal="telefone")
    case(cast, at(2023, 4, 1, 0, 0), "nota_fiscal_paulista", desfecho="orientado", nfp_desbloqueada=True)
    case(cast, at(2023, 4, 2), "encaminhamento", desfecho="encaminhado", orgao=bacen)
    case(cast, at(2023, 4, 3), "encaminhamento", desfecho="encaminhado", orgao=bacen)
    case(cast, at(2023, 4, 4), "encaminhamento", desfecho="encaminhado", orgao=anatel)
    case(cast, at(2023, 5, 4), "consulta_de_caso", desfecho="orientado", refere_a=solved)
    case(cast, at(2022, 12, 31, 23, 30), desfecho="resolvido_no_atendimento")
    case(cast, at(2024, 1, 1, 0, 0), desfecho="resolvido_no_atendimento")
    case(cast, at(2023, 6, 1), "simples_consulta", desfecho="orientado", unidade=cast.outra)

    def against(atendimento: Atendimento, fornecedor: Fornecedor) -> Reclamado:
        return Reclamado.objects.create(atendimento=atendimento, fornecedor=fornecedor)

    against(solved, cast.banco)
    first, second = against(by_letter, cast.banco), against(by_letter, filial)
    third, fourth = against(running, cast.loja), against(unsolved, bare)
    letter(first, at(2023, 3, 2), "resolucao_total")
    letter(second, at(2023, 3, 2), "acordo")
    letter(third, at(2023, 4, 1))
    letter(fourth, at(2024, 1, 1), "decurso")

    hearing(cast, running, at(2023, 5, 2), "redesignada")
    hearing(cast, running, at(2023, 5, 9), "realizada", "acordo_parcial")
    hearing(cast, unsolved, at(2023, 12, 29), "realizada", "sem_acordo")
    hearing(cast, by_letter, at(2023, 5, 3), "nao_realizada", "ausente_fornecedor")
    hearing(cast, by_letter, at(2023, 5, 10), "cancelada")
    hearing(cast, unsolved, at(2024, 1, 2), "realizada", "acordo")

    Reclamacao.objects.create(atendimento=unsolved, instaurada_em=at(2023, 12, 31, 23, 45))
    classify(cast, fourth, "fundamentada_nao_atendida", at(2023, 12, 31, 23, 50))
    return cast


DAY = date(2026, 3, 4)
