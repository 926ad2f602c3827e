"""The balance as plain tables: what the page, the text, the CSV, the workbook and the PDF all show. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from cases.models import CIP, Canal, Classificacao, Tipo
from hearings.models import Audiencia
from reports import charts, press
from reports.balance import Balanco


@dataclass(frozen=True, slots=True)
class Section:
    """One table: a slug, a title, the heads of its columns, its rows, and what its reader must know."""

    chave: str
    titulo: str
    colunas: tuple[str, ...]
    linhas: list[tuple[str | int, ...]]
    nota: str = ""


#: How a table is drawn, on the page and on paper; the others are not.
_DRAWN = {
    "aberturas": charts.columns,
    "tipos": charts.bars,
    "canais": charts.bars,
    "cips": charts.bars,
    "audiencias": charts.bars,
    "encaminhamentos": charts.bars,
}


def drawn(section: Section) -> charts.Chart | None:
    """The chart of a table; None where it has none, or nothing to show."""
    draw = _DRAWN.get(section.chave)
    pairs = [(str(row[0]), int(row[1])) for row in section.linhas] if draw else []
    return draw(section.chave, section.titulo, pairs) if draw and any(value for _, value in pairs) else None


def sections(balanco: Balanco) -> list[Section]:
    """Every table of the balance, in the order in which the office reads them."""
    return [
        _summary(balanco),
        *([_comparison(*balanco.comparado)] if balanco.comparado else []),
        Section("aberturas", "Atendimentos no tempo", ("Período", "Atendimentos"), list(balanco.aberturas)),
        _choices("tipos", "Atendimentos por tipo", "Tipo", Tipo, balanco.por_tipo),
        _choices("canais", "Atendimentos por canal", "Canal", Canal, balanco.por_canal),
        _letters(balanco),
        _hearings(balanco),
        Section(
            "encaminhamentos",
            "Encaminhamentos por órgão",
            ("Órgão", "Encaminhamentos"),
            [(balanco.orgaos[sigla], n) for sigla, n in balanco.por_orgao.items()],
        ),
        _complaints(balanco),
        Section(
            "fornecedores",
            "Fornecedores mais reclamados",
            ("Radical do CNPJ", "Fornecedor", "Reclamações"),
            [(row.radical, row.nome, row.total) for row in balanco.fornecedores],
            "Filiais somadas pelo radical do CNPJ, sob a grafia mais usada. Inclui o registro nacional do ano."
            if balanco.periodo.meses
            else "Os fornecedores são contados por mês: peça um período de meses inteiros.",
        ),
        Section(
            "grupos",
            "Grupos mais reclamados",
            ("Grupo econômico ou empresa", "Empresas", "Reclamações"),
            [(row.nome, row.empresas, row.total) for row in balanco.grupos],
            "Empresas do mesmo grupo somadas; quem não está em grupo conta por si, pelo radical do CNPJ.",
        ),
        Section(
            "indices",
            "Índices",
            ("Índice", "Valor", "Numerador", "Denominador", "Fórmula"),
            [(row.nome, row.valor, row.numerador, row.denominador, row.formula) for row in balanco.indices],
            " ".join(f"{row.nome}: {row.nota}" for row in balanco.indices if row.nota),
        ),
    ]


def _summary(balanco: Balanco) -> Section:
    rows: list[tuple[str | int, ...]] = [
        ("Atendimentos", balanco.atendimentos),
        ("Atendimentos preliminares abertos", balanco.aps),
        ("Atendimentos preliminares resolvidos no atendimento", balanco.aps_resolvidos),
        ("CIPs emitidas", balanco.cips),
        ("Audiências agendadas", balanco.audiencias_agendadas),
        ("Audiências realizadas", balanco.audiencias_realizadas),
        ("Reclamações instauradas", balanco.reclamacoes),
        ("Encaminhamentos", balanco.por_tipo[Tipo.ENCAMINHAMENTO]),
        ("Senhas da Nota Fiscal Paulista desbloqueadas", balanco.nfps_desbloqueadas),
        ("Consultas de caso", balanco.por_tipo[Tipo.CONSULTA_DE_CASO]),
    ]
    return Section(
        "resumo",
        "Resumo",
        ("Contador", "Total"),
        rows,
        "Atendimentos contam pela data de abertura, CIPs pela de emissão e audiências pela sua própria data.",
    )


def _comparison(now: Balanco, before: Balanco) -> Section:
    rows: list[tuple[str | int, ...]] = [
        (name, total, earlier, press.change(int(earlier), int(total)))
        for (name, total), (_, earlier) in zip(_summary(now).linhas, _summary(before).linhas, strict=True)
    ]
    heads = ("Contador", now.periodo.rotulo, before.periodo.rotulo, "Mudança")
    return Section("comparacao", "Ao lado do período anterior", heads, rows)


def _choices(
    chave: str, titulo: str, coluna: str, choices: type[models.TextChoices], counts: dict[str, int]
) -> Section:
    rows: list[tuple[str | int, ...]] = [(str(label), counts[value]) for value, label in choices.choices]
    return Section(chave, titulo, (coluna, "Total"), rows)


def _letters(balanco: Balanco) -> Section:
    table = _choices("cips", "CIPs por resultado", "Resultado", CIP.Resultado, balanco.cips_por_resultado)
    return Section(
        table.chave,
        table.titulo,
        table.colunas,
        [*table.linhas, ("Em andamento", balanco.cips_em_andamento)],
        "CIPs emitidas no período, com o resultado que têm hoje.",
    )


def _hearings(balanco: Balanco) -> Section:
    status = balanco.audiencias_por_status
    pending = (Audiencia.Status.AGENDADA, Audiencia.Status.NOTIFICADA, Audiencia.Status.CONFIRMADA)
    rows: list[tuple[str | int, ...]] = [
        *((str(label), balanco.audiencias_por_resultado[value]) for value, label in Audiencia.Resultado.choices),
        ("Redesignada", status[Audiencia.Status.REDESIGNADA]),
        ("Cancelada", status[Audiencia.Status.CANCELADA]),
        ("Por realizar", sum(status[value] for value in pending)),
    ]
    return Section(
        "audiencias",
        "Audiências por resultado",
        ("Resultado", "Audiências"),
        rows,
        "Cada data designada conta uma vez como agendada; a redesignada conta também na nova data.",
    )


def _complaints(balanco: Balanco) -> Section:
    nota = ""
    if balanco.reclamacoes_nacionais:
        nota = (
            f"Das {balanco.reclamacoes} reclamações, {balanco.reclamacoes_nacionais} são do registro nacional "
            "(Senacon/MJSP), que é parcial: a soma não é um total oficial."
        )
    table = _choices(
        "reclamacoes",
        "Reclamações por classificação",
        "Classificação",
        Classificacao.Valor,
        balanco.por_classificacao,
    )
    return Section(table.chave, table.titulo, table.colunas, table.linhas, nota)
