"""What measures, dimensions and their values are called on the screen."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import TextChoices

from accounts.models import Unidade, User
from cases.models import CIP, Assunto, Canal, Classificacao, Desfecho, Orgao, Problema, Tipo
from hearings.models import Audiencia
from parties.models import Fornecedor, GrupoEconomico
from reports.measures import Medida
from reports.period import MESES

MEASURES = {
    Medida.ATENDIMENTOS: "Atendimentos abertos",
    Medida.RECLAMADOS: "Reclamações contra fornecedores",
    Medida.CIPS: "CIPs emitidas",
    Medida.AUDIENCIAS: "Audiências",
    Medida.RECLAMACOES: "Reclamações instauradas",
    Medida.CLASSIFICACOES: "Decisões",
    Medida.REGISTROS: "Registros do cadastro nacional",
}
DIMENSIONS = {
    "ano": "Ano",
    "mes": "Mês",
    "unidade": "Unidade",
    "tipo": "Tipo",
    "canal": "Canal",
    "desfecho": "Desfecho",
    "orgao": "Órgão",
    "nfp": "Senha da NFP desbloqueada",
    "area": "Área",
    "assunto": "Assunto",
    "problema": "Problema",
    "empresa": "Fornecedor",
    "grupo": "Grupo econômico",
    "situacao": "Situação da audiência",
    "resultado": "Resultado",
    "conciliador": "Conciliador",
    "meio": "Meio",
}
YES_OR_NO = {"sim": "Sim", "nao": "Não"}
_ATTENDED = {"sim": "Fundamentada atendida", "nao": "Fundamentada não atendida"}
#: What an empty value says.
_NOTHING = {"desfecho": "Em andamento", "resultado": "Sem resultado ainda", "meio": "Ainda não enviada"}
#: Filters whose values are rows, the same ones for every measure.
FROM_ROWS = ("assunto", "problema", "orgao", "conciliador")
_CHOICES: dict[str, type[TextChoices]] = {
    "tipo": Tipo,
    "canal": Canal,
    "desfecho": Desfecho,
    "situacao": Audiencia.Status,
}
_RESULTS: dict[Medida, type[TextChoices]] = {
    Medida.CIPS: CIP.Resultado,
    Medida.AUDIENCIAS: Audiencia.Resultado,
    Medida.CLASSIFICACOES: Classificacao.Valor,
}
_MEANS: dict[Medida, type[TextChoices]] = {Medida.CIPS: CIP.Meio, Medida.AUDIENCIAS: Audiencia.Modalidade}


def told(medida: Medida, name: str, values: Iterable[str]) -> dict[str, str]:
    """What each of these values of a dimension is called."""
    asked = set(values)
    known = _known(medida, name, asked - {""})
    return {value: known.get(value) or _NOTHING.get(name, "Não informado") for value in asked}


def values_of(medida: Medida, name: str) -> dict[str, str]:
    """The values of a dimension that can be chosen as a filter, in the office's order."""
    if name in FROM_ROWS:
        return _rows(name, None)
    return {"": _NOTHING[name], **_fixed(medida, name)} if name in _NOTHING else _fixed(medida, name)


def _known(medida: Medida, name: str, values: set[str]) -> dict[str, str]:
    if name == "mes":
        return {value: f"{MESES[int(value[5:]) - 1]} de {value[:4]}" for value in values}
    if name in ("ano", "area"):
        return {value: value for value in values}
    if name == "empresa":
        return _companies(values)
    if name in (*FROM_ROWS, "unidade", "grupo"):
        return _rows(name, values)
    return _fixed(medida, name)


def _fixed(medida: Medida, name: str) -> dict[str, str]:
    if name == "nfp":
        return YES_OR_NO
    if name == "resultado" and medida is Medida.REGISTROS:
        return _ATTENDED
    choices = {"resultado": _RESULTS, "meio": _MEANS}.get(name, {}).get(medida) or _CHOICES.get(name)
    return {str(value): str(label) for value, label in choices.choices} if choices else {}


def _rows(name: str, values: set[str] | None) -> dict[str, str]:
    """Names of rows by their keys; of all where no keys are given."""
    model, shown = {
        "assunto": (Assunto, "descricao"),
        "problema": (Problema, "descricao"),
        "orgao": (Orgao, "nome"),
        "conciliador": (User, "nome"),
        "unidade": (Unidade, "nome"),
        "grupo": (GrupoEconomico, "nome"),
    }[name]
    rows = model._default_manager.order_by(shown)
    if values is not None:
        rows = rows.filter(pk__in=map(int, values))
    elif name == "conciliador":
        rows = rows.filter(audiencias__isnull=False).distinct()
    return {str(key): label for key, label in rows.values_list("pk", shown)}


def _companies(values: set[str]) -> dict[str, str]:
    """A company's name by its radical, or by its key («#12») where it has no CNPJ: that of its first registration."""
    keys = [int(value[1:]) for value in values if value.startswith("#")]
    bare = Fornecedor.objects.filter(pk__in=keys).values_list("pk", "razao_social")
    firms = Fornecedor.objects.standing().filter(radical__in=values).order_by("-pk")
    return {f"#{key}": name for key, name in bare} | dict(firms.values_list("radical", "razao_social"))
