"""What open data shows of each year, as SELECTs for COPY: the office's own founded complaints, and imported ones.

Of the office's own only final decisions that stand are shown. Nothing here names a consumer, and what would point at
one is left out (docs/decisions/0077): a combination of CEP, sexo and faixa etária that fewer than SMALLEST people of
the year share loses its CEP and, if that is not enough, the other two.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import Count, Max, QuerySet

from cases.models import Classificacao, RegistroNacional
from cases.rules.privacy import BRACKETS
from opendata.layout.sindec import (
    CNAE,
    COLUMNS,
    MASKED_CPF,
    MASKED_NAME,
    NO_BRACKET,
    NO_SEX,
    PROBLEMA,
    REGIONS,
    SEPARATOR,
    UFS,
)

#: So many people must share a profile before it is shown (domain, reports: cells under 5 are suppressed).
SMALLEST = 5
FOUNDED = ("fundamentada_atendida", "fundamentada_nao_atendida")
#: Final decisions of so many past years are offered; then the register forgets them (CDC, art. 43, § 1º).
KEPT_YEARS = 5
#: The published files hide the person behind a firm of one person by these words.
INDIVIDUAL = f"EMPRESARIO INDIVIDUAL {MASKED_CPF}"
#: A firm of one person is named by its CPF at the end or, since 2021, by the root of its CNPJ at the beginning.
_ONE_PERSON = r"'([0-9]{3}[.]?[0-9]{3}[.]?[0-9]{3}-?[0-9]{2}\s*$|^\s*[0-9]{2}[.]?[0-9]{3}[.]?[0-9]{3}\s+\D)'"
_ZONE = "America/Sao_Paulo"


def own_years(*, today: date) -> list[tuple[int, int, date]]:
    """(year, how many founded complaints, day of the last decision) of the years still offered, newest first."""
    return list(
        _final()
        .filter(transitada_em__year__gte=today.year - KEPT_YEARS, transitada_em__lte=today)
        .values_list("transitada_em__year")
        .annotate(Count("pk"), Max("transitada_em"))
        .order_by("-transitada_em__year")
    )


def national_years() -> list[tuple[int, int]]:
    """(year, how many records) of what was imported from the national register, newest first."""
    counted = RegistroNacional.objects.values_list("ano_calendario").annotate(Count("pk"))
    return list(counted.order_by("-ano_calendario"))


def _final() -> QuerySet[Classificacao]:
    return Classificacao.objects.current().filter(valor__in=FOUNDED, transitada_em__isnull=False)


def _clean(expression: str) -> str:
    """A name on one line, without control characters."""
    return rf"btrim(regexp_replace({expression}, '[\s[:cntrl:]]+', ' ', 'g'))"


def _safe(expression: str) -> str:
    """The text as listing.sheets.safe_cell gives it: no spreadsheet takes it for a formula."""
    starts = r"'=', '+', '-', '@', E'\t', E'\r', E'\n'"
    return f"CASE WHEN left({expression}, 1) IN ({starts}) THEN '''' || {expression} ELSE {expression} END"


def _values(pairs: dict[str, str]) -> str:
    return ", ".join(f"('{key}', '{value}')" for key, value in pairs.items())


def _bracket(words: str) -> str:
    """The office's bracket as the register writes it."""
    return f"{words} anos" if words.startswith(("até", "mais")) else f"entre {words} anos"


#: A person's profile is one word, as it is compared in every row: the bracket's letter (- for none), the sexo, the CEP.
_LETTERS = dict(zip("abcdefg", [*(words for _, words in BRACKETS), "mais de 70"], strict=True))
#: The age in whole years at the opening, and its bracket's letter; NULL where no birth is known.
_AGE = "date_part('year', age(aberta::timestamp, COALESCE(p.nascimento, s.nascimento)::timestamp))"
_BY_AGE = f"substr('{''.join(_LETTERS)}', 1 + width_bucket({_AGE}, ARRAY{[last + 1.0 for last, _ in BRACKETS]}), 1)"
_HIDDEN = f"-{NO_SEX}"

# Fixed words of this module only are put into these statements; the period comes as parameters.


def _as_it_is(expression: str) -> str:
    return expression


