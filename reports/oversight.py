"""What is late, stands still, waits or failed, and who carries how much: each number with the list of its rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse

from accounts.models import Atribuicao, Papel, User
from cases.filters import colleagues
from cases.models import CIP, Acordo, Atendimento, Reclamacao
from cases.queries import terms_visible_to
from hearings.models import Audiencia
from hearings.queries import GONE
from listing.order import by_name
from listing.pages import COUNT_CAP, capped, capped_count
from notifications.models import Mensagem

#: An AR on its way for longer than this is asked for at the post.
AR_DAYS = 30
#: For how many days nothing happened in a case.
STILL_DAYS = (30, 60, 90)
#: Where an open case may stand.
OPEN = tuple(value for value in Atendimento.Status if value != Atendimento.Status.ENCERRADO)

_WAITING = {
    Atendimento.Status.ABERTO: "casos abertos, sem CIP nem reclamação",
    Atendimento.Status.AGUARDA_FORNECEDOR: "casos que aguardam o fornecedor",
    Atendimento.Status.AGUARDA_CONSUMIDOR: "casos que aguardam o consumidor",
    Atendimento.Status.EM_RECLAMACAO: "casos em reclamação",
}


@dataclass(frozen=True, slots=True)
class Numero:
    """How many there are of something, and the address of the list that shows exactly them."""

    nome: str
    total: str
    endereco: str
    alerta: bool = False


@dataclass(frozen=True, slots=True)
class Carga:
    """What one person carries: a number for each column, with its list where there is one."""

    nome: str
    unidade: str
    numeros: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Gestao:
    """Everything that the page shows: groups of numbers, and the loads."""

    grupos: list[tuple[str, str, list[Numero]]]
    atendentes: list[Carga]
    conciliadores: list[Carga]


def oversee(user: User, managed: Collection[int], *, at: datetime, today: date) -> Gestao:
    """What `user` may see of it, in a fixed number of reads; loads of the clerks of the `managed` unidades."""
    groups = [
        ("vencidos", "Vencidos", _late(user, today)),
        ("parados", "Parados", _still(user, at)),
        ("esperas", "À espera", _waiting(user)),
        ("acordos", "Acordos a conferir", _agreements(user, today)),
        ("avisos", "Avisos e audiências", _notices(user, today)),
    ]
    return Gestao(groups, _clerks(user, managed), _conciliators(user, today))


def _listed(
    nome: str, rows: models.QuerySet[models.Model], route: str, *, alert: bool = True, **query: object
) -> Numero:
    total = capped_count(rows)
    address = f"{reverse(route)}?{urlencode(query)}" if query else reverse(route)
    return Numero(nome, total, address, alert and total != "0")


def _late(user: User, today: date) -> list[Numero]:
    cips, posted = CIP.objects.visible_to(user), today - timedelta(days=AR_DAYS)
    late = cips.filter(prazo__vence_em__lt=today, prazo__cumprido_em__isnull=True)
    away = cips.filter(status=CIP.Status.ENVIADA, meio=CIP.Meio.AR, emitida_em__date__lte=posted)
    silent = Reclamacao.objects.visible_to(user).defence_overdue(today=today)
    terms = terms_visible_to(user).filter(cumprido_em__isnull=True, vence_em__lt=today)
    cases = Atendimento.objects.visible_to(user).with_term(overdue_on=today)
    return [
        _listed("CIPs com prazo de resposta vencido", late, "cips", vencida="on"),
        _listed(
            f"ARs sem retorno, de CIPs emitidas há {AR_DAYS} dias ou mais", away, "cips",
            status="enviada", meio="ar", ate=posted.isoformat(),
        ),
        _listed("reclamações com defesa vencida", silent, "reclamacoes", espera="defesa_vencida"),
        _listed("prazos vencidos, de qualquer espécie", terms, "prazos_em_curso", quando="vencidos"),
        _listed("casos com prazo vencido", cases, "atendimentos", prazo="vencido"),
    ]  # fmt: skip


def _still(user: User, at: datetime) -> list[Numero]:
    cases = Atendimento.objects.visible_to(user)
    return [
        _listed(f"casos em andamento e parados há mais de {days} dias",
                cases.standing_still(since=at - timedelta(days=days)), "atendimentos", parado=days)
        for days in STILL_DAYS
    ]  # fmt: skip


def _waiting(user: User) -> list[Numero]:
    counted = Atendimento.objects.count_by_status(OPEN, user=user, cap=COUNT_CAP)
    found = [
        Numero(_WAITING[status], capped(counted[status]), f"{reverse('atendimentos')}?status={status}")
        for status in OPEN
    ]
    complaints = Reclamacao.objects.visible_to(user)
    unsent = CIP.objects.visible_to(user).filter(status=CIP.Status.EMITIDA)
    return [
        *found,
        _listed("CIPs emitidas e não enviadas", unsent, "cips", alert=False, status="emitida"),
        _listed("reclamações à espera de parecer", complaints.awaiting_opinion(), "reclamacoes", alert=False,
                espera="parecer"),
        _listed("reclamações à espera de decisão", complaints.awaiting_decision(), "reclamacoes", alert=False,
                espera="decisao"),
    ]  # fmt: skip


def _agreements(user: User, today: date) -> list[Numero]:
    due = Acordo.objects.visible_to(user).to_ask(today=today)
    return [
        _listed("acordos a conferir até hoje", due, "acordos", alert=False, quando="a_conferir"),
        _listed("acordos cuja conferência passou", due.filter(conferir_em__lt=today), "acordos", quando="vencido"),
    ]


def _notices(user: User, today: date) -> list[Numero]:
    told = Mensagem.objects.visible_to(user)
    closed = Audiencia.objects.visible_to(user).on_closed_days(since=today)
    return [
        _listed("mensagens que falharam", told.filter(situacao="falhou"), "mensagens", situacao="falhou"),
        _listed("mensagens que voltaram", told.filter(situacao="devolvida"), "mensagens", situacao="devolvida"),
        _listed("audiências em dia sem expediente", closed, "audiencias_sem_expediente"),
    ]


def _clerks(user: User, managed: Collection[int]) -> list[Carga]:
    """Open cases by who registered them, and by where they stand; all of them first. The largest load first."""
    rows = Atendimento.objects.filter(unidade__in=managed).open().order_by()
    counted = rows.values("unidade", "unidade__nome", "atendente", "atendente__nome").annotate(
        em_andamento=Count("pk"), **{status.value: Count("pk", filter=Q(status=status)) for status in OPEN}
    )
    listed = set(colleagues(user).values_list("pk", flat=True))
    columns = ("em_andamento", *(status.value for status in OPEN))
    found = []
    for row in counted.order_by("-em_andamento", by_name("atendente__nome"), "atendente", "unidade"):
        chosen = {"atendente": row["atendente"], "unidade": row["unidade"]}
        base = f"{reverse('atendimentos')}?{urlencode(chosen)}&status=" if row["atendente"] in listed else ""
        numbers = [(row[name], f"{base}{name}" if base and row[name] else "") for name in columns]
        found.append(Carga(row["atendente__nome"], row["unidade__nome"], numbers))
    return found


def _conciliators(user: User, today: date) -> list[Carga]:
    """Hearings of this week and the next one that stand or stood, by who conducts them."""
    monday = today - timedelta(days=today.weekday())
    weeks = [(day, day + timedelta(days=6)) for day in (monday, monday + timedelta(days=7))]
    rows = Audiencia.objects.visible_to(user).between(weeks[0][0], weeks[1][1]).exclude(status__in=GONE).order_by()
    week = [Q(pk__in=Audiencia.objects.between(first, last).values("pk")) for first, last in weeks]
    counted = rows.values("conciliador", "conciliador__nome").annotate(
        esta=Count("pk", filter=week[0]), seguinte=Count("pk", filter=week[1])
    )
    held = Atribuicao.objects.filter(papel=Papel.CONCILIADOR, user__is_active=True)
    listed = set(held.values_list("user", flat=True))
    found = []
    for row in counted.order_by("-esta", "-seguinte", by_name("conciliador__nome"), "conciliador"):
        key, numbers = row["conciliador"], []
        for total, (first, _) in zip((row["esta"], row["seguinte"]), weeks, strict=True):
            query = urlencode({"dia": first.isoformat(), "por": "conciliador", "recurso": f"conciliador:{key}"})
            linked = total and key in listed
            numbers.append((total, f"{reverse('audiencias_semana')}?{query}" if linked else ""))
        found.append(Carga(row["conciliador__nome"], "", numbers))
    return found
