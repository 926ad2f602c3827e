"""The list of cases as it is shown: plain rows, their words ready: a page costs little more than its SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from cases.models import Atendimento, Canal, Desfecho, Reclamado, Tipo
from cases.templatetags.casos import cor, prioridade
from parties.identifiers import mask_cpf

#: What is read of a case for one line, in one query with its consumer and its assunto.
FIELDS = (
    "id", "protocolo", "tipo", "canal", "status", "desfecho", "prioridade", "valor", "aberto_em", "encerrado_em",
    "unidade__nome", "consumidor__nome", "consumidor__nome_social", "consumidor__cpf", "assunto__descricao",
)  # fmt: skip
#: What a page shows of them; the rest is for spreadsheets.
SHOWN = tuple(name for name in FIELDS if name not in ("canal", "valor", "encerrado_em", "unidade__nome"))
TIPOS: Mapping[str, str] = {value: str(label) for value, label in Tipo.choices}
CANAIS: Mapping[str, str] = {value: str(label) for value, label in Canal.choices}
DESFECHOS: Mapping[str, str] = {value: str(label) for value, label in Desfecho.choices}
SITUACOES: Mapping[str, tuple[str, str]] = {
    value: (str(label), cor(value)) for value, label in Atendimento.Status.choices
}


@dataclass(frozen=True, slots=True)
class Line:
    """One case as a line of the list shows it."""

    chave: str
    protocolo: str
    consumidor: str
    cpf: str
    prioridade: str
    fornecedores: list[str]
    tipo: str
    assunto: str
    situacao: str
    cor: str
    desfecho: str
    aberto_em: str


def lines(rows: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The lines of a page; the suppliers of all of them in one query."""
    rows = list(rows)
    names = suppliers([row["id"] for row in rows])
    zone = timezone.get_current_timezone()
    return [_line(row, names.get(row["id"], []), zone) for row in rows]


def suppliers(keys: list[int]) -> dict[int, list[str]]:
    """The names of the suppliers of these cases, by case."""
    found: dict[int, list[str]] = {}
    parties = Reclamado.objects.filter(atendimento__in=keys).order_by("pk") if keys else Reclamado.objects.none()
    for key, trade, legal in parties.values_list(
        "atendimento_id", "fornecedor__nome_fantasia", "fornecedor__razao_social"
    ):
        found.setdefault(key, []).append(trade or legal)
    return found


def _line(row: Mapping[str, Any], names: list[str], zone: Any) -> Line:
    label, colour = SITUACOES[row["status"]]
    return Line(
        str(row["id"]),
        row["protocolo"],
        row["consumidor__nome_social"] or row["consumidor__nome"] or "",
        mask_cpf(row["consumidor__cpf"]) if row["consumidor__cpf"] else "",
        prioridade(row["prioridade"]),
        names,
        TIPOS[row["tipo"]],
        row["assunto__descricao"] or "",
        label,
        colour,
        DESFECHOS.get(row["desfecho"], ""),
        moment(row["aberto_em"], zone),
    )


def moment(value: datetime | None, zone: ZoneInfo | Any) -> str:
    """A moment as it is read here: 04/03/2026 10:00."""
    return value.astimezone(zone).strftime("%d/%m/%Y %H:%M") if value else ""
