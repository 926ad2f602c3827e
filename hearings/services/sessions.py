"""The hearing itself: telling, confirming, who came, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cases.models import Reclamado
from cases.services.letters import case_data, supplier_data
from deadlines.services.terms import hold_calendar
from documents.models import Documento
from documents.services import issue
from hearings import acts
from hearings.models import Audiencia, Presenca
from hearings.services.absence import default_absent, lock_row, start_justification, suppliers_away
from hearings.services.booking import PRINTED, locked_case, tell_deadlock
from hearings.services.notices import hearing_data, when
from hearings.services.slots import agenda_rules
from workflow.acts import Act
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.services import advance, check_allowed

HELD = (Audiencia.Resultado.ACORDO, Audiencia.Resultado.ACORDO_PARCIAL, Audiencia.Resultado.SEM_ACORDO)
#: The results after which an agreement is written down.
AGREED = (Audiencia.Resultado.ACORDO, Audiencia.Resultado.ACORDO_PARCIAL)
ABSENT = (
    Audiencia.Resultado.AUSENTE_CONSUMIDOR,
    Audiencia.Resultado.AUSENTE_FORNECEDOR,
    Audiencia.Resultado.AUSENTES_AMBOS,
)
CONSUMER_SIDE = (Presenca.Qualidade.CONSUMIDOR, Presenca.Qualidade.PROCURADOR)
SUPPLIER_SIDE = (Presenca.Qualidade.PREPOSTO, Presenca.Qualidade.ADVOGADO)


@tell_deadlock
@transaction.atomic
def notify(*, audiencia: Audiencia, by: User, at: datetime, como: str = "") -> Audiencia:
    """Record that the parties were notified, and how (`como`)."""
    return _move(audiencia, acts.NOTIFICAR, by=by, at=at, como=como)


@tell_deadlock
@transaction.atomic
def confirm(*, audiencia: Audiencia, by: User, at: datetime, quem: str = "") -> Audiencia:
    """Record that somebody (`quem`) confirmed they will come."""
    return _move(audiencia, acts.CONFIRMAR, by=by, at=at, quem=quem)


@tell_deadlock
@transaction.atomic
def hold(
    *,
    audiencia: Audiencia,
    resultado: str,
    presencas: Sequence[Presenca],
    by: User,
    at: datetime,
    observacao: str = "",
) -> Audiencia:
    """Record a hearing that took place: who came (unsaved Presenca rows), what came of it; issue the termo.

    Both sides must have come. A supplier who did not, beside one who did, gets a certidão of its absence. Not before
    the start, minus the unidade's tolerance.
    """
    lock_row(audiencia)
    live = _live(audiencia, acts.REALIZAR, by=by)
    if resultado not in HELD:
        raise _choose_result(HELD)
    if at < live.inicio - _tolerance(live):
        raise ActNotAllowed(
            f"A audiência está marcada para {when(live)} e ainda não começou. Registre o resultado depois dela."
        )
    rows = _attendance(live, presencas, at=at)
    consumer_came, suppliers_came = _sides(live, rows)
    if not (consumer_came and suppliers_came):
        missing = "do fornecedor" if consumer_came else "do consumidor"
        raise ContentRefused(
            f"Falta a presença {missing}, e sem os dois lados não há audiência realizada. "
            "Registre quem veio, ou use «Registrar ausência».",
            errors={"presencas": "Registre os dois lados."},
        )
    Presenca.objects.bulk_create(rows)
    changes: dict[str, Any] = {"resultado": resultado, "observacao": observacao}
    advance(live, acts.REALIZAR, by=by, at=at, changes=changes, resultado=resultado)
    _issue(live, Documento.Tipo.TERMO_DE_AUDIENCIA, "Termo de audiência", rows, by=by, at=at)
    for absent in suppliers_away(live, suppliers_came):
        name = "Certidão de ausência – Fornecedor ausente"
        away = {"ausentes": [absent.fornecedor.razao_social], "resultado": Audiencia.Resultado.AUSENTE_FORNECEDOR}
        _issue(live, Documento.Tipo.CERTIDAO_DE_AUSENCIA, name, rows, by=by, at=at, **away)
    default_absent(live, suppliers_came, by=by, at=at)
    return _mirror(audiencia, live)


@tell_deadlock
@transaction.atomic
def record_absence(
    *,
    audiencia: Audiencia,
    resultado: str,
    presencas: Sequence[Presenca] = (),
    by: User,
    at: datetime,
    observacao: str = "",
) -> Audiencia:
    """Record a hearing that did not take place because somebody stayed away; issue the certidão.

    `resultado` must agree with who came. Not before the unidade's tolerance is over. Where the consumer was
    absent, the term for justifying it starts, and they are told of it (services/absence.py).
    """
    hold_calendar(to_change=False)
    lock_row(audiencia)
    live = _live(audiencia, acts.REGISTRAR_AUSENCIA, by=by)
    if resultado not in ABSENT:
        raise _choose_result(ABSENT)
    tolerance = _tolerance(live)
    if at < live.inicio + tolerance:
        limit = timezone.localtime(live.inicio + tolerance)
        raise ActNotAllowed(
            f"Ainda corre a tolerância de {tolerance // timedelta(minutes=1)} minutos. "
            f"Registre a ausência a partir de {limit:%d/%m/%Y às %H:%M}."
        )
    rows = _attendance(live, presencas, at=at)
    consumer_came, suppliers_came = _sides(live, rows)
    _check_agrees(resultado, consumer_came=consumer_came, supplier_came=bool(suppliers_came))
    Presenca.objects.bulk_create(rows)
    justification = {} if resultado == Audiencia.Resultado.AUSENTE_FORNECEDOR else start_justification(live, at=at)
    changes: dict[str, Any] = {"resultado": resultado, "observacao": observacao}
    told = justification.get("explicacao", "")
    advance(live, acts.REGISTRAR_AUSENCIA, by=by, at=at, changes=changes, resultado=resultado, justificativa=told)
    name = f"Certidão de ausência – {live.get_resultado_display()}"
    absent = _absent_names(live, consumer_came=consumer_came, came=suppliers_came)
    extra = {"ausentes": absent, "justificativa": justification}
    _issue(live, Documento.Tipo.CERTIDAO_DE_AUSENCIA, name, rows, by=by, at=at, **extra)
    default_absent(live, suppliers_came, by=by, at=at)
    return _mirror(audiencia, live)


def _live(audiencia: Audiencia, act: Act, *, by: User, related: tuple[str, ...] = PRINTED) -> Audiencia:
    """The hearing as it stands now, its case locked, the act allowed."""
    case = locked_case(audiencia.atendimento_id, related)
    live = Audiencia.objects.select_related("sala", "conciliador").get(pk=audiencia.pk)
    live.atendimento = case
    check_allowed(live, act, by=by)
    return live


def _move(audiencia: Audiencia, act: Act, *, by: User, at: datetime, **dados: Any) -> Audiencia:
    live = _live(audiencia, act, by=by, related=("unidade",))
    advance(live, act, by=by, at=at, **dados)
    return _mirror(audiencia, live)


def _mirror(audiencia: Audiencia, live: Audiencia) -> Audiencia:
    """Show the caller's object what was written."""
    for field in ("status", "resultado", "observacao"):
        setattr(audiencia, field, getattr(live, field))
    return audiencia


