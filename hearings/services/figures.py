"""What a manager asks of the hearings of a period; counted from the rows, each share with its formula."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import CharField, Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Concat

from hearings.models import Audiencia
from hearings.queries import GONE, PENDING, day_bounds, waits
from hearings.services.notices import CALLED_OFF, NOTICE, REMINDER
from listing.order import by_name
from notifications.models import Mensagem

WITH_AGREEMENT = ("acordo", "acordo_parcial")


@dataclass(frozen=True, slots=True)
class Share:
    """A share as it is printed: what is divided by what."""

    nome: str
    formula: str
    numerador: int
    denominador: int

    @property
    def percentual(self) -> str:
        """The share in per cent with one decimal; a dash where there is nothing to divide by."""
        if not self.denominador:
            return "–"
        return f"{100 * self.numerador / self.denominador:.1f} %".replace(".", ",")


@dataclass(frozen=True, slots=True)
class Load:
    """One conciliator's hearings of the period: those that stand or stood, how long, what came of them."""

    nome: str
    marcadas: int
    realizadas: int
    com_acordo: int
    horas: float


@dataclass(frozen=True, slots=True)
class Figures:
    """The hearings whose date is in the period."""

    de: date
    ate: date
    por_status: Counter[str]
    por_resultado: Counter[str]
    esperaram: int
    espera_mediana: float | None
    espera_p95: float | None
    cargas: Sequence[Load]
    mensagens: Counter[str]
    sem_endereco: int

    @property
    def marcadas(self) -> int:
        """Every date in the period, whatever became of it."""
        return sum(self.por_status.values())

    @property
    def realizadas(self) -> int:
        """Hearings that took place."""
        return self.por_status["realizada"]

    @property
    def por_fazer(self) -> int:
        """Hearings still to come, or whose result was not recorded."""
        return sum(self.por_status[status] for status in PENDING)

    @property
    def indices(self) -> list[Share]:
        """The shares, each with its formula."""
        agreed = sum(self.por_resultado[name] for name in WITH_AGREEMENT)
        due = self.realizadas + self.por_status["nao_realizada"]
        failed = self.mensagens["falhou"]
        return [
            Share("Realização", "realizadas ÷ marcadas", self.realizadas, self.marcadas),
            Share("Acordo", "com acordo, total ou parcial ÷ realizadas", agreed, self.realizadas),
            Share("Ausência", "não realizadas por ausência ÷ realizadas e não realizadas", due - self.realizadas, due),
            Share("Falha de aviso", "mensagens que falharam ÷ mensagens com destino", failed, self._with_address),
        ]

    @property
    def _with_address(self) -> int:
        return sum(self.mensagens.values()) - self.sem_endereco


def figures(*, unidades: Sequence[int], de: date, ate: date) -> Figures:
    """Count the hearings of these unidades from the day `de` to the day `ate`, in a fixed number of reads."""
    start, end = day_bounds(de)[0], day_bounds(ate)[1]
    rows = Audiencia.objects.filter(atendimento__unidade__in=unidades, inicio__gte=start, inicio__lt=end).order_by()
    counted = list(rows.values_list("status", "resultado").annotate(n=Count("pk")))
    by_status: Counter[str] = Counter()
    by_result: Counter[str] = Counter()
    for status, resultado, total in counted:
        by_status[status] += total
        if resultado:
            by_result[resultado] += total
    waited, median, late = waits(unidades, start, end)
    messages, without = _messages(rows)
    return Figures(de, ate, by_status, by_result, waited, median, late, _loads(rows), messages, without)


def _loads(rows: QuerySet[Audiencia]) -> list[Load]:
    found = (
        rows.exclude(status__in=GONE)
        .values("conciliador", "conciliador__nome")
        .annotate(
            marcadas=Count("pk"),
            realizadas=Count("pk", filter=Q(status="realizada")),
            com_acordo=Count("pk", filter=Q(resultado__in=WITH_AGREEMENT)),
            duracao=Sum(F("fim") - F("inicio")),
        )
    )
    return [
        Load(
            row["conciliador__nome"],
            row["marcadas"],
            row["realizadas"],
            row["com_acordo"],
            row["duracao"] / timedelta(hours=1),
        )
        for row in found.order_by("-marcadas", by_name("conciliador__nome"), "conciliador")
    ]


def _messages(rows: QuerySet[Audiencia]) -> tuple[Counter[str], int]:
    """Notices, reminders and cancellations of these hearings by where they stand, and how many had no address."""
    names = rows.values_list(Concat(Value("audiencia:"), "pk", output_field=CharField()))
    told = Mensagem.objects.filter(tipo__in=(NOTICE, REMINDER, CALLED_OFF), referencia__in=names).order_by()
    found = told.values_list("situacao").annotate(n=Count("pk"), vazias=Count("pk", filter=Q(endereco="")))
    counts: Counter[str] = Counter()
    without = 0
    for situacao, total, empty in found:
        counts[situacao] += total
        without += empty
    return counts, without
