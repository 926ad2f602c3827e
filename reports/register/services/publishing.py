"""Publishing a year's register, once and again: hashed rows that nobody rewrites, with the gazette's reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import connection

from accounts.models import Papel, Unidade, User
from deadlines.models import Prazo
from parties.identifiers import normalise_name
from reports.models import Cadastro, ItemDoCadastro, LinhaDoCadastro
from reports.register.queries.draft import deciders, draft, final_decisions
from reports.register.queries.gaps import blocked
from reports.register.queries.terms import ASKING, Terms
from reports.register.rules import Change, Line, changes
from reports.register.services.published import digest_of, frozen_lines, latest
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole
from workflow.models import Historico

_BATCH = 1000
#: The first half of the key of the advisory lock between those who publish; the year is the second.
PUBLISHING_LOCK = 0x43414441


@dataclass(frozen=True, slots=True)
class Gazette:
    """Where the register was printed: the number, the day and the page of the official gazette."""

    numero: str
    data: date
    pagina: str


@whole
def publish(*, ano: int, diario: Gazette, by: User, at: datetime, today: date, motivo: str = "") -> Cadastro:
    """Freeze the register of a year that is over, or its next version, under the gazette's reference.

    By an auditor of every unidade whose decisions are in it, who decided none of them. Raises ActNotAllowed (papel,
    year not over, somebody who decided, nothing changed since) and ContentRefused (nothing to publish, gaps, gazette).
    """
    _one_at_a_time(ano)
    before = latest(ano)
    may_publish(ano, by=by, today=today)
    lines = draft(ano)
    told = _changes(before, lines, motivo)
    if not lines and before is None:
        raise ContentRefused(f"Nenhuma decisão fundamentada se tornou definitiva em {ano}: não há o que publicar.")
    if missing := blocked(ano):
        raise ContentRefused(
            f"Há {missing} {'falta' if missing == 1 else 'faltas'} que impedem a publicação: decisão sem motivo ou sem "
            "base legal. Veja a lista de pendências e complete os casos."
        )
    _check_gazette(ano, diario, before, today)
    made = Cadastro(
        ano=ano,
        versao=before.versao + 1 if before else 1,
        substitui=before,
        motivo=motivo.strip() if before else "",
        mudancas=[asdict(change) for change in told],
        diario_numero=diario.numero.strip(),
        diario_data=diario.data,
        diario_pagina=diario.pagina.strip(),
        publicado_em=at,
        publicado_por=by,
    )
    with refusals_from(Cadastro):
        _write(made, lines)
    return made


def _one_at_a_time(ano: int) -> None:
    """Until the commit nobody else publishes this year: who comes second finds the version of the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PUBLISHING_LOCK, ano])


def may_publish(ano: int, *, by: User, today: date) -> None:
    """Refuse who may not publish this year's register, and a year that is not over, each with the way out."""
    if Papel.AUDITOR not in by.papeis:
        raise ActNotAllowed("Só um auditor publica o cadastro. Peça a ele.")
    if ano >= today.year:
        raise ActNotAllowed(
            f"O ano de {ano} ainda não {'terminou' if ano == today.year else 'começou'}. "
            f"Publique o cadastro dele a partir de 1º de janeiro de {ano + 1}."
        )
    decisions = final_decisions(ano)
    if by.pk in deciders(decisions):
        raise ActNotAllowed(
            f"Você decidiu reclamações do cadastro de {ano}, e quem decidiu não publica. Outro auditor publica."
        )
    places = Unidade.objects.filter(pk__in=decisions.values("reclamado__atendimento__unidade"))
    elsewhere = [place.nome for place in places.order_by("nome") if Papel.AUDITOR not in by.papeis_em(place.pk)]
    if elsewhere:
        raise ActNotAllowed(
            f"Há decisões de {', '.join(elsewhere)}, onde você não é auditor. Publica quem é auditor em todas as "
            "unidades do cadastro."
        )


def _changes(before: Cadastro | None, lines: Sequence[Line], motivo: str) -> list[Change]:
    if before is None:
        return []
    told = changes(frozen_lines(before), lines)
    if not told:
        raise ActNotAllowed(
            f"O cadastro de {before.ano} já foi publicado, na versão {before.versao}, e nada mudou desde então: não há "
            "o que republicar."
        )
    if not motivo.strip():
        raise ContentRefused(
            f"O cadastro de {before.ano} já foi publicado. Para republicá-lo, escreva o que foi corrigido e por quê.",
            errors={"motivo": "Escreva por que o cadastro é republicado."},
        )
    return told


def _check_gazette(ano: int, diario: Gazette, before: Cadastro | None, today: date) -> None:
    errors = {}
    if not diario.numero.strip():
        errors["numero"] = "Escreva o número do diário oficial."
    if not diario.pagina.strip():
        errors["pagina"] = "Escreva a página do diário oficial."
    if diario.data > today:
        errors["data"] = f"O diário de {diario.data:%d/%m/%Y} ainda não saiu. Registre a publicação depois dela."
    elif diario.data.year <= ano:
        errors["data"] = f"O cadastro de {ano} sai no diário de {ano + 1} ou depois. Confira a data."
    elif before and diario.data < before.diario_data:
        errors["data"] = f"A versão {before.versao} saiu em {before.diario_data:%d/%m/%Y}: esta vem depois."
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)


def _write(made: Cadastro, lines: Sequence[Line]) -> None:
    """The version, its term for requests (art. 61), its lines and their entries."""
    rule, term = Terms().term(ASKING, made.diario_data)
    made.historico = Historico.objects.create()
    made.prazo = Prazo.objects.create(
        historico=made.historico,
        regra=rule,
        inicio=made.diario_data,
        vence_em=term.ends,
        explicacao=term.explanation,
    )
    made.resumo = digest_of(made, lines)
    made.save(force_insert=True)
    rows = LinhaDoCadastro.objects.bulk_create(
        [_row(made, place, line) for place, line in enumerate(lines, start=1)], batch_size=_BATCH
    )
    items = [
        ItemDoCadastro(
            linha=row,
            classificacao_id=entry.decisao,
            atendida=entry.atendida,
            area=entry.area,
            assunto=entry.assunto,
            problema=entry.problema,
            conta_de=entry.conta_de,
            publico_ate=entry.publico_ate,
        )
        for row, line in zip(rows, lines, strict=True)
        for entry in line.entradas
    ]
    ItemDoCadastro.objects.bulk_create(items, batch_size=_BATCH)


def _row(made: Cadastro, place: int, line: Line) -> LinhaDoCadastro:
    return LinhaDoCadastro(
        cadastro=made,
        ordem=place,
        fornecedor_id=line.fornecedor,
        razao_social=line.razao_social,
        cnpj=line.cnpj,
        nome_fantasia=line.nome_fantasia,
        pessoa_fisica=line.pessoa_fisica,
        busca=normalise_name(f"{line.razao_social} {line.nome_fantasia}"),
        resumo=line.resumo(),
    )