#: So many different remainders are so many people, and cost one pass; where fewer are seen, people are counted.
#: By a prime, so that people who stand at regular distances do not all leave the same few.
PRIME = 61
_ENOUGH = f"bit_count(restos::bit(64)) >= {SMALLEST}"
_DOUBTFUL = f"bit_count(restos::bit(64)) < {SMALLEST} AND linhas >= {SMALLEST}"
_COUNTED = f"HAVING count(DISTINCT pessoa) >= {SMALLEST}"

_DECIDED = f"""
    SELECT c.id, c.transitada_em AS definitiva, c.valor = 'fundamentada_atendida' AS atendida, a.unidade_id,
           r.fornecedor_id AS dito, CASE WHEN f.cnpj IS NULL THEN 0 ELSE f.id END AS firma, a.id AS atendimento_id,
           a.consumidor_id, a.assunto_id, a.problema_id, (a.aberto_em AT TIME ZONE '{_ZONE}')::date AS aberta
    FROM cases_classificacao c
    JOIN cases_reclamado r ON r.id = c.reclamado_id
    JOIN parties_fornecedor dito ON dito.id = r.fornecedor_id
    JOIN parties_fornecedor f ON f.id = COALESCE(dito.fundido_em_id, dito.id)
    JOIN cases_atendimento a ON a.id = r.atendimento_id
    WHERE c.substituida_em IS NULL AND c.valor IN {FOUNDED} AND c.transitada_em >= %(de)s AND c.transitada_em < %(ate)s
"""  # noqa: S608
_PROFILED = f"""
fundidos AS (
    SELECT um.id AS de, s.id, s.sexo, s.cep, s.nascimento
    FROM parties_consumidor um JOIN parties_consumidor s ON s.id = um.fundido_em_id
), perfis AS MATERIALIZED (
    SELECT d.id, definitiva, aberta, atendida, unidade_id, dito, firma, assunto_id, problema_id,
           COALESCE(s.id, p.id, 0) AS pessoa,
           COALESCE(n.letra, {_BY_AGE}, '-')
               || CASE WHEN p.sexo IN ('F', 'M') THEN p.sexo WHEN s.sexo IN ('F', 'M') THEN s.sexo ELSE '{NO_SEX}' END
               || left(COALESCE(NULLIF(p.cep, ''), s.cep, ''), 5) AS perfil
    FROM ({_DECIDED}) AS d
    LEFT JOIN parties_consumidor p ON p.id = d.consumidor_id
    LEFT JOIN fundidos s ON s.de = p.id
    LEFT JOIN cases_perfilanonimo x ON x.atendimento_id = d.atendimento_id
    LEFT JOIN (VALUES {_values(_LETTERS)}) AS n(letra, guardada) ON n.guardada = x.faixa_etaria
)"""  # noqa: S608
#: `comuns` are the whole profiles that enough people share, `usuais` the ones without a CEP, among all others.
_SHARED = f"""
lidos AS MATERIALIZED (
    SELECT perfil, count(*) AS linhas, bit_or(1::bigint << (pessoa %% {PRIME})::int) AS restos FROM perfis GROUP BY 1
), comuns AS MATERIALIZED (
    SELECT perfil FROM lidos WHERE length(perfil) > 2 AND {_ENOUGH}
    UNION ALL
    SELECT perfil FROM perfis
    WHERE perfil IN (SELECT perfil FROM lidos WHERE length(perfil) > 2 AND {_DOUBTFUL}) GROUP BY 1 {_COUNTED}
), restantes AS MATERIALIZED (
    SELECT left(perfil, 2) AS perfil, sum(linhas) AS linhas, bit_or(restos) AS restos
    FROM lidos WHERE perfil NOT IN (SELECT perfil FROM comuns) GROUP BY 1
), usuais AS MATERIALIZED (
    SELECT perfil FROM restantes WHERE {_ENOUGH}
    UNION ALL
    SELECT left(perfil, 2) FROM perfis
    WHERE left(perfil, 2) = ANY (ARRAY(SELECT perfil FROM restantes WHERE {_DOUBTFUL}))
      AND perfil NOT IN (SELECT perfil FROM comuns) GROUP BY 1 {_COUNTED}
)"""  # noqa: S608
#: `igual` is one number for problemas of one name.
_SMALL = f"""
unidades AS MATERIALIZED (
    SELECT u.id, left(u.codigo, 2) AS estado, COALESCE(e.uf, '') AS uf, COALESCE(g.nome, 'NULL') AS regiao
    FROM accounts_unidade u
    LEFT JOIN (VALUES {_values(UFS)}) AS e(codigo, uf) ON e.codigo = left(u.codigo, 2)
    LEFT JOIN (VALUES {_values(REGIONS)}) AS g(codigo, nome) ON g.codigo = left(u.codigo, 1)
), problemas AS MATERIALIZED (
    SELECT id, min(id) OVER (PARTITION BY {_clean("descricao")}) AS igual FROM cases_problema
)"""  # noqa: S608
_NARROW = f"""
    SELECT d.id, definitiva, aberta, atendida, unidade_id, estado, dito, firma, assunto_id, problema_id, igual,
           (CASE WHEN perfil IN (SELECT perfil FROM comuns) THEN perfil
                 WHEN left(perfil, 2) IN (SELECT perfil FROM usuais) THEN left(perfil, 2)
                 ELSE '{_HIDDEN}' END) COLLATE "C" AS perfil
    FROM perfis d
    JOIN unidades u ON u.id = d.unidade_id
    LEFT JOIN problemas m ON m.id = d.problema_id
    OFFSET 0
"""  # noqa: S608
#: What two rows must have in common to be alike, in numbers. A CNPJ has one name; all natural persons have the same.
_ALIKE = "definitiva, aberta, firma, estado, atendida, assunto_id, igual, perfil"