def _attendance(audiencia: Audiencia, presencas: Sequence[Presenca], *, at: datetime) -> list[Presenca]:
    """Check the rows and bind them to the hearing; a supplier's person without a supplier gets the only one."""
    called = list(audiencia.reclamados.select_related("fornecedor").order_by("pk"))
    for row in presencas:
        row.audiencia = audiencia
        if row.qualidade == Presenca.Qualidade.PREPOSTO and row.reclamado is None and len(called) == 1:
            row.reclamado = called[0]
        problem = _problem(row, called, audiencia, at=at)
        if problem:
            raise ContentRefused(problem, errors={"presencas": problem})
    return list(presencas)


def _problem(row: Presenca, called: list[Reclamado], audiencia: Audiencia, *, at: datetime) -> str:
    if row.qualidade not in Presenca.Qualidade.values:
        return f"«{row.qualidade}» não é uma qualidade conhecida. Escolha uma da lista."
    if not row.nome.strip():
        return "Escreva o nome de quem compareceu."
    if row.reclamado and row.reclamado not in called:
        return f"{row.nome} representa um fornecedor que não foi chamado a esta audiência. Escolha um dos chamados."
    if row.qualidade == Presenca.Qualidade.PREPOSTO and row.reclamado is None:
        return f"Diga qual fornecedor {row.nome} representa."
    if row.chegou_em > at or timezone.localdate(row.chegou_em) != timezone.localdate(audiencia.inicio):
        return f"A chegada de {row.nome} deve ser no dia da audiência e não depois de agora. Corrija a hora."
    return ""


