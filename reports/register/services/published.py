"""What was published: a year's versions, and what the public may still read of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from parties.identifiers import normalise_name, strip_marks
from parties.models import Fusao
from reports.models import Cadastro, ItemDoCadastro, LinhaDoCadastro
from reports.queries import LinhaQuerySet
from reports.register.rules import Change, Entry, Line, Problem, digest, problems_of
from workflow.errors import Refusal

#: The Consumer Code is of September 1990.
FIRST_YEAR = 1990


class NotPublished(Refusal):
    """There is no register of this year to be read by the public (HTTP 404)."""

    status_code = 404


def read_year(text: str, *, today: date) -> int:
    """The year that somebody asked for. Raises NotPublished for what is no year, or has not begun."""
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    if not FIRST_YEAR <= year <= today.year:
        raise NotPublished(
            f"Não há cadastro de «{text[:20]}»: é preciso um ano entre {FIRST_YEAR} e {today.year}, "
            "com quatro algarismos, como em 2023."
        )
    return year


def published_years(*, today: date) -> list[Cadastro]:
    """The version in force of each year that the public may still read, newest year first."""
    alive = ItemDoCadastro.objects.filter(publico_ate__gte=today).values("linha__cadastro")
    return list(Cadastro.objects.filter(substituida_por__isnull=True, pk__in=alive).order_by("-ano"))


def latest(ano: int) -> Cadastro | None:
    """The version in force of this year's register."""
    rows = Cadastro.objects.select_related("substitui", "publicado_por", "prazo__regra")
    return rows.filter(ano=ano).order_by("-versao").first()


def public(ano: int, *, today: date) -> Cadastro:
    """The version that the public reads. Raises NotPublished where there is none, or its five years are over."""
    found = latest(ano)
    if found is None:
        raise NotPublished(f"O cadastro de {ano} não foi publicado. Veja em /publico/cadastro/ os anos que há.")
    if not is_public(found, today=today):
        raise NotPublished(
            f"O cadastro de {ano} já saiu do público: nada fica nele mais de cinco anos depois da intimação da decisão "
            "(Decreto 2.181/1997, art. 59, § 3º; CDC, art. 43, § 1º)."
        )
    return found


def _lines(cadastro: Cadastro) -> LinhaQuerySet:
    return LinhaDoCadastro.objects.filter(cadastro=cadastro)


def shown_lines(cadastro: Cadastro, *, today: date, text: str = "") -> QuerySet[LinhaDoCadastro]:
    """The suppliers that the public may read today, narrowed to those whose names or CNPJ hold the text."""
    rows = _lines(cadastro).shown(today=today)
    if not text.strip():
        return rows
    wanted = Q(busca__contains=normalise_name(text) or "–")
    number = strip_marks(text).upper()
    if number.isascii() and number.isalnum() and any(sign.isdigit() for sign in number):
        wanted |= Q(cnpj__contains=number)
    return rows.filter(wanted)


def is_public(cadastro: Cadastro, *, today: date) -> bool:
    """Whether anything of it may still be read by the public."""
    return ItemDoCadastro.objects.filter(linha__cadastro=cadastro, publico_ate__gte=today).exists()


def sortable(cadastro: Cadastro, *, today: date, text: str = "") -> QuerySet[LinhaDoCadastro]:
    """The same, with what the public may sort by; most first stands as fewest first of its negative."""
    rows = shown_lines(cadastro, today=today, text=text)
    return rows.annotate(menos_total=0 - F("total"), menos_nao_atendidas=0 - F("nao_atendidas"))


def totals(cadastro: Cadastro, *, today: date) -> dict[str, int]:
    """Suppliers, complaints met, not met, in all, as far as the public may read them today."""
    rows = ItemDoCadastro.objects.filter(linha__cadastro=cadastro, publico_ate__gte=today)
    return rows.aggregate(
        fornecedores=Count("linha", distinct=True),
        atendidas=Count("pk", filter=Q(atendida=True)),
        nao_atendidas=Count("pk", filter=Q(atendida=False)),
        total=Count("pk"),
    )


def public_changes(cadastro: Cadastro, *, today: date) -> list[dict[str, Any]]:
    """What this version changed about suppliers that the public may still read in it; whom it took out is not named."""
    shown = set(shown_lines(cadastro, today=today).values_list("fornecedor", flat=True))
    return [change for change in cadastro.mudancas if change["fornecedor"] in shown]


def why(change: Change, cadastro: Cadastro) -> str:
    """The reason of a change since this version where it is a merge of suppliers or its undoing; else nothing."""
    concerned = Q(sobrevivente=change.fornecedor) | Q(itens__fornecedor=change.fornecedor)
    merges = Fusao.objects.filter(concerned).distinct()
    since = cadastro.publicado_em
    if undone := merges.filter(desfeita_em__gt=since).order_by("-desfeita_em").first():
        return f"Fusão desfeita em {timezone.localtime(undone.desfeita_em):%d/%m/%Y}: {undone.motivo_de_desfazer}"
    if merge := merges.filter(feita_em__gt=since).select_related("sobrevivente").order_by("-feita_em").first():
        made = timezone.localtime(merge.feita_em)
        return f"Fundido em {merge.sobrevivente.razao_social}, em {made:%d/%m/%Y}: {merge.motivo}"
    return ""


def problems_by_line(lines: Iterable[LinhaDoCadastro], *, today: date) -> dict[int, list[Problem]]:
    """What each of these suppliers was complained of, as far as it may be read today; in one query."""
    found: dict[int, list[tuple[str, str, str]]] = {line.pk: [] for line in lines}
    rows = ItemDoCadastro.objects.filter(linha__in=found, publico_ate__gte=today)
    for line, area, assunto, problema in rows.values_list("linha", "area", "assunto", "problema"):
        found[line].append((area, assunto, problema))
    return {line: problems_of(words) for line, words in found.items()}


def frozen_lines(cadastro: Cadastro) -> list[Line]:
    """A version as it was published, whole, whatever the public may still read of it."""
    found = {
        row.pk: Line(row.fornecedor_id, row.razao_social, row.cnpj, row.nome_fantasia, row.pessoa_fisica)
        for row in cadastro.linhas.order_by("ordem")
    }
    for item in ItemDoCadastro.objects.filter(linha__cadastro=cadastro).order_by("classificacao"):
        found[item.linha_id].entradas.append(
            Entry(
                item.classificacao_id,
                item.atendida,
                item.area,
                item.assunto,
                item.problema,
                item.conta_de,
                item.publico_ate,
            )
        )
    return list(found.values())


def head_of(cadastro: Cadastro) -> list[Any]:
    """What is hashed of a version beside its lines."""
    moment: datetime = cadastro.publicado_em
    return [
        cadastro.ano,
        cadastro.versao,
        cadastro.substitui.resumo if cadastro.substitui else "",
        cadastro.motivo,
        cadastro.mudancas,
        cadastro.diario_numero,
        cadastro.diario_data.isoformat(),
        cadastro.diario_pagina,
        f"{moment.timestamp():.6f}",
        cadastro.publicado_por_id,
    ]


def digest_of(cadastro: Cadastro, lines: Iterable[Line]) -> str:
    """The hash of a version with these lines."""
    return digest(head_of(cadastro), [line.resumo() for line in lines])
