"""What changed in a case, field by field: read from the earlier rows that triggers keep (decision 41)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import F, Value
from django.db.models.expressions import RawSQL
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import localtime

from accounts.models import User
from cases.models import Atendimento
from parties.identifiers import format_cnpj, mask_cpf
from workflow.models import Evento

#: From each versioned model to its case. A model that is versioned and belongs to no case is not named here.
PATHS = {
    "cases.Atendimento": "pk",
    "cases.Reclamado": "atendimento",
    "cases.Contato": "reclamado__atendimento",
    "cases.CIP": "reclamado__atendimento",
    "cases.Reclamacao": "atendimento",
    "cases.Classificacao": "reclamado__atendimento",
    "cases.Defesa": "reclamado__atendimento",
    "cases.Acordo": "reclamado__atendimento",
    "cases.Parcela": "acordo__reclamado__atendimento",
    "cases.Parecer": "reclamacao__atendimento",
    "cases.Proposta": "reclamado__atendimento",
    "cases.Recurso": "classificacao__reclamado__atendimento",
    "cases.Anexo": "atendimento",
    "cases.Compra": "atendimento",
    "cases.Representante": "atendimento",
    "parties.Consumidor": "atendimentos",
}
#: Health data: that it changed is said, what it says is not.
SENSITIVE = {"prioridades"}
_COLUMNS = ("v_modelo", "pgh_obj_id", "pgh_id", "pgh_label", "pgh_created_at", "pgh_context", "v_antes", "v_depois")
_JSON = {"pgh_context", "v_antes", "v_depois"}
#: Stand in the kept statement for the case and the moment that are asked for; no other value in it is like them.
_A_CASE, _A_MOMENT = -1, datetime.min.replace(tzinfo=UTC)
#: The kinds of row whose name says something; what else a field may point to is told by the event itself.
NAMED = {
    "accounts.Unidade", "accounts.User", "cases.Assunto", "cases.Atendimento", "cases.Orgao", "cases.Problema",
    "cases.Reclamado", "parties.Consumidor", "parties.Fornecedor",
}  # fmt: skip
#: An act writes the row and its event in one breath.
SAME_ACT = timedelta(seconds=5)
#: A long text is shown up to here.
SHOWN = 300

#: Which object moved from which status to which, and when that was recorded.
Moved = dict[tuple[str, int, str, str], datetime]


@dataclass(frozen=True)
class Change:
    """One field: its label, and its value before and after, in words."""

    campo: str
    antes: str
    depois: str


@dataclass
class Entry:
    """One line of the time line: an event of the history, or the fields that changed in one row."""

    quando: datetime
    autor: str
    #: Its place: moment of the record, changes after the event of the same moment, then number.
    ordem: tuple[datetime, int, int]
    evento: Evento | None = None
    titulo: str = ""
    mudancas: list[Change] = field(default_factory=list)


def timeline(atendimento: Atendimento, *, limit: int, before: datetime | None = None) -> tuple[list[Entry], bool]:
    """The newest `limit` lines recorded before a moment, newest first, and whether there are older ones.

    Lines of one moment stay together, even where they are more than the limit: the next page begins before the last
    one's moment. Two queries, and one for each kind of row that a changed field points to.
    """
    entries = _gather(atendimento, "" if before is None else "lt", before, limit + 1)
    if len(entries) <= limit:
        return entries, False
    last = entries[limit].ordem[0]
    whole = [entry for entry in entries[:limit] if entry.ordem[0] != last]
    return whole or _gather(atendimento, "exact", last, None), True


def changes_of(row: models.Model, *, limit: int) -> list[Entry]:
    """The newest `limit` changes of one versioned row, newest first, whatever path made them.

    Two queries, and one for each kind of row that a changed field points to.
    """
    kept = _kept(row._meta.label, models.Q(pgh_obj=row.pk))
    return _entries(list(kept.order_by("-pgh_created_at", "-pgh_id")[:limit]), {})


def _gather(atendimento: Atendimento, window: str, moment: datetime | None, limit: int | None) -> list[Entry]:
    told = Evento.objects.filter(historico=atendimento.historico_id).select_related("autor")
    within = {f"registrado_em__{window}": moment} if window else {}
    events = list(told.filter(**within).order_by("-sequencia")[:limit])
    entries = [
        Entry(item.quando, str(item.autor), (item.registrado_em, 0, item.sequencia), evento=item) for item in events
    ]
    moved = {(item.objeto, item.objeto_id, item.de, item.para): item.registrado_em for item in events}
    entries += _entries(_read(atendimento.pk, window, moment, limit), moved)
    return sorted(entries, key=lambda entry: entry.ordem, reverse=True)


def _entries(rows: list[dict[str, Any]], moved: Moved) -> list[Entry]:
    found = [(row, _pairs(row, moved)) for row in rows]
    names = _names(pair for _, pairs in found for pair in pairs)
    people = User.objects.in_bulk({number for row in rows if (number := _who(row)) is not None}) if rows else {}
    entries = []
    for row, pairs in found:
        if not pairs and row["pgh_label"] == "alterado":
            continue
        who = people.get(_who(row) or 0)
        label = str(apps.get_model(row["v_modelo"])._meta.verbose_name)
        entries.append(
            Entry(
                row["pgh_created_at"],
                str(who) if who else "sem autor identificado",
                (row["pgh_created_at"], 1, row["pgh_id"]),
                titulo=f"{'Apagou' if row['pgh_label'] == 'apagado' else 'Alterou'}: {label}",
                mudancas=[_told(item, old, new, names) for item, old, new in pairs],
            )
        )
    return entries


def _who(row: dict[str, Any]) -> int | None:
    return (row["pgh_context"] or {}).get("user")


def _read(case: int, window: str, moment: datetime | None, limit: int | None) -> list[dict[str, Any]]:
    """Every earlier row of the case's rows, as JSON, with the row that followed it; one statement."""
    statement, values = _statement(window)
    asked: dict[Any, Any] = {_A_CASE: case, _A_MOMENT: moment}
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT %s", [*(asked.get(value, value) for value in values), limit])
        rows = [dict(zip(_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    return [
        {name: json.loads(value) if name in _JSON and value else value for name, value in row.items()} for row in rows
    ]


@cache
def _statement(window: str) -> tuple[str, tuple[Any, ...]]:
    """The statement, written once: of sixteen models that takes the program longer than the database to answer it."""
    within = models.Q(**{f"moment__{window}": _A_MOMENT}) if window else models.Q()
    parts = [
        _kept(label, within & models.Q(**{f"pgh_obj__{path}": _A_CASE})).order_by() for label, path in PATHS.items()
    ]
    rows = parts[0].union(*parts[1:], all=True).order_by("-pgh_created_at", "-pgh_id")
    statement, values = rows.query.sql_with_params()
    return statement, tuple(values)


def _kept(label: str, condition: models.Q) -> Any:
    """The earlier rows of one model that meet the condition, as JSON, each with the row that followed it."""
    model = apps.get_model(label)
    version = version_of(model)
    live, kept, key = model._meta.db_table, version._meta.db_table, model._meta.pk.column
    rows = version._base_manager.alias(moment=F("pgh_created_at")).filter(condition)
    followed = RawSQL(  # noqa: S611  the tables' names come from the models
        f'coalesce((SELECT to_jsonb(n) FROM "{kept}" n WHERE n.pgh_obj_id = "{kept}".pgh_obj_id '  # noqa: S608
        f'AND n.pgh_id > "{kept}".pgh_id ORDER BY n.pgh_id LIMIT 1), '
        f'(SELECT to_jsonb(t) FROM "{live}" t WHERE t."{key}" = "{kept}".pgh_obj_id))',
        (),
        output_field=models.JSONField(),
    )
    said = RawSQL(f'to_jsonb("{kept}".*)', (), output_field=models.JSONField())  # noqa: S611  as above
    return rows.annotate(v_modelo=Value(label), v_antes=said, v_depois=followed).values(*_COLUMNS)


def version_of(model: Any) -> type[models.Model]:
    """The model that keeps the earlier rows of this one."""
    return apps.get_model(model._meta.app_label, f"{model.__name__}Versao")


def _pairs(row: dict[str, Any], moved: Moved) -> list[tuple[models.Field[Any, Any], Any, Any]]:
    """The fields whose value differs, with both values as JSON has them; not a status that an event tells already."""
    model = apps.get_model(row["v_modelo"])
    before, after = row["v_antes"], row["v_depois"]
    kept = {item.column for item in version_of(model)._meta.concrete_fields}
    if after is None:
        return []
    step = (model._meta.label_lower, row["pgh_obj_id"], before.get("status"), after.get("status"))
    told = step in moved and abs(moved[step] - row["pgh_created_at"]) < SAME_ACT
    return [
        (item, before.get(item.column), after.get(item.column))
        for item in model._meta.concrete_fields
        if item.column in kept
        and before.get(item.column) != after.get(item.column)
        and not (item.name == "status" and told)
        and not (item.is_relation and item.related_model._meta.label not in NAMED)
    ]


def _names(pairs: Iterable[tuple[models.Field[Any, Any], Any, Any]]) -> dict[tuple[str, int], str]:
    """What the rows are called to which changed fields point; one query for each kind."""
    wanted: dict[Any, set[int]] = {}
    for item, *values in pairs:
        if item.is_relation:
            wanted.setdefault(item.related_model, set()).update(value for value in values if value is not None)
    return {
        (model._meta.label, row.pk): str(row)
        for model, numbers in wanted.items()
        for row in model._base_manager.filter(pk__in=numbers)
    }


def _told(item: models.Field[Any, Any], before: Any, after: Any, names: dict[tuple[str, int], str]) -> Change:
    label = str(item.verbose_name)
    label = label[:1].upper() + label[1:]
    if item.name in SENSITIVE:
        return Change(label, "(reservado)", "(reservado)")
    return Change(label, _words(item, before, names), _words(item, after, names))


def _words(item: models.Field[Any, Any], value: Any, names: dict[tuple[str, int], str]) -> str:
    """A value as people read it: choices by label, dates as here, the CPF masked, rows by name."""
    if value is None or value == "":
        return "(vazio)"
    if item.is_relation:
        related: Any = item.related_model
        return names.get((related._meta.label, value), f"nº {value}")
    if item.name == "cpf":
        return mask_cpf(value)
    if item.name == "cnpj":
        return format_cnpj(value)
    if isinstance(value, bool):
        return "sim" if value else "não"
    if item.choices:
        return str(dict(item.flatchoices).get(value, value))
    if isinstance(item, models.DecimalField):
        return f"{value:.{item.decimal_places}f}".replace(".", ",")
    moment = _moment(item, value)
    text = moment or str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _moment(item: models.Field[Any, Any], value: Any) -> str:
    if isinstance(item, models.DateTimeField):
        read: date | None = parse_datetime(str(value))
        return f"{localtime(read):%d/%m/%Y %H:%M}" if isinstance(read, datetime) else ""
    if isinstance(item, models.DateField):
        read = parse_date(str(value))
        return f"{read:%d/%m/%Y}" if read else ""
    return ""
