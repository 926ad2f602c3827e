"""Closing a year: the balance as it stands is frozen and hashed; what is corrected later shows beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Papel, Unidade, User
from cases.models import CIP, Canal, Classificacao, Tipo
from hearings.models import Audiencia
from parties.models import Fusao
from reports.balance import Balanco, balance
from reports.models import Fechamento
from reports.period import Periodo
from workflow.acts import ActTable
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

#: How many reasons are shown.
REASONS = 50
#: The counters that are frozen, by the balance's field: what they are called, and their values.
_COUNTERS: dict[str, tuple[str, type[models.TextChoices] | None]] = {
    "por_tipo": ("Atendimentos por tipo", Tipo),
    "por_canal": ("Atendimentos por canal", Canal),
    "por_orgao": ("Encaminhamentos por órgão", None),
    "aps_resolvidos": ("APs resolvidos no atendimento", None),
    "aps_solucao_preliminar": ("APs com solução preliminar", None),
    "aps_em_andamento": ("APs em andamento", None),
    "nfps_desbloqueadas": ("Senhas da NFP desbloqueadas", None),
    "cips_por_resultado": ("CIPs por resultado", CIP.Resultado),
    "cips_em_andamento": ("CIPs em andamento", None),
    "audiencias_por_status": ("Audiências por situação", Audiencia.Status),
    "audiencias_por_resultado": ("Audiências por resultado", Audiencia.Resultado),
    "reclamacoes_proprias": ("Reclamações instauradas", None),
    "reclamacoes_nacionais": ("Registros do cadastro nacional", None),
    "por_classificacao": ("Reclamações por classificação", Classificacao.Valor),
    "fornecedores": ("Fornecedores mais reclamados", None),
    "grupos": ("Grupos mais reclamados", None),
    "aberturas": ("Atendimentos por mês", None),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One counter that is no longer what was frozen."""

    quadro: str
    item: str
    fechado: int
    agora: int

    @property
    def variacao(self) -> str:
        """How much was added or taken away: «+2», «−1»."""
        return f"{self.agora - self.fechado:+d}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that was done after the closing, with what its author wrote."""

    quando: datetime
    quem: str
    ato: str
    onde: str
    motivo: str


def close_year(*, ano: int, unidade: Unidade, by: User, at: datetime, today: date) -> Fechamento:
    """Freeze the balance of a year that is over, in one unidade. Coordenador of it, once.

    Raises ActNotAllowed (papel, year not over, closed before) and ContentRefused (nothing to close).
    """
    if Papel.COORDENADOR not in by.papeis_em(unidade.pk):
        raise ActNotAllowed("Só um coordenador da unidade fecha o ano. Peça a ele.")
    if ano >= today.year:
        raise ActNotAllowed(f"O ano de {ano} ainda não terminou. Feche-o a partir de 1º de janeiro de {ano + 1}.")
    with transaction.atomic():
        Unidade.objects.select_for_update().get(pk=unidade.pk)
        if Fechamento.objects.filter(ano=ano, unidade=unidade).exists():
            raise ActNotAllowed(f"O ano de {ano} já foi fechado nesta unidade. O que mudou depois aparece ao lado.")
        counted = balance(Periodo(ano), unidades=[unidade.pk])
        if counted.vazio:
            raise ContentRefused(f"Nada foi registrado em {ano} nesta unidade: não há o que fechar.")
        closing = Fechamento(
            unidade=unidade,
            ano=ano,
            numeros=frozen(counted),
            fechado_em=at,
            fechado_por=by,
            ultimo_evento=Evento.objects.aggregate(last=models.Max("pk"))["last"] or 0,
        )
        closing.resumo = digest(closing)
        closing.save(force_insert=True)
    return closing