def _looked_up(shown: Callable[[str], str], nothing: str) -> str:
    """The joins that bring a row's names: written as `shown` says, `nothing` where there is none.

    Each is asked with the row's own keys, so the planner keeps the rows in their order and remembers the answers. The
    supplier is asked for by the complaint's key (`dito`), of which the planner knows how often it comes again; of a key
    that is a supplier's own it believes that every row has another, and would remember nothing.
    """

    def told(expression: str) -> str:
        return f"COALESCE(NULLIF({expression}, ''), '{nothing}')" if nothing else expression

    def name(column: str, individual: str) -> str:
        return shown(
            f"CASE WHEN f.cnpj IS NULL THEN '{MASKED_NAME}' WHEN f.razao_social ~ {_ONE_PERSON} THEN '{individual}' "
            f"ELSE {_clean(f'f.{column}')} END"
        )

    faixas = " ".join(f"WHEN '{letter}' THEN '{_bracket(words)}'" for letter, words in _LETTERS.items())
    return f"""
JOIN LATERAL (
    SELECT f.cnpj, {told("left(f.cnpj, 8)")} AS radical, {name("razao_social", INDIVIDUAL)} AS razao,
           {told(name("nome_fantasia", ""))} AS fantasia,
           {told("CASE WHEN f.cnpj IS NULL THEN '' ELSE f.cnae END")} AS cnae
    FROM parties_fornecedor dito JOIN parties_fornecedor f ON f.id = COALESCE(dito.fundido_em_id, dito.id)
    WHERE dito.id = d.dito OFFSET 0
) AS f ON true
JOIN LATERAL (SELECT uf, regiao FROM unidades WHERE id = d.unidade_id OFFSET 0) AS u ON true
LEFT JOIN LATERAL (
    SELECT codigo, {shown("area")} AS area, {shown(_clean("descricao"))} AS assunto
    FROM cases_assunto WHERE codigo = d.assunto_id OFFSET 0
) AS t ON true
LEFT JOIN LATERAL (
    SELECT {shown(_clean("m.descricao"))} AS problema, codigo_sindec FROM cases_problema m
    LEFT JOIN cases_problemadoassunto k ON k.assunto_id = d.assunto_id AND k.problema_id = m.id
    WHERE m.id = d.problema_id OFFSET 0
) AS m ON true
CROSS JOIN LATERAL (
    SELECT substr(perfil, 2, 1) AS sexo, substr(perfil, 3) AS cep,
           CASE left(perfil, 1) {faixas} ELSE '{nothing and NO_BRACKET}' END AS faixa
) AS p
"""  # noqa: S608


def _own(columns: str, names: str, also: str = "") -> str:
    """The office's own complaints in columns: sorted while they are narrow, and then named, one after the other.

    Alike rows stand together: that order is there already, and tells nothing that the rows do not.
    """
    return f"""
WITH {_PROFILED}, {_SHARED}, {_SMALL}
SELECT {columns}
FROM (SELECT *{also} FROM ({_NARROW}) AS estreitas ORDER BY {_ALIKE}, id OFFSET 0) AS d
{names}
ORDER BY {_ALIKE}, id
"""  # noqa: S608