def _sides(audiencia: Audiencia, rows: list[Presenca]) -> tuple[bool, list[Reclamado]]:
    """Whether the consumer's side came (or the case has none), and which suppliers were represented."""
    consumer = audiencia.atendimento.consumidor_id is None or any(
        row.qualidade in CONSUMER_SIDE and row.reclamado is None for row in rows
    )
    came = [row.reclamado for row in rows if row.reclamado and row.qualidade != Presenca.Qualidade.TESTEMUNHA]
    return consumer, came


def _check_agrees(resultado: str, *, consumer_came: bool, supplier_came: bool) -> None:
    true = {
        (True, False): Audiencia.Resultado.AUSENTE_FORNECEDOR,
        (False, True): Audiencia.Resultado.AUSENTE_CONSUMIDOR,
        (False, False): Audiencia.Resultado.AUSENTES_AMBOS,
    }.get((consumer_came, supplier_came))
    if true is None:
        raise ContentRefused(
            "Os dois lados compareceram: não há ausência a certificar. Registre a audiência realizada.",
            errors={"resultado": "Os dois lados compareceram."},
        )
    if true != resultado:
        raise ContentRefused(
            f"Pelas presenças registradas, o resultado é «{true.label}». Corrija o resultado ou as presenças.",
            errors={"resultado": f"O que confere é «{true.label}»."},
        )


def _absent_names(audiencia: Audiencia, *, consumer_came: bool, came: list[Reclamado]) -> list[str]:
    names = [] if consumer_came else [str(audiencia.atendimento.consumidor)]
    called = audiencia.reclamados.select_related("fornecedor").order_by("pk")
    return names + [item.fornecedor.razao_social for item in called if item not in came]


def _issue(
    audiencia: Audiencia, tipo: str, titulo: str, rows: list[Presenca], *, by: User, at: datetime, **extra: Any
) -> Documento:
    case = audiencia.atendimento
    called = audiencia.reclamados.select_related("fornecedor").order_by("pk")
    return issue(
        tipo,
        titulo=f"{titulo} – {case.protocolo}",
        dados={
            **case_data(case),
            "audiencia": hearing_data(audiencia),
            "fornecedores": [supplier_data(item.fornecedor) for item in called],
            "resultado": audiencia.resultado,
            "relato": "",  # in the termo and the certidão this is what was said, not the complaint
            "tolerancia_minutos": _tolerance(audiencia) // timedelta(minutes=1),
            "observacao": audiencia.observacao,
            "presencas": [_as_data(row) for row in rows],
            **extra,
        },
        unidade=case.unidade,
        historico=case.historico,
        by=by,
        at=at,
    )


def _as_data(row: Presenca) -> dict[str, str]:
    return {
        "nome": row.nome,
        "qualidade": row.qualidade,
        "representa": row.reclamado.fornecedor.razao_social if row.reclamado else "",
        "chegou_em": timezone.localtime(row.chegou_em).isoformat(),
        "documentos": row.documentos,
    }


def _tolerance(audiencia: Audiencia) -> timedelta:
    return timedelta(minutes=agenda_rules(audiencia.atendimento.unidade).tolerancia)


def _choose_result(possible: Sequence[Audiencia.Resultado]) -> ContentRefused:
    names = ", ".join(f"«{value.label}»" for value in possible)
    return ContentRefused(
        f"Este resultado não cabe neste registro. Cabem: {names}.", errors={"resultado": f"Escolha entre {names}."}
    )
