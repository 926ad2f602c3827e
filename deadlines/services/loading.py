"""The loading of the calendar and of the rules from the data files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from deadlines import lawdata
from deadlines.models import Feriado, RegraDePrazo
from workflow.errors import ContentRefused


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load wrote: days and rule versions that were not there before."""

    days: int
    rules: int


@transaction.atomic
def load_calendar(years: Iterable[int] = lawdata.YEARS) -> Loaded:
    """Load the days and rules of the data files; what is there already stays as it is.

    A rule version that some term used is never changed: the load refuses a file that tries to.
    """
    wanted = list(lawdata.holiday_rows(years))
    known = set(Feriado.objects.values_list("data", "nome"))
    missing = [Feriado(**row) for row in wanted if (row["data"], row["nome"]) not in known]
    Feriado.objects.bulk_create(missing, ignore_conflicts=True)
    return Loaded(len(missing), _load_rules())


def _load_rules() -> int:
    stored = {(row.nome, row.versao): row for row in RegraDePrazo.objects.all()}
    fresh = []
    for wanted in lawdata.rule_rows():
        row = stored.get((wanted["nome"], wanted["versao"]))
        if row is None:
            fresh.append(RegraDePrazo(**wanted))
        else:
            _bring_up_to_date(row, wanted)
    RegraDePrazo.objects.bulk_create(fresh)
    return len(fresh)


def _bring_up_to_date(row: RegraDePrazo, wanted: dict[str, object]) -> None:
    """Close a version, or correct one that no term used yet; refuse to change one that was used."""
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    closing = row.vigente_ate is None and set(changed) == {"vigente_ate"}
    if row.vigente_ate is not None and wanted["vigente_ate"] is None:
        changed.pop("vigente_ate", None)  # the office closed it; the file does not open it again
    if changed and not closing and row.prazos.exists():
        raise ContentRefused(
            f"A regra «{row.nome}» versão {row.versao} já tem prazos contados, e não muda mais. "
            "Escreva a mudança como versão nova, com a sua vigência.",
            errors={"nome": row.nome},
        )
    if changed:
        RegraDePrazo.objects.filter(pk=row.pk).update(**changed)
