"""Days, suspension windows and rules that the administrador enters or takes back, and the terms that move with them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Papel, User
from deadlines import lawdata
from deadlines.calendar import Calendar
from deadlines.models import Feriado, MudancaDeCalendario, Prazo, RegraDePrazo, Suspensao
from deadlines.rules import Suspension
from deadlines.services.terms import (
    Basis,
    as_suspension,
    extensions_of,
    hold_calendar,
    locked_terms,
    no_calendar,
    office_basis,
)
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole
from workflow.services import record

Acao = MudancaDeCalendario.Acao
#: A window longer than this is a slip of the year.
MAX_WINDOW = 366


@dataclass(frozen=True, slots=True)
class Move:
    """A running term that a change of the calendar moves."""

    prazo: Prazo
    before: date
    after: date
    explanation: str


def preview_day(*, data: date, nome: str, today: date) -> list[Move]:
    """The running terms that a new day without work would move, without moving them."""
    basis = office_basis()
    if data.year not in basis.calendar.years:
        raise no_calendar(data.year)
    return _moves(_with_day(basis, data, nome), data, data, today)


def preview_without_day(*, feriado: Feriado, today: date) -> list[Move]:
    """The running terms that the removal of a day would move."""
    return _moves(_without_day(office_basis(), feriado), feriado.data, feriado.data, today)


def preview_window(*, de: date, ate: date, motivo: str, poupa: Collection[str], today: date) -> list[Move]:
    """The running terms that a new suspension window would move."""
    _check_window(de, ate, poupa)
    basis, window = office_basis(), Suspension(de, ate, motivo, frozenset(poupa))
    return _moves(replace(basis, windows=(*basis.windows, window)), de, ate, today)


def preview_without_window(*, suspensao: Suspensao, today: date) -> list[Move]:
    """The running terms that the removal of a suspension window would move."""
    return _moves(_without_window(office_basis(), suspensao), suspensao.de, suspensao.ate, today)


@whole
def add_day(
    *, data: date, nome: str, ambito: str, facultativo: bool, fonte: str, by: User, at: datetime
) -> MudancaDeCalendario:
    """Enter a day without work, with the norm that says so; the running terms that it touches move with it.

    Refuses a year whose holidays are not loaded: one day alone would make that year look complete.
    """
    _begin(by, fonte, "fonte")
    if data.year not in office_basis().calendar.years:
        raise no_calendar(data.year)
    with refusals_from(Feriado):
        day = Feriado.objects.create(
            data=data, nome=nome.strip(), ambito=ambito, facultativo=facultativo, fonte=fonte.strip()
        )
    return _finish(Acao.INCLUIR_DIA, str(day), fonte, data, data, by=by, at=at)


@whole
def remove_day(*, feriado: Feriado, motivo: str, by: User, at: datetime) -> MudancaDeCalendario:
    """Take back a day that was entered by mistake; the terms that it moved are counted again.

    A day of the loaded law is not taken back here: the next start would bring it again.
    """
    _begin(by, motivo, "motivo")
    if not may_remove(feriado):
        raise ActNotAllowed(
            f"«{feriado}» vem da lei carregada com o sistema ({feriado.fonte}) e não se retira por esta página."
        )
    if not Feriado.objects.filter(pk=feriado.pk).delete()[0]:
        raise ActNotAllowed("Este dia já foi retirado. Atualize a página.")
    return _finish(Acao.RETIRAR_DIA, str(feriado), motivo, feriado.data, feriado.data, by=by, at=at)


def may_remove(feriado: Feriado) -> bool:
    """Whether a day may be taken back: one of the loaded law would come again with the next start."""
    known = lawdata.holiday_rows([feriado.data.year])
    return all((row["data"], row["nome"]) != (feriado.data, feriado.nome) for row in known)


@whole
def add_window(
    *, de: date, ate: date, motivo: str, fonte: str, poupa: Collection[str], by: User, at: datetime
) -> MudancaDeCalendario:
    """Suspend the terms from one day to another, both included, but those of the rules that the window spares."""
    _begin(by, fonte, "fonte")
    _check_window(de, ate, poupa)
    with refusals_from(Suspensao):
        row = Suspensao.objects.create(
            de=de, ate=ate, motivo=motivo.strip(), fonte=fonte.strip(), poupa=sorted(set(poupa))
        )
    return _finish(Acao.INCLUIR_SUSPENSAO, str(row), fonte, de, ate, by=by, at=at)


@whole
def remove_window(*, suspensao: Suspensao, motivo: str, by: User, at: datetime) -> MudancaDeCalendario:
    """Take back a suspension window that was entered by mistake."""
    _begin(by, motivo, "motivo")
    if not Suspensao.objects.filter(pk=suspensao.pk).delete()[0]:
        raise ActNotAllowed("Esta suspensão já foi retirada. Atualize a página.")
    return _finish(Acao.RETIRAR_SUSPENSAO, str(suspensao), motivo, suspensao.de, suspensao.ate, by=by, at=at)


@whole
def add_rule_version(
    *,
    nome: str,
    dias: int,
    contagem: str,
    prorroga: bool,
    fonte: str,
    vigente_de: date,
    by: User,
    at: datetime,
) -> RegraDePrazo:
    """Write a new version of a rule, valid from a day of today or later; the version before ends on its eve.

    A used version is never edited, and no running term moves: it stays with the version it was made with.
    """
    _begin(by, fonte, "fonte")
    last = RegraDePrazo.objects.filter(nome=nome).select_for_update().order_by("-versao").first()
    if last is None:
        raise ContentRefused(f"Não há regra de prazo «{nome}».", errors={"nome": "Regra desconhecida."})
    if vigente_de < timezone.localdate(at) or vigente_de <= last.vigente_de:
        raise ContentRefused(
            "A versão nova vale de hoje em diante e depois do começo da anterior. Confira a data.",
            errors={"vigente_de": "Escolha um dia de hoje em diante."},
        )
    if last.vigente_ate is None or last.vigente_ate >= vigente_de:
        RegraDePrazo.objects.filter(pk=last.pk).update(vigente_ate=vigente_de - timedelta(days=1))
    fresh = RegraDePrazo.objects.create(
        nome=nome,
        versao=last.versao + 1,
        descricao=last.descricao,
        dias=dias,
        contagem=contagem,
        inicio=last.inicio,
        prorroga=prorroga,
        fonte=fonte.strip(),
        vigente_de=vigente_de,
    )
    MudancaDeCalendario.objects.create(
        acao=Acao.NOVA_REGRA, descricao=f"{fresh}, de {vigente_de:%d/%m/%Y}", fonte=fonte.strip(), por=by, quando=at
    )
    return fresh


def _begin(by: User, source: str, field: str) -> None:
    """Only an administrador changes the calendar, and says on what ground; nobody counts meanwhile."""
    if not by.has_papel(Papel.ADMINISTRADOR):
        raise ActNotAllowed("Mudar o calendário e as regras de prazo cabe ao Administrador. Peça a ele.")
    if not source.strip():
        words = {"fonte": "Escreva a norma que o determina.", "motivo": "Escreva por que é retirado."}[field]
        raise ContentRefused(words, errors={field: words})
    hold_calendar(to_change=True)


def _finish(
    acao: str, descricao: str, fonte: str, first: date, last: date, *, by: User, at: datetime
) -> MudancaDeCalendario:
    """Move the terms that the change touches, each with its record, and write the change down."""
    label = Acao(acao).label
    touched = locked_terms(Prazo.objects.touched_by(first, last))
    moves = _moved(touched, office_basis(), timezone.localdate(at))
    for move in moves:
        move.prazo.vence_em, move.prazo.explicacao = move.after, move.explanation
        record(
            move.prazo,
            "RECALCULAR_PRAZO",
            by=by,
            at=at,
            de=move.before.isoformat(),
            para=move.after.isoformat(),
            motivo=f"{label}: {descricao}. {fonte.strip()}",
        )
    Prazo.objects.bulk_update([move.prazo for move in moves], ["vence_em", "explicacao"], batch_size=500)
    return MudancaDeCalendario.objects.create(
        acao=acao, descricao=descricao, fonte=fonte.strip(), por=by, quando=at, prazos=len(moves)
    )


def _moves(basis: Basis, first: date, last: date, today: date) -> list[Move]:
    touched = Prazo.objects.touched_by(first, last).select_related("regra").prefetch_related("prorrogacoes")
    return _moved(list(touched.order_by("vence_em", "pk")), basis, today)


def _moved(terms: list[Prazo], basis: Basis, today: date) -> list[Move]:
    """The terms that end elsewhere on this basis; none moves back into the past: nobody loses a term by our error."""
    moves = []
    for prazo in terms:
        if prazo.cumprido_em:
            continue
        term = basis.term(prazo.regra, prazo.inicio, extensions_of(prazo), prazo.nota)
        if term.ends != prazo.vence_em and (term.ends > prazo.vence_em or term.ends >= today):
            moves.append(Move(prazo, prazo.vence_em, term.ends, term.explanation))
    return moves


def _with_day(basis: Basis, day: date, name: str) -> Basis:
    return replace(basis, calendar=Calendar.of([*basis.calendar.days.items(), (day, name)]))


def _without_day(basis: Basis, gone: Feriado) -> Basis:
    rows: Any = Feriado.objects.exclude(pk=gone.pk).order_by("data", "id").values_list("data", "nome")
    return replace(basis, calendar=Calendar.of(rows))


def _without_window(basis: Basis, gone: Suspensao) -> Basis:
    rows = Suspensao.objects.exclude(pk=gone.pk).order_by("de", "id")
    return replace(basis, windows=tuple(as_suspension(row) for row in rows))


def _check_window(de: date, ate: date, poupa: Collection[str]) -> None:
    if ate < de:
        raise ContentRefused(
            "A suspensão termina antes de começar.", errors={"ate": "A suspensão termina antes de começar."}
        )
    if (ate - de).days > MAX_WINDOW:
        raise ContentRefused(
            f"Uma suspensão de mais de {MAX_WINDOW} dias? Confira as datas.", errors={"ate": "Confira o último dia."}
        )
    unknown = set(poupa) - set(RegraDePrazo.objects.values_list("nome", flat=True))
    if unknown:
        raise ContentRefused("Escolha na lista as regras poupadas.", errors={"poupa": "Escolha na lista."})
