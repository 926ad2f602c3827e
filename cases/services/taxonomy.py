"""Loading SINDEC's taxonomy and the list of bodies from the files in cases/data."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import models

from cases.models import Assunto, Orgao, Problema, ProblemaDoAssunto
from workflow.integrity import whole

DATA = Path(__file__).parent.parent / "data"


@whole
def load_taxonomy(folder: Path = DATA) -> dict[str, int]:
    """Bring the tables in step with the files: new terms come in, changed ones change, missing ones are retired.

    May run any number of times. Nothing is deleted, because old cases point at old terms. Returns the number of
    terms in use, by list.
    """
    Assunto.objects.bulk_create(
        [
            Assunto(codigo=row["codigo"], area=row["area"], descricao=row["descricao"])
            for row in _rows(folder, "assuntos")
        ],
        update_conflicts=True,
        unique_fields=["codigo"],
        update_fields=["area", "descricao", "ativo"],
    )
    _retire(Assunto, codigo__in=[row["codigo"] for row in _rows(folder, "assuntos")])
    _load_problems(folder)
    Orgao.objects.bulk_create(
        [Orgao(sigla=row["sigla"], nome=row["nome"]) for row in _rows(folder, "orgaos")],
        update_conflicts=True,
        unique_fields=["sigla"],
        update_fields=["nome", "ativo"],
    )
    _retire(Orgao, sigla__in=[row["sigla"] for row in _rows(folder, "orgaos")])
    return {
        "assuntos": Assunto.objects.filter(ativo=True).count(),
        "problemas": Problema.objects.filter(ativo=True).count(),
        "problemas dos assuntos": ProblemaDoAssunto.objects.filter(ativo=True).count(),
        "órgãos": Orgao.objects.filter(ativo=True).count(),
    }


def _load_problems(folder: Path) -> None:
    """The problems, and which of them may be chosen under which assunto."""
    names = [row["descricao"] for row in _rows(folder, "problemas")]
    Problema.objects.bulk_create(
        [Problema(descricao=name) for name in names],
        update_conflicts=True,
        unique_fields=["descricao"],
        update_fields=["ativo"],
    )
    _retire(Problema, descricao__in=names)
    ids = dict(Problema.objects.values_list("descricao", "pk"))
    pairs: dict[tuple[int, int], ProblemaDoAssunto] = {}
    for row in _rows(folder, "assunto_problema"):  # the most used code of a pair comes first
        key = (int(row["assunto"]), ids[row["problema"]])
        pair = pairs.setdefault(
            key, ProblemaDoAssunto(assunto_id=key[0], problema_id=key[1], codigo_sindec=int(row["codigo_sindec"]))
        )
        pair.frequencia += int(row["n_2017"])
        pair.codigos_sindec.append(int(row["codigo_sindec"]))
    ProblemaDoAssunto.objects.bulk_create(
        pairs.values(),
        update_conflicts=True,
        unique_fields=["assunto", "problema"],
        update_fields=["codigo_sindec", "codigos_sindec", "frequencia", "ativo"],
    )
    stale = [
        pk
        for pk, *key in ProblemaDoAssunto.objects.filter(ativo=True).values_list("pk", "assunto_id", "problema_id")
        if tuple(key) not in pairs
    ]
    ProblemaDoAssunto.objects.filter(pk__in=stale).update(ativo=False)


def _retire(model: type[models.Model], **kept: Any) -> None:
    """Mark as out of use every term that the file no longer has."""
    model._default_manager.filter(ativo=True).exclude(**kept).update(ativo=False)


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
