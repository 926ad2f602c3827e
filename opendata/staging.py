"""Records on their way into the tables: batches by COPY, suppliers and terms made as they are met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from cases.models import Assunto, Problema, ProblemaDoAssunto
from opendata.layout.sindec import (
    ABERTO,
    ANO,
    ARQUIVADO,
    ASSUNTO,
    ASSUNTO_NOME,
    ATENDIDA,
    CEP,
    CNAE,
    CNPJ,
    FAIXA,
    FANTASIA,
    FANTASIA_RFB,
    PROBLEMA,
    PROBLEMA_NOME,
    RADICAL,
    RAZAO,
    RAZAO_RFB,
    SEPARATOR,
    SEXO,
    TIPO,
    UF,
    company,
    identity,
    known,
    masked,
)

#: The register writes moments without zone, as Brasília's clock shows them.
ZONE = "America/Sao_Paulo"
#: Spellings are written when so many have gathered, so that memory stays bounded.
MOST_SPELLINGS = 50_000

_COLUMNS = (
    "impressao, ano_calendario, arquivado_em, aberto_em, uf, fornecedor_id, razao_social, nome_fantasia, tipo, cnpj, "
    "radical, atendida, assunto_id, problema_id, sexo, faixa_etaria, cep, original"
)
_STAGES = f"""
    CREATE TEMP TABLE IF NOT EXISTS sindec_registros ON COMMIT DELETE ROWS AS
        SELECT {_COLUMNS.replace("_em", "_em::timestamp")} FROM cases_registronacional WITH NO DATA;
    CREATE TEMP TABLE IF NOT EXISTS sindec_fornecedores (
        cnpj text, razao_social text, nome_fantasia text, cnae text) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS sindec_grafias (fornecedor_id bigint, nome text) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS sindec_impressoes (impressao bytea) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE IF NOT EXISTS sindec_simulados (impressao bytea PRIMARY KEY);
"""  # noqa: S608  no outside text in it
_SUPPLIERS = """
    INSERT INTO parties_fornecedor AS f (cnpj, razao_social, nome_fantasia, cnae, cep, logradouro, numero, complemento,
        bairro, municipio, uf, email, telefone, cip_eletronica, a_completar, nome_busca)
    SELECT cnpj, razao_social, nome_fantasia, cnae, '', '', '', '', '', '', '', '', '', false, razao_social = cnpj, ''
    FROM sindec_fornecedores ORDER BY cnpj
    ON CONFLICT (cnpj) DO UPDATE SET razao_social = excluded.razao_social, a_completar = excluded.a_completar
        WHERE f.a_completar AND NOT excluded.a_completar
"""
_SPELLINGS = """
    INSERT INTO parties_grafia (fornecedor_id, nome)
    SELECT s.fornecedor_id, s.nome FROM sindec_grafias s JOIN parties_fornecedor f ON f.id = s.fornecedor_id
    WHERE s.nome NOT IN (f.razao_social, f.nome_fantasia)
    ORDER BY 1, 2 ON CONFLICT DO NOTHING
"""
_RECORDS = f"""
    INSERT INTO cases_registronacional ({_COLUMNS})
    SELECT {_COLUMNS.replace("_em", f"_em AT TIME ZONE '{ZONE}'")} FROM sindec_registros
    ON CONFLICT (impressao) DO NOTHING
"""  # noqa: S608  no outside text in it
_SIMULATION = """
    INSERT INTO sindec_simulados SELECT s.impressao FROM sindec_impressoes s
    WHERE NOT EXISTS (SELECT FROM cases_registronacional r WHERE r.impressao = s.impressao)
    ON CONFLICT DO NOTHING
