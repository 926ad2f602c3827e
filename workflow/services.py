"""The one door: only `advance` and `rectify` write a status, and both write down what they did."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from accounts.models import SYSTEM_LOGIN, Papel, User
from workflow.acts import Act, ActTable
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento, Historico, Leitura
from workflow.queries import READ, prepared

#: What the second of two is told to do.
_LOOK = "Veja como o registro está agora antes de repetir."


class Moved(Protocol):
    """What `advance` moves: a model with a status, a unidade and the history of its case."""

    pk: Any
    status: str
    _meta: ClassVar[Any]

    @property
    def unidade_id(self) -> int:
        """The unidade whose papéis count."""
        ...

    @property
    def historico_id(self) -> int:
        """The case's chain of events."""
        ...


def open_history() -> Historico:
    """Start the chain of a new case."""
    return Historico.objects.create()


def record(
    instance: Any, name: str, *, by: User, at: datetime, de: str = "", para: str = "", motivo: str = "", **dados: Any
) -> Evento:
    """Write down that something happened to `instance` without moving it. `dados` must be JSON-ready."""
    evento = event(instance, name, by=by, at=at, de=de, para=para, motivo=motivo, **dados)
    Evento.objects.write([evento])
    return evento


def record_many(events: Sequence[Evento]) -> None:
    """Write many events (see `event`) by one statement; each case's chain takes them in this order.

    The chains are locked one after another by their numbers, so that two batches never wait in a circle.
    """
    Evento.objects.write(sorted(events, key=lambda item: item.historico_id))


def event(
    instance: Any, name: str, *, by: User, at: datetime, de: str = "", para: str = "", motivo: str = "", **dados: Any
) -> Evento:
    """The event that `record` writes, not yet written."""
    return Evento(
        historico_id=instance.historico_id,
        objeto=instance._meta.label_lower,
        objeto_id=instance.pk,
        ato=name,
        de=de,
        para=para,
        autor=by,
        quando=at,
        motivo=motivo,
        dados=dados,
    )


#: Recorded in a case before its texts go; the database lets none go without it.
ANONYMISED = "ANONIMIZAR"


