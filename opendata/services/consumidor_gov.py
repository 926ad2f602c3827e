"""Importing the open data of consumidor.gov.br: sums by company, month and place, each file whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Unidade
from cases.rules.domicile import cities
from opendata.layout.consumidor_gov import Complaint, ConductDialect, Kind, plain, published, read
from opendata.layout.sindec import LineRefused
from opendata.models import ArquivoConsumidorGov, CondutaConsumidorGov, EmpresaConsumidorGov
from opendata.queries.conduct import SUMS
from opendata.services.importing import RefusedLines, Result
from opendata.sources import FileRefused, Source, conduct_dialect, open_sources

BRAZIL = "BR"
BATCH = 5_000
#: So many sums are held in memory, then added to what is stored; a real month has a tenth.
MOST_SUMS = 60_000

(
    _RECLAMACOES, _RESPONDIDAS, _RESOLVIDAS, _NAO_RESOLVIDAS, _NAO_AVALIADAS, _CANCELADAS, _NOTAS, _NOTAS_SOMA,
    _RESPOSTAS, _DIAS_SOMA,
) = range(len(SUMS))  # fmt: skip
_VERDICTS = {"resolvida": _RESOLVIDAS, "nao_resolvida": _NAO_RESOLVIDAS, "nao_avaliada": _NAO_AVALIADAS}

_COMPANIES = """
INSERT INTO opendata_empresaconsumidorgov AS e (chave, nome, segmento, vista_em)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[])
ON CONFLICT (chave) DO UPDATE SET nome = excluded.nome, segmento = excluded.segmento, vista_em = excluded.vista_em
    WHERE excluded.vista_em >= e.vista_em
"""
_CONDUCT = f"""
INSERT INTO opendata_condutaconsumidorgov AS c (arquivo_id, empresa_id, mes, lugar, {", ".join(SUMS)})
SELECT %s, e.id, s.mes, s.lugar, {", ".join(f"s.{name}" for name in SUMS)}
FROM unnest(%s::text[], %s::date[], %s::text[], {", ".join("%s::int[]" for _ in SUMS)})
    AS s (chave, mes, lugar, {", ".join(SUMS)})
    JOIN opendata_empresaconsumidorgov e ON e.chave = s.chave
ON CONFLICT (arquivo_id, empresa_id, mes, lugar) DO UPDATE
    SET {", ".join(f"{name} = c.{name} + excluded.{name}" for name in SUMS)}
"""  # noqa: S608  no outside text in it


@dataclass
class ConductResult(Result):
    """What came of one file; `novos` are the lines that are counted now and were not."""

    #: Lines of complaints that are neither finished nor cancelled.
    ignorados: int = 0
    #: The files whose place this one took.
    substituidos: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """The same object as for the national register, with what is told here besides."""
        return {**super().as_json(), "ignorados": self.ignorados, "substituidos": self.substituidos}

    def sentence(self) -> str:
        """The result in words."""
        told = f"{super().sentence()}, {self.ignorados} nem finalizados nem cancelados"
        return f"{told}; no lugar de {', '.join(self.substituidos)}" if self.substituidos else told


@dataclass(frozen=True)
class Places:
    """Where complaints are summed: the cities of the office's unidades, their UFs, Brazil."""

    cidades: dict[tuple[str, str], str]
    ufs: frozenset[str]

    @property
    def codes(self) -> list[str]:
        """As they are stored."""
        return [*sorted(self.cidades.values()), *sorted(self.ufs), BRAZIL]

    def of(self, uf: str, cidade: str) -> tuple[str, ...]:
        """The places in which a complaint from there counts."""
        if uf not in self.ufs:
            return (BRAZIL,)
        city = self.cidades.get((uf, cidade))
        return (city, uf, BRAZIL) if city else (uf, BRAZIL)


def office_places() -> Places:
    """The places of this office, in one read."""
    codes = set(Unidade.objects.values_list("municipio", flat=True))
    known = [cities()[code] for code in codes if code in cities()]
    return Places({(city.uf, plain(city.name)): city.code for city in known}, frozenset(city.uf for city in known))


def import_conduct(
    name: str, *, at: datetime, lists: Path, progress: Callable[[int, int], None] | None = None
) -> ConductResult:
    """Count one file (csv, gz or zip) in one transaction; the same file again brings nothing new.

    A file of the same kind and period as one that is counted takes its place. Lines that tell of no complaint are
    refused one by one, listed with number and reason in a CSV under `lists`. `progress` is told (lines read since the
    last time, all lines). Raises FileRefused, and then nothing was changed (docs/decisions/0086).
    """
    result = ConductResult(name)
    sources = open_sources(Path(name), conduct_dialect)
    places, total = office_places(), sum(source.lines for source in sources)
    refused = RefusedLines(lists, Path(name), at)
    with refused, transaction.atomic():
        for source in sources:
            for lines in _counted(source, places, result, refused, at):
                if progress:
                    progress(lines, total)
        EmpresaConsumidorGov.objects.filter(condutas__isnull=True).delete()
    result.lista = refused.path
    return result


