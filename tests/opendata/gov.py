"""Files of consumidor.gov.br as they were published over the years, with invented complaints; and the command."""

from __future__ import annotations

import io
import json
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError

OLD = (
    "Região;UF;Cidade;Sexo;Faixa Etária;Ano Abertura;Mês Abertura;Data Abertura;Data Resposta;Data Finalização;"
    "Tempo Resposta;Nome Fantasia;Segmento de Mercado;Área;Assunto;Grupo Problema;Problema;Como Comprou Contratou;"
    "Procurou Empresa;Respondida;Situação;Avaliação Reclamação;Nota do Consumidor"
)
NEW = (
    "Gestor;Canal de Origem;Região;UF;Cidade;Sexo;Faixa Etária;Ano Abertura;Mês Abertura;Data Abertura;Hora Abertura;"
    "Data Resposta;Hora Resposta;Data Análise;Hora Análise;Data Recusa;Hora Recusa;Data Finalização;Hora Finalização;"
    "Prazo Resposta;Prazo Analise Gestor;Tempo Resposta (em dias);Nome Fantasia;Segmento de Mercado;Área;Assunto;"
    "Grupo Problema;Problema;Forma Contrato;Procurou Empresa;Respondida;Situação;Avaliação Reclamação;"
    "Nota do Consumidor;Análise da Recusa;Edição de Conteúdo;Interação do Gestor;Total"
)
#: The portal's own files since 2020.
LEAN = (
    "Região;UF;Cidade;Sexo;Faixa Etária;Data Finalização;Tempo Resposta;Nome Fantasia;Segmento de Mercado;Área;Assunto;"
    "Grupo Problema;Problema;Como Comprou Contratou;Procurou Empresa;Respondida;Situação;Avaliação Reclamação;"
    "Nota do Consumidor"
)
_ALIAS = {"Tempo Resposta (em dias)": "Tempo Resposta"}
_USUAL = {
    "UF": "SP",
    "Cidade": "Itaquaquecetuba",
    "Data Finalização": "10/05/2019",
    "Tempo Resposta": "4",
    "Nome Fantasia": "Tele Exemplo",
    "Segmento de Mercado": "Operadoras de Telecomunicações (Telefonia, Internet, TV por assinatura)",
    "Respondida": "S",
    "Situação": "Finalizada avaliada",
    "Avaliação Reclamação": "Resolvida",
    "Nota do Consumidor": "5",
}
UNRATED = {"Situação": "Finalizada não avaliada", "Avaliação Reclamação": "Não Avaliada", "Nota do Consumidor": ""}
UNANSWERED = {"Respondida": "N", "Tempo Resposta": ""}


def complaint(header: str = OLD, pad: int = 0, **columns: str) -> str:
    """A line under a header: the usual complaint with some columns changed, its fields padded to a width."""
    told = _USUAL | {name.replace("_", " "): value for name, value in columns.items()}
    return ";".join(told.get(_ALIAS.get(name, name), "x" if name else "").ljust(pad) for name in header.split(";"))


#: Six complaints of May 2019: three here, one elsewhere in the state, one in another; one that was cancelled.
MAY = [
    {},
    {"Avaliação Reclamação": "Não Resolvida", "Nota do Consumidor": "1", "Tempo Resposta": "10"},
    {"Nome Fantasia": "Banco Exemplo", "Segmento de Mercado": "Bancos", **UNRATED, **UNANSWERED},
    {"Cidade": "Suzano", "Nota do Consumidor": "3"},
    {"UF": "MG", "Cidade": "Itaquaquecetuba", **UNRATED},
    {"Situação": "Cancelada", "Avaliação Reclamação": "", "Nota do Consumidor": "", **UNANSWERED},
]  # fmt: skip


def may(header: str = OLD, pad: int = 0, day: str = "10/05/2019") -> list[str]:
    """The lines of MAY under a header."""
    return [header, *(complaint(header, pad, **{"Data Finalização": day, **columns}) for columns in MAY)]


def run(*arguments: str) -> tuple[list[dict[str, Any]], str, str]:
    """(the JSON, what was said on the error stream, the refusal if it failed) of `importar_consumidor_gov --json`."""
    out, err = io.StringIO(), io.StringIO()
    failure = ""
    try:
        call_command("importar_consumidor_gov", *arguments, "--json", stdout=out, stderr=err)
    except CommandError as error:
        failure = str(error)
    return json.loads(out.getvalue()), err.getvalue(), failure


def counts(*arguments: str) -> list[tuple[int, int, int, int, int]]:
    """(linhas, novos, repetidos, ignorados, recusados) of each file, of a run that must succeed."""
    results, _, failure = run(*arguments)
    assert failure == ""
    return [tuple(row[name] for name in ("linhas", "novos", "repetidos", "ignorados", "recusados")) for row in results]