@transaction.atomic
def forget_texts(instance: Any, *, by: User, at: datetime) -> int:
    """Take out of a case's events whatever somebody wrote there, and record that it was done; how many events.

    Number, act, states, author and moment stay, and so do codes and days in the event's data, and the digest that the
    chain hashes: `verificar` still proves the chain. There is no way back. The database does it: nobody who works here
    may alter an event otherwise.
    """
    record(instance, ANONYMISED, by=by, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT workflow_esquecer_textos(%s)", [instance.historico_id])
        return int(cursor.fetchone()[0])


def forget_versions(model: type[models.Model], numbers: Collection[Any], *, by: User) -> int:
    """Delete these earlier rows of a versioned model at the end of retention; the database writes down that it did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workflow_esquecer_versoes(%s, %s, %s)", [model._meta.db_table, list(numbers), by.pk])
        return int(cursor.fetchone()[0])


def log_reading(*, by: User, pagina: str, objeto: Any = None, historico_id: int | None = None) -> None:
    """Write down that `by` read this person's or this case's file. One INSERT; the database sets the moment."""
    label, number = (objeto._meta.label_lower, objeto.pk) if objeto is not None else ("", None)
    prepared(READ, [by.pk, pagina, historico_id, label, number])


def log_export(*, by: User, pagina: str, filtro: Mapping[str, str], linhas: int) -> None:
    """Write down that `by` took a list of people or cases out: how it was filtered, and how many lines it had.

    What was typed to search (`q`) may be a name, so only that something was typed is kept.
    """
    shown = "; ".join(f"{name}={'(texto)' if name == 'q' else value}" for name, value in filtro.items() if value)
    shown = shown.replace("\x00", "")  # an address may hold what no column does
    Leitura.objects.create(leitor=by, pagina=pagina, filtro=shown[:400], linhas=linhas)


def require_papel(by: User, unidade_id: int, roles: frozenset[str], label: str) -> None:
    """Refuse unless `by` holds one of these papéis in the unidade. `label` names the act for the reader."""
    if not roles & by.papeis_em(unidade_id):
        who = ", ".join(sorted(str(Papel(role).label) for role in roles))
        raise ActNotAllowed(
            f"Você não pode «{label}»: o ato cabe a {who}. Peça a quem tenha esse papel na unidade do caso."
        )


def check_allowed(instance: Moved, act: Act, *, by: User) -> None:
    """Refuse unless `by` holds one of the act's papéis in the object's unidade and the state is a source."""
    require_papel(by, instance.unidade_id, act.roles, act.label)
    if instance.status not in act.sources:
        raise ActNotAllowed(_wrong_state(instance, act, by=by))


def faster(instance: Any, *, by: User) -> ActNotAllowed:
    """The refusal to the second of two: who was faster, with which act and when, as the chain of events says."""
    last = _last_move(instance)
    if last is None:
        return ActNotAllowed(f"Alguém foi mais rápido: este registro já mudou desde que a página foi aberta. {_LOOK}")
    if last.autor_id == by.pk:
        return ActNotAllowed(f"Este registro já mudou desde que a página foi aberta: {told_of(last, by)}. {_LOOK}")
    return ActNotAllowed(f"Alguém foi mais rápido: {told_of(last, by)}. {_LOOK}")


def _last_move(instance: Any) -> Evento | None:
    moves = Evento.objects.filter(objeto=instance._meta.label_lower, objeto_id=instance.pk).exclude(para="")
    return moves.select_related("autor").order_by("-sequencia").first()


def told_of(event: Evento, by: User, did: str = "") -> str:
    """Who did what and when: «Dora Coordenadora fez «Encerrar» em 04/03/2026 às 10:02»; `did` says it otherwise."""
    mine = event.autor_id == by.pk and by.usuario != SYSTEM_LOGIN
    who = "você mesmo, talvez em outra aba," if mine else str(event.autor)
    model = apps.get_model(event.objeto)._meta.label
    did = did or f"fez «{ActTable.label_of(model, event.ato)}»"
    return f"{who} {did} em {timezone.localtime(event.quando):%d/%m/%Y às %H:%M}"


def advance(
    instance: Moved,
    act: Act,
    *,
    by: User,
    at: datetime,
    motivo: str = "",
    changes: dict[str, Any] | None = None,
    **dados: Any,
) -> Evento:
    """Move `instance` by `act`, with `changes` to its other fields, and record it in the same transaction.

    Compare-and-set: the row is updated only if its status is still the one that `instance` shows.
    Raises ActNotAllowed when the papel or the state forbids it, or when somebody was faster.
    """
    if act.model != instance._meta.label:
        raise ValueError(f"{act.name} moves {act.model}, not {instance._meta.label}")
    check_allowed(instance, act, by=by)
    return _move(instance, act.name, act.target, by=by, at=at, motivo=motivo, changes=changes or {}, dados=dados)


@dataclass(frozen=True, kw_only=True)
class Move:
    """One object to be moved by `advance_many`: with changes to its other fields, and data for its event."""

    instance: Any
    changes: dict[str, Any] = field(default_factory=dict)
    dados: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def advance_many(moves: Sequence[Move], act: Act, *, by: User, at: datetime) -> None:
    """Move many objects by one act, all or none: one UPDATE per status that they come from, one INSERT of events.

    As `advance` for each, which the caller has asked before (`check_allowed`) about every single one. Each object
    stands once in `moves`, and all change the same fields.
    """
    by_status: dict[str, list[Move]] = {}
    for move in moves:
        if act.model != move.instance._meta.label:
            raise ValueError(f"{act.name} moves {act.model}, not {move.instance._meta.label}")
        check_allowed(move.instance, act, by=by)
        by_status.setdefault(move.instance.status, []).append(move)
    for before, some in by_status.items():
        manager: models.Manager[Any] = type(some[0].instance)._base_manager
        keys = [move.instance.pk for move in some]
        if manager.filter(pk__in=keys, status=before).update(status=act.target, **_changed(some)) != len(some):
            raise _faster_of(some, before, by=by)
    events = [
        event(move.instance, act.name, by=by, at=at, de=move.instance.status, para=act.target, **move.dados)
        for move in moves
    ]
    for move in moves:
        for name, value in {"status": act.target, **move.changes}.items():
            setattr(move.instance, name, value)
    record_many(events)


def _faster_of(moves: Sequence[Move], before: str, *, by: User) -> ActNotAllowed:
    """The refusal about the first of many that somebody else moved meanwhile."""
    manager: models.Manager[Any] = type(moves[0].instance)._base_manager
    keys = [move.instance.pk for move in moves]
    moved = set(manager.filter(pk__in=keys).exclude(status=before).values_list("pk", flat=True))
    first = next((move.instance for move in moves if move.instance.pk in moved), moves[0].instance)
    return faster(first, by=by)


def _changed(moves: Sequence[Move]) -> dict[str, Any]:
    """The new values by field: one value where all agree, a CASE by primary key where they differ."""
    values: dict[str, Any] = {}
    for name, first in moves[0].changes.items():
        if all(move.changes[name] == first for move in moves):
            values[name] = first
        else:
            whens = [models.When(pk=move.instance.pk, then=models.Value(move.changes[name])) for move in moves]
            values[name] = models.Case(*whens)
    return values


def rectify(
    instance: Moved,
    status: str,
    *,
    by: User,
    at: datetime,
    motivo: str,
    changes: dict[str, Any] | None = None,
) -> Evento:
    """Correct a wrong status outside the act table: coordenador only, with a written reason, recorded alike."""
    if Papel.COORDENADOR not in by.papeis_em(instance.unidade_id):
        raise ActNotAllowed("Só um coordenador da unidade retifica um status. Peça a ele, com o motivo por escrito.")
    if not motivo.strip():
        raise ContentRefused(
            "A retificação precisa de motivo. Escreva por que o status está errado.",
            errors={"motivo": "Escreva o motivo."},
        )
    known = {value for value, _ in instance._meta.get_field("status").flatchoices}
    if status not in known:
        raise ContentRefused(
            f"«{status}» não é um status conhecido. Escolha um da lista.", errors={"status": "Escolha um da lista."}
        )
    return _move(instance, "RETIFICAR", status, by=by, at=at, motivo=motivo, changes=changes or {}, dados={})


@transaction.atomic
def _move(
    instance: Any,
    name: str,
    target: str,
    *,
    by: User,
    at: datetime,
    motivo: str,
    changes: dict[str, Any],
    dados: dict[str, Any],
) -> Evento:
    before = instance.status
    manager: models.Manager[Any] = type(instance)._base_manager
    if not manager.filter(pk=instance.pk, status=before).update(status=target, **changes):
        raise faster(instance, by=by)
    for name_of_field, value in {"status": target, **changes}.items():
        setattr(instance, name_of_field, value)
    return record(instance, name, by=by, at=at, de=before, para=target, motivo=motivo, **dados)


def _wrong_state(instance: Moved, act: Act, *, by: User) -> str:
    labels = dict(instance._meta.get_field("status").flatchoices)
    now = labels.get(instance.status, instance.status)
    wanted = " ou ".join(sorted(f"«{labels.get(state, state)}»" for state in act.sources))
    last = _last_move(instance)
    explained = last is not None and last.de in act.sources and last.para == instance.status
    why = f"{told_of(last, by)[:1].upper()}{told_of(last, by)[1:]}." if explained and last else "Atualize a página."
    return f"Não é possível «{act.label}»: o registro está em «{now}», e o ato pede {wanted}. {why}"