"""

Record = list[str]


def open_stages() -> None:
    """Make the temporary tables of this connection; they empty themselves at every commit."""
    with connection.cursor() as cursor:
        cursor.execute(_STAGES)


def simulate(records: Sequence[Record]) -> int:
    """How many of the records would be new, those of files simulated before included."""
    if not records:
        return 0
    _copy("sindec_impressoes (impressao)", [f"\\\\x{identity(record).hex()}" for record in records])
    return _run(_SIMULATION, "sindec_impressoes")


@dataclass
class Writer:
    """Writes the records of one file, in the caller's transaction."""

    suppliers: dict[str, int] = field(default_factory=dict)
    spellings: set[tuple[int, str]] = field(default_factory=set)
    seen: set[tuple[int, str]] = field(default_factory=set)
    subjects: set[int] = field(default_factory=lambda: set(Assunto.objects.values_list("codigo", flat=True)))
    problems: dict[str, int] = field(default_factory=lambda: dict(Problema.objects.values_list("descricao", "pk")))
    pairs: set[tuple[int, int]] = field(
        default_factory=lambda: set(ProblemaDoAssunto.objects.values_list("assunto_id", "problema_id"))
    )

    def write(self, records: Sequence[Record]) -> int:
        """Store a batch; returns how many of its records were new."""
        if not records:
            return 0
        self._meet_suppliers(records)
        self._meet_terms(records)
        _copy(f"sindec_registros ({_COLUMNS})", [self._row(record) for record in records])
        return _run(_RECORDS, "sindec_registros")

    def close(self) -> None:
        """Write the spellings still waiting."""
        if self.spellings:
            _copy(
                "sindec_grafias (fornecedor_id, nome)",
                [f"{supplier}\t{_escaped(name)}" for supplier, name in self.spellings],
            )
            _run(_SPELLINGS, "sindec_grafias")
            self.seen |= self.spellings
            self.spellings.clear()
        if len(self.seen) > MOST_SPELLINGS:
            self.seen.clear()

    def _row(self, record: Record) -> str:
        """The record as a line for COPY."""
        cnpj, natural = company(record[TIPO], record[CNPJ])
        shown = masked(record) if natural else record
        supplier = self.suppliers[cnpj] if cnpj else None
        if supplier:
            self._spell(supplier, record)
        problem = self._problem(record)
        cep = known(record[CEP])
        return "\t".join(
            (
                f"\\\\x{identity(record).hex()}",
                record[ANO],
                _moment(record[ARQUIVADO]),
                _moment(record[ABERTO]),
                record[UF],
                str(supplier) if supplier else "\\N",
                _escaped(known(shown[RAZAO])),
                _escaped(known(shown[FANTASIA])),
                record[TIPO],
                "" if natural or not known(record[CNPJ]) else record[CNPJ].zfill(14),
                "" if natural else known(record[RADICAL]),
                "t" if record[ATENDIDA] == "S" else "f",
                record[ASSUNTO],
                str(problem) if problem else "\\N",
                known(record[SEXO]),
                _escaped(known(record[FAIXA])),
                cep.zfill(8) if len(cep) == 7 else cep,
                _escaped(SEPARATOR.join(shown)),
            )
        )

    def _spell(self, supplier: int, record: Record) -> None:
        for column in (RAZAO, FANTASIA, RAZAO_RFB, FANTASIA_RFB):
            name = _tidy(record[column])[:200]
            if name and (supplier, name) not in self.seen:
                self.spellings.add((supplier, name))
        if len(self.spellings) > MOST_SPELLINGS:
            self.close()

    def _meet_suppliers(self, records: Iterable[Record]) -> None:
        """Make a supplier for every valid CNPJ not known yet, named as the tax registry names it."""
        unknown: dict[str, str] = {}
        for record in records:
            cnpj, _ = company(record[TIPO], record[CNPJ])
            if cnpj and cnpj not in self.suppliers and cnpj not in unknown:
                unknown[cnpj] = _supplier_row(cnpj, record)
        if unknown:
            _copy("sindec_fornecedores (cnpj, razao_social, nome_fantasia, cnae)", list(unknown.values()))
            _run(_SUPPLIERS, "sindec_fornecedores")
            with connection.cursor() as cursor:
                cursor.execute("SELECT cnpj, id FROM parties_fornecedor WHERE cnpj = ANY(%s)", [list(unknown)])
                self.suppliers.update(cursor.fetchall())

    def _meet_terms(self, records: Iterable[Record]) -> None:
        """Make the subjects and problems that our lists lack; out of use, so that no screen offers them."""
        for record in records:
            code = int(record[ASSUNTO])
            if code not in self.subjects:
                name = _tidy(record[ASSUNTO_NOME])
                Assunto.objects.get_or_create(
                    codigo=code, defaults={"area": "Não classificada", "descricao": name, "ativo": False}
                )
                self.subjects.add(code)
            name = _tidy(record[PROBLEMA_NOME])
            if name and name not in self.problems:
                self.problems[name] = Problema.objects.get_or_create(descricao=name, defaults={"ativo": False})[0].pk
            if name and (code, self.problems[name]) not in self.pairs:
                self._meet_pair(code, self.problems[name], known(record[PROBLEMA]))

    def _meet_pair(self, subject: int, problem: int, code: str) -> None:
        codes = [int(code)] if code else []
        ProblemaDoAssunto.objects.get_or_create(
            assunto_id=subject,
            problema_id=problem,
            defaults={"codigo_sindec": codes[0] if codes else None, "codigos_sindec": codes, "ativo": False},
        )
        self.pairs.add((subject, problem))

    def _problem(self, record: Record) -> int | None:
        name = record[PROBLEMA_NOME]
        return None if name in ("", "NULL") else self.problems.get(_tidy(name))


def _supplier_row(cnpj: str, record: Record) -> str:
    name = _tidy(record[RAZAO_RFB]) or _tidy(record[RAZAO]) or _tidy(record[FANTASIA]) or cnpj
    trade = _tidy(record[FANTASIA]) or _tidy(record[FANTASIA_RFB])
    return "\t".join((cnpj, _escaped(name[:200]), _escaped(trade[:200]), known(record[CNAE])))


def _tidy(text: str) -> str:
    """A name on one line, nothing for NULL."""
    return "" if text == "NULL" else " ".join(text.replace("\x1a", " ").split())


def _moment(text: str) -> str:
    return text if text not in ("", "NULL") else "\\N"


def _escaped(text: str) -> str:
    """A text as COPY reads it."""
    if "\\" in text or "\t" in text:
        return text.replace("\\", "\\\\").replace("\t", "\\t")
    return text


def _copy(target: str, rows: list[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        copy.write("\n".join(rows) + "\n")


def _run(statement: str, stage: str) -> int:
    """Move what is staged on, and empty the stage; returns the rows written."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        written: Any = cursor.rowcount
        cursor.execute(f"TRUNCATE {stage}")
        return int(written)