#: The day is true and the hour tells nothing: it keeps apart rows that would be alike (the importer reads each once).
_TURN = f", row_number() OVER (PARTITION BY {_ALIKE} ORDER BY id) - 1 AS vez"
_HOUR = "CASE WHEN vez = 0 THEN '00:00:00.000' ELSE to_char(vez %% 86400 * interval '1 second', 'HH24:MI:SS.MS') END"

#: In the national layout's 23 columns, in their order.
OWN_SINDEC = _own(
    f"""%(ano)s, definitiva || ' ' || {_HOUR}, aberta || ' 00:00:00.000', '0' || left(estado, 1), regiao, uf,
       razao, fantasia, CASE WHEN cnpj IS NULL THEN 0 ELSE 1 END, COALESCE(cnpj, '{MASKED_CPF}'), radical,
       'NULL', 'NULL', cnae, 'NULL', CASE WHEN atendida THEN 'S' ELSE 'N' END, COALESCE(t.codigo, 0),
       COALESCE(assunto, 'Não informado'), COALESCE(codigo_sindec::text, 'NULL'),
       COALESCE(NULLIF(problema, ''), 'NULL'), sexo, faixa,
       CASE WHEN cep = '' THEN 'NULL' ELSE ltrim(cep, '0') || '000' END""",
    _looked_up(_as_it_is, "NULL"),
    _TURN,
)
OWN_TIDY = _own(
    """%(ano)s, aberta, definitiva, uf, razao, fantasia, CASE WHEN cnpj IS NULL THEN 'fisica' ELSE 'juridica' END,
       COALESCE(cnpj, ''), COALESCE(radical, ''), cnae, CASE WHEN atendida THEN 'true' ELSE 'false' END,
       COALESCE(area, ''), COALESCE(t.codigo, 0), COALESCE(assunto, 'Não informado'),
       COALESCE(codigo_sindec::text, ''), COALESCE(problema, ''), sexo, faixa, cep""",
    _looked_up(_safe, ""),
)


def _published(column: int) -> str:
    """One column of a record as published, with nothing for NULL."""
    return f"COALESCE(NULLIF(split_part(original, '{SEPARATOR}', {column + 1}), 'NULL'), '')"


NATIONAL_SINDEC = f"""
SELECT {", ".join(f"o[{number}]" for number in range(1, len(COLUMNS) + 1))}
FROM (SELECT id, string_to_array(original, '{SEPARATOR}') AS o FROM cases_registronacional
      WHERE ano_calendario = %(ano)s OFFSET 0) AS lidos
ORDER BY id
"""  # noqa: S608
NATIONAL_TIDY = f"""
WITH assuntos AS MATERIALIZED (
    SELECT codigo, {_safe("area")} AS area, {_safe(_clean("descricao"))} AS assunto FROM cases_assunto
), problemas AS MATERIALIZED (
    SELECT id, {_safe(_clean("descricao"))} AS problema FROM cases_problema
)
SELECT ano_calendario, COALESCE((aberto_em AT TIME ZONE '{_ZONE}')::date::text, ''),
       COALESCE((arquivado_em AT TIME ZONE '{_ZONE}')::date::text, ''), uf, {_safe("razao")}, {_safe("fantasia")},
       CASE WHEN tipo = 0 OR cnpj = '' AND razao = '{MASKED_NAME}' THEN 'fisica' ELSE 'juridica' END, cnpj, radical,
       cnae, CASE WHEN atendida THEN 'true' ELSE 'false' END, area, assunto_codigo, assunto, problema_codigo, problema,
       sexo, CASE WHEN faixa_etaria = '{NO_BRACKET}' THEN '' ELSE faixa_etaria END,
       CASE WHEN cep ~ '^[0-9]{{8}}$' THEN left(cep, 5) ELSE '' END
FROM (SELECT r.*, {_clean("r.razao_social")} AS razao, {_clean("r.nome_fantasia")} AS fantasia,
             {_published(CNAE)} AS cnae, {_published(PROBLEMA)} AS problema_codigo, t.codigo AS assunto_codigo,
             t.area, t.assunto, COALESCE(m.problema, '') AS problema
      FROM cases_registronacional r
      JOIN assuntos t ON t.codigo = r.assunto_id
      LEFT JOIN problemas m ON m.id = r.problema_id
      WHERE r.ano_calendario = %(ano)s OFFSET 0) AS lidos
ORDER BY id
"""  # noqa: S608
