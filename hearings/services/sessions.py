"""The hearing itself: telling, confirming, what came of it with each supplier, and who stayed away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from hearings.models import Audiencia, Presenca, ResultadoDoReclamado
from hearings.rules import AWAY, CAME, overall
from hearings.services.absence import default_absent, lock_row, start_justification, suppliers_away
from hearings.services.attendance import as_data, attendance, sides, tolerance_of
from hearings.services.booking import PRINTED, locked_case, tell_deadlock
from hearings.services.notices import hearing_data, when
from hearings.services.stale import check_live
from hearings.services.unfinished import void_termo
from workflow.acts import Act
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.services import advance

HELD = (Audiencia.Resultado.ACORDO, Audiencia.Resultado.ACORDO_PARCIAL, Audiencia.Resultado.SEM_ACORDO)
#: The results after which an agreement is written down.
AGREED = (Audiencia.Resultado.ACORDO, Audiencia.Resultado.ACORDO_PARCIAL)
ABSENT = (
    Audiencia.Resultado.AUSENTE_CONSUMIDOR,
    Audiencia.Resultado.AUSENTE_FORNECEDOR,
    Audiencia.Resultado.AUSENTES_AMBOS,
)
#: Whether the consumer's side came, whether a supplier did, and which absence it is.
_ABSENCES = {
    (True, False): Audiencia.Resultado.AUSENTE_FORNECEDOR,
    (False, True): Audiencia.Resultado.AUSENTE_CONSUMIDOR,
    (False, False): Audiencia.Resultado.AUSENTES_AMBOS,
}


@dataclass(frozen=True, slots=True)
class Held:
    """A hearing that took place: everybody who came, and what came of it with each supplier."""

    presencas: list[Presenca]
    resultados: dict[Reclamado, str]


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
    resultado: str = "",
    resultados: Mapping[Reclamado, str] | None = None,
    presencas: Sequence[Presenca] = (),
    by: User,
    at: datetime,
    observacao: str = "",
) -> Audiencia:
    """Record a hearing that took place, with what came of it with each supplier who came; issue the termo.

    `resultados` says it by supplier; `resultado` alone says it of all who came. The hearing's own result follows from
    them. `presencas` are unsaved rows of who was not written down at the door. Both sides must have come. Not before
    the start, minus the unidade's tolerance.
    """
    lock_row(audiencia)
    live = live_hearing(audiencia, acts.REALIZAR, by=by)
    held = take_place(
        live, resultado=resultado, resultados=resultados, presencas=presencas, by=by, at=at, observacao=observacao
    )
    void_termo(live, motivo="O resultado foi registrado sem este termo.", by=by, at=at)
    told = {"reclamados": results_as_data(held.resultados)}
    issue_paper(live, Documento.Tipo.TERMO_DE_AUDIENCIA, "Termo de audiência", held.presencas, by=by, at=at, **told)
    return _mirror(audiencia, live)


def take_place(
    live: Audiencia,
    *,
    resultado: str = "",
    resultados: Mapping[Reclamado, str] | None,
    presencas: Sequence[Presenca],
    by: User,
    at: datetime,
    observacao: str,
) -> Held:
    """What every held hearing has, but its termo: attendance, results, certidões of who stayed away, revelia.

    A supplier who did not come, beside one who did, gets a certidão of its absence once the tolerance is over, and the
    revelia where a reclamação waits for its defence; with the others the hearing goes on.
    """
    if resultados is None and resultado not in HELD:
        raise _choose_result(HELD)
    if at < live.inicio - tolerance_of(live):
        raise ActNotAllowed(
            f"A audiência está marcada para {when(live)} e ainda não começou. Registre o resultado depois dela."
        )
    rows = _everybody(live, presencas, at=at)
    consumer_came, came = sides(live, rows)
    if not (consumer_came and came):
        missing = "do fornecedor" if consumer_came else "do consumidor"
        raise ContentRefused(
            f"Falta a presença {missing}, e sem os dois lados não há audiência realizada. "
            "Registre quem veio, ou use «Registrar ausência».",
            errors={"presencas": "Registre os dois lados."},
        )
    away = suppliers_away(live, came)
    if away:
        _check_tolerance(live, away, at=at)
    results = _results(came, away, dict.fromkeys(came, resultado) if resultados is None else resultados)
    _keep(live, results)
    whole = overall(results.values())
    changes: dict[str, Any] = {"resultado": whole, "observacao": observacao}
    by_name = {str(item.fornecedor): value for item, value in results.items()}
    advance(live, acts.REALIZAR, by=by, at=at, changes=changes, resultado=whole, reclamados=by_name)
    for absent in away:
        extra = {"ausentes": [absent.fornecedor.razao_social], "resultado": Audiencia.Resultado.AUSENTE_FORNECEDOR}
        name = "Certidão de ausência – Fornecedor ausente"
        issue_paper(live, Documento.Tipo.CERTIDAO_DE_AUSENCIA, name, rows, by=by, at=at, **extra)
    default_absent(live, came, by=by, at=at)
    return Held(rows, results)


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

    `resultado` must agree with who came: those written down at the door, and `presencas`. Not before the unidade's
    tolerance is over. Where the consumer was absent, the term for justifying it starts, and they are told of it
    (services/absence.py).
    """
    hold_calendar(to_change=False)
    lock_row(audiencia)
    live = live_hearing(audiencia, acts.REGISTRAR_AUSENCIA, by=by)
    if resultado not in ABSENT:
        raise _choose_result(ABSENT)
    _check_tolerance(live, (), at=at)
    rows = _everybody(live, presencas, at=at)
    consumer_came, came = sides(live, rows)
    _check_agrees(resultado, consumer_came=consumer_came, supplier_came=bool(came))
    _keep(live, dict.fromkeys(came, CAME) | dict.fromkeys(suppliers_away(live, came), AWAY))
    justification = {} if resultado == Audiencia.Resultado.AUSENTE_FORNECEDOR else start_justification(live, at=at)
    changes: dict[str, Any] = {"resultado": resultado, "observacao": observacao}
    told = justification.get("explicacao", "")
    advance(live, acts.REGISTRAR_AUSENCIA, by=by, at=at, changes=changes, resultado=resultado, justificativa=told)
    void_termo(live, motivo="A audiência não se realizou.", by=by, at=at)
    name = f"Certidão de ausência – {live.get_resultado_display()}"
    absent = _absent_names(live, consumer_came=consumer_came, came=came)
    extra = {"ausentes": absent, "justificativa": justification}
    issue_paper(live, Documento.Tipo.CERTIDAO_DE_AUSENCIA, name, rows, by=by, at=at, **extra)
    default_absent(live, came, by=by, at=at)
    return _mirror(audiencia, live)