def frozen(counted: Balanco) -> dict[str, int]:
    """The balance as one flat list of counters: «por_tipo.calculo» → 3. Those that are zero are left out."""
    found: dict[str, int] = {}
    for field in _COUNTERS:
        value: Any = getattr(counted, field)
        if isinstance(value, int):
            found[field] = value
        elif isinstance(value, dict):
            found |= {f"{field}.{name}": n for name, n in value.items()}
        elif field == "aberturas":
            found |= {f"{field}.{name}": n for name, n in value}
        else:
            found |= {f"{field}.{getattr(row, 'radical', '')} {row.nome}".strip(): row.total for row in value}
    return {name: n for name, n in found.items() if n}


def closed_years(unidades: Collection[int], start: date, end: date) -> list[tuple[int, date]]:
    """The closed years that a period touches (`end` is the day after it), and when the last unidade closed each."""
    last = (end - timedelta(days=1)).year
    closed = Fechamento.objects.filter(unidade__in=unidades, ano__gte=start.year, ano__lte=last).order_by("ano")
    found = closed.values_list("ano").annotate(quando=models.Max("fechado_em"))
    return [(ano, timezone.localdate(quando)) for ano, quando in found]


def digest(closing: Fechamento) -> str:
    """The hash of what was frozen, where, when and by whom."""
    told = json.dumps(closing.numeros, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    head = f"{closing.unidade.codigo}\n{closing.ano}\n{closing.fechado_em.timestamp():.6f}\n{closing.fechado_por_id}"
    return hashlib.sha256(f"{head}\n{told}".encode()).hexdigest()


def differences_since(closing: Fechamento) -> list[Difference]:
    """Every counter that is not what was frozen, in the order of the balance."""
    now = frozen(balance(Periodo(closing.ano), unidades=[closing.unidade_id]))
    order = {field: place for place, field in enumerate(_COUNTERS)}
    names = {name for name in closing.numeros.keys() | now.keys() if closing.numeros.get(name, 0) != now.get(name, 0)}
    found = []
    for name in sorted(names, key=lambda name: (order[name.partition(".")[0]], name)):
        field, _, value = name.partition(".")
        quadro, choices = _COUNTERS[field]
        labels = dict(choices.choices) if choices else {}
        shown = str(labels.get(value, value)) or "total"
        found.append(Difference(quadro, shown, closing.numeros.get(name, 0), now.get(name, 0)))
    return found


def reasons_since(closing: Fechamento) -> list[Reason]:
    """What was done since to cases of that year with a written reason, and the merges of suppliers; newest first."""
    return sorted([*_of_cases(closing), *_of_merges(closing)], key=lambda reason: reason.quando, reverse=True)[:REASONS]


def _of_cases(closing: Fechamento) -> Iterator[Reason]:
    periodo = Periodo(closing.ano)
    later = Evento.objects.filter(
        pk__gt=closing.ultimo_evento,
        historico__atendimento__unidade=closing.unidade,
        historico__atendimento__aberto_em__date__gte=periodo.first_day,
        historico__atendimento__aberto_em__date__lt=periodo.next_day,
    )
    rows = later.exclude(motivo="").order_by("-pk").select_related("autor", "historico__atendimento")
    for event in rows[:REASONS]:
        case = event.historico.atendimento
        yield Reason(
            event.quando, str(event.autor), ActTable.label_of(event.objeto, event.ato), case.protocolo, event.motivo
        )


def _of_merges(closing: Fechamento) -> Iterator[Reason]:
    """Merges of suppliers complained against here, and their undoing."""
    ours = Fusao.objects.filter(fundidos__reclamacoes__atendimento__unidade=closing.unidade).distinct()
    for merge in ours.filter(feita_em__gt=closing.fechado_em).order_by("-feita_em")[:REASONS]:
        stays = merge.sobrevivente.razao_social
        yield Reason(merge.feita_em, str(merge.feita_por), "Fusão de fornecedores", stays, merge.motivo)
    for merge in ours.filter(desfeita_em__gt=closing.fechado_em).order_by("-desfeita_em")[:REASONS]:
        if merge.desfeita_em:
            stays = merge.sobrevivente.razao_social
            told = merge.motivo_de_desfazer
            yield Reason(merge.desfeita_em, str(merge.desfeita_por), "Fusão desfeita", stays, told)