def _counted(
    source: Source[ConductDialect], places: Places, result: ConductResult, refused: RefusedLines, at: datetime
) -> Iterator[int]:
    """Count one CSV; tells how many lines were read since the last time."""
    digest = source.digest()
    known = ArquivoConsumidorGov.objects.filter(sha256=digest).first()
    if known and set(places.codes) <= set(known.lugares):
        result.linhas += known.linhas
        result.repetidos += known.contadas
        result.ignorados += known.ignoradas
        result.recusados += known.recusadas
        yield source.lines
        return
    stored = _make_room(source, places, digest, known, result, at)
    sums = Sums(stored, places)
    for batch in _batches(source, refused, sums):
        sums.add(batch)
        yield BATCH
    sums.store()
    if not stored.contadas:
        raise FileRefused(f"Nenhuma linha de {source.name} se pôde contar. Confira o arquivo e a lista das recusadas.")
    stored.linhas = stored.contadas + stored.ignoradas + stored.recusadas
    stored.save()
    _refuse_counted_twice(stored)
    result.linhas += stored.linhas
    result.novos += stored.contadas
    result.ignorados += stored.ignoradas
    result.recusados += stored.recusadas


def _make_room(
    source: Source[ConductDialect], places: Places, digest: str, known: ArquivoConsumidorGov | None,
    result: ConductResult, at: datetime,
) -> ArquivoConsumidorGov:  # fmt: skip
    """The row of a file that is about to be counted, in the place of what told of the same. Raises FileRefused."""
    told = published(source.name) or published(source.path.name)
    if told is None:
        raise FileRefused(
            f"O nome de {source.name} não diz de que mês, semestre ou ano é. Dê-lhe o nome com que foi publicado, como "
            "finalizadas_2023-01.csv, 2018-S2.csv ou 2014.csv."
        )
    kind, first, last = told
    period = DateRange(first, last + timedelta(days=1))
    if known:  # the same text, counted before this office had all the places that it has now
        known.delete()
    for other in ArquivoConsumidorGov.objects.filter(tipo=kind.value, periodo__overlap=period):
        if other.periodo != period:
            raise FileRefused(
                f"{source.name} fala de dias que {other.nome} já conta, e contaria duas vezes as mesmas reclamações. "
                f"Importe os arquivos com a divisão de {other.nome}."
            )
        result.substituidos.append(other.nome)
        other.delete()
    return ArquivoConsumidorGov.objects.create(
        nome=source.name[-255:], tipo=kind.value, periodo=period, sha256=digest, linhas=0, contadas=0, ignoradas=0,
        recusadas=0, lugares=places.codes, importado_em=at,
    )  # fmt: skip


def _refuse_counted_twice(stored: ArquivoConsumidorGov) -> None:
    """A month of finalisation comes from one kind of file: the two kinds tell of the same complaints."""
    months = stored.condutas.values("mes")
    other = CondutaConsumidorGov.objects.filter(mes__in=months).exclude(arquivo__tipo=stored.tipo)
    found = other.select_related("arquivo").order_by("mes").first()
    if found:
        raise FileRefused(
            f"{stored.nome} é do tipo «{Kind(stored.tipo).value.replace('_', ' ')}», e as reclamações de "
            f"{found.mes:%m/%Y} já vêm de {found.arquivo.nome}, do outro tipo: contariam duas vezes. "
            "Siga com os arquivos do mesmo tipo dos que já importou."
        )


def _batches(source: Source[ConductDialect], refused: RefusedLines, sums: Sums) -> Iterator[list[Complaint]]:
    """Batches of complaints that count, of BATCH lines each."""
    batch: list[Complaint] = []
    stored = sums.arquivo
    for count, (number, line) in enumerate(source.records(), 1):
        try:
            complaint = read(line, source.dialect)
        except LineRefused as refusal:
            stored.recusadas += 1
            refused.add(source.member, number, str(refusal))
        else:
            if complaint is None:
                stored.ignoradas += 1
            else:
                batch.append(complaint)
        if count % BATCH == 0:
            yield batch
            batch = []
    yield batch


class Sums:
    """The sums of one file, held in memory up to MOST_SUMS."""

    def __init__(self, arquivo: ArquivoConsumidorGov, places: Places) -> None:
        self.arquivo = arquivo
        self._places = places
        self._sums: dict[tuple[str, date, str], list[int]] = {}
        self._companies: dict[str, tuple[str, str, date]] = {}

    def add(self, complaints: Iterable[Complaint]) -> None:
        """Count these."""
        for one in complaints:
            self.arquivo.contadas += 1
            seen = self._companies.get(one.chave)
            if seen is None or one.mes >= seen[2]:
                self._companies[one.chave] = (one.nome, one.segmento, one.mes)
            for place in self._places.of(one.uf, one.cidade):
                key = (one.chave, one.mes, place)
                counts = self._sums.get(key)
                if counts is None:
                    counts = self._sums[key] = [0] * len(SUMS)
                _count(counts, one)
        if len(self._sums) > MOST_SUMS:
            self.store()

    def store(self) -> None:
        """Add what is held to what is stored."""
        if not self._sums:
            return
        companies = [(key, *told) for key, told in self._companies.items()]
        rows = [(*key, *counts) for key, counts in self._sums.items()]
        with connection.cursor() as cursor:
            cursor.execute(_COMPANIES, [list(column) for column in zip(*companies, strict=True)])
            cursor.execute(_CONDUCT, [self.arquivo.pk, *(list(column) for column in zip(*rows, strict=True))])
        self._sums.clear()
        self._companies.clear()


def _count(counts: list[int], one: Complaint) -> None:
    """One complaint: a cancelled one counts as that alone; days count where there was an answer."""
    if one.cancelada:
        counts[_CANCELADAS] += 1
        return
    counts[_RECLAMACOES] += 1
    counts[_VERDICTS[one.avaliacao]] += 1
    if one.nota is not None:
        counts[_NOTAS] += 1
        counts[_NOTAS_SOMA] += one.nota
    if one.respondida:
        counts[_RESPONDIDAS] += 1
        if one.dias is not None:
            counts[_RESPOSTAS] += 1
            counts[_DIAS_SOMA] += one.dias