def live_hearing(audiencia: Audiencia, act: Act, *, by: User, related: tuple[str, ...] = PRINTED) -> Audiencia:
    """The hearing as it stands now, its case locked, the act allowed."""
    case = locked_case(audiencia.atendimento_id, related)
    live = Audiencia.objects.select_related("sala", "conciliador").get(pk=audiencia.pk)
    live.atendimento = case
    check_live(live, act, by=by)
    return live


def issue_paper(
    audiencia: Audiencia, tipo: str, titulo: str, rows: Sequence[Presenca], *, by: User, at: datetime, **extra: Any
) -> Documento:
    """Freeze a letter about the hearing itself."""
    case = audiencia.atendimento
    return issue(
        tipo,
        titulo=f"{titulo} – {case.protocolo}",
        dados=paper_data(audiencia, rows) | extra,
        unidade=case.unidade,
        historico=case.historico,
        by=by,
        at=at,
    )


def paper_data(audiencia: Audiencia, rows: Sequence[Presenca]) -> dict[str, Any]:
    """What the termo and the certidão print of the hearing."""
    called = audiencia.reclamados.select_related("fornecedor").order_by("pk")
    return {
        **case_data(audiencia.atendimento),
        "audiencia": hearing_data(audiencia),
        "fornecedores": [supplier_data(item.fornecedor) for item in called],
        "resultado": audiencia.resultado,
        "relato": "",  # in the termo and the certidão this is what was said, not the complaint
        "tolerancia_minutos": tolerance_of(audiencia) // timedelta(minutes=1),
        "observacao": audiencia.observacao,
        "presencas": [as_data(row) for row in rows],
    }


def results_as_data(results: Mapping[Reclamado, str]) -> list[dict[str, Any]]:
    """What came of it with each supplier, as the termo prints it."""
    return [{"fornecedor": item.fornecedor.razao_social, "resultado": value} for item, value in results.items()]


def _move(audiencia: Audiencia, act: Act, *, by: User, at: datetime, **dados: Any) -> Audiencia:
    live = live_hearing(audiencia, act, by=by, related=("unidade",))
    advance(live, act, by=by, at=at, **dados)
    return _mirror(audiencia, live)


def _mirror(audiencia: Audiencia, live: Audiencia) -> Audiencia:
    """Show the caller's object what was written."""
    for field in ("status", "resultado", "observacao"):
        setattr(audiencia, field, getattr(live, field))
    return audiencia


def _everybody(live: Audiencia, presencas: Sequence[Presenca], *, at: datetime) -> list[Presenca]:
    """Who was written down at the door, and now the rest."""
    here = list(live.presencas.select_related("reclamado__fornecedor").prefetch_related("vistos"))
    fresh = attendance(live, presencas, at=at)
    Presenca.objects.bulk_create(fresh)
    return here + fresh


def _results(
    came: Sequence[Reclamado], away: Sequence[Reclamado], told: Mapping[Reclamado, str]
) -> dict[Reclamado, str]:
    """One result for each supplier called, in their order; refuses what is missing and what cannot be."""
    results: dict[Reclamado, str] = {}
    errors = [
        f"{item.fornecedor} não compareceu: o resultado com esse fornecedor é a ausência."
        for item in away
        if told.get(item, AWAY) != AWAY
    ]
    for item in came:
        results[item] = told.get(item, "")
        if results[item] not in HELD:
            errors.append(f"Diga o que resultou com {item.fornecedor}: acordo, acordo parcial ou sem acordo.")
    if any(item not in came and item not in away for item in told):
        errors.append("Há resultado de um fornecedor que não foi chamado a esta audiência.")
    if errors:
        raise ContentRefused(" ".join(errors), errors={"resultados": " ".join(errors)})
    both = results | dict.fromkeys(away, AWAY)
    return {item: both[item] for item in sorted(both, key=lambda one: one.pk)}


def _keep(live: Audiencia, results: Mapping[Reclamado, str]) -> None:
    ResultadoDoReclamado.objects.bulk_create(
        [ResultadoDoReclamado(audiencia=live, reclamado=item, resultado=value) for item, value in results.items()]
    )


def _check_tolerance(live: Audiencia, away: Sequence[Reclamado], *, at: datetime) -> None:
    length = tolerance_of(live)
    if at >= live.inicio + length:
        return
    limit = timezone.localtime(live.inicio + length)
    who = " para " + " e ".join(str(item.fornecedor) for item in away) if away else ""
    raise ActNotAllowed(
        f"Ainda corre a tolerância de {length // timedelta(minutes=1)} minutos{who}. "
        f"Registre a ausência a partir de {limit:%d/%m/%Y às %H:%M}."
    )


def absence_of(audiencia: Audiencia, rows: Sequence[Presenca]) -> str:
    """Which absence it is, by who is here; empty where both sides are."""
    consumer_came, came = sides(audiencia, rows)
    return _ABSENCES.get((consumer_came, bool(came)), "")


def _check_agrees(resultado: str, *, consumer_came: bool, supplier_came: bool) -> None:
    true = _ABSENCES.get((consumer_came, supplier_came))
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


def _choose_result(possible: Sequence[Audiencia.Resultado]) -> ContentRefused:
    names = ", ".join(f"«{value.label}»" for value in possible)
    return ContentRefused(
        f"Este resultado não cabe neste registro. Cabem: {names}.", errors={"resultado": f"Escolha entre {names}."}
    )
