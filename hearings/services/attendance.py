"""The door: who came, when, with which papers; and the paper that somebody hands in later on the same day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cases.models import Reclamado
from documents.models import Documento
from documents.services import issue
from hearings import acts
from hearings.models import Audiencia, DocumentoVisto, Presenca
from hearings.queries import PENDING
from hearings.rules import Tolerance, tolerance
from hearings.services.booking import locked_case, tell_deadlock
from hearings.services.slots import agenda_rules
from hearings.services.stale import refuse_stale
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.services import record, require_papel

Tipo = DocumentoVisto.Tipo
CONSUMER_SIDE = (Presenca.Qualidade.CONSUMIDOR, Presenca.Qualidade.PROCURADOR)
#: Which papers a person in this quality shows (domain: hearings).
EXPECTED: dict[str, tuple[Tipo, ...]] = {
    Presenca.Qualidade.CONSUMIDOR: (Tipo.IDENTIDADE,),
    Presenca.Qualidade.PROCURADOR: (Tipo.IDENTIDADE, Tipo.PROCURACAO),
    Presenca.Qualidade.PREPOSTO: (Tipo.IDENTIDADE, Tipo.ATO_CONSTITUTIVO, Tipo.CARTA_DE_PREPOSICAO),
    Presenca.Qualidade.ADVOGADO: (Tipo.IDENTIDADE, Tipo.PROCURACAO),
    Presenca.Qualidade.TESTEMUNHA: (Tipo.IDENTIDADE,),
}
PURPOSE = "audiência de conciliação"


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a hearing at its door: who is awaited, and whether anybody came for it."""

    nome: str
    chegou_em: datetime | None
    atrasada: bool


@tell_deadlock
@transaction.atomic
def check_in(
    *,
    audiencia: Audiencia,
    presencas: Sequence[Presenca],
    papeis: Mapping[int, Collection[str]] | None = None,
    by: User,
    at: datetime,
) -> list[Presenca]:
    """Write down who arrived: unsaved Presenca rows, and by each row's place in the list the papers it showed.

    On the day of the hearing and before it has a result. Nobody is written down twice.
    """
    live = _open(audiencia, "registrar chegada", by=by)
    if not presencas:
        raise ContentRefused("Diga quem chegou: escreva a hora ou marque «chegou agora».")
    rows = attendance(live, presencas, at=at)
    here = {(row.nome.casefold(), row.qualidade) for row in live.presencas.all()}
    for row in rows:
        key = (row.nome.casefold(), row.qualidade)
        if key in here:
            text = f"{row.nome} já consta como presente. Registre só quem chegou depois."
            raise ContentRefused(text, errors={"presencas": text})
        here.add(key)
    Presenca.objects.bulk_create(rows)
    for place, row in enumerate(rows):
        _see(row, (papeis or {}).get(place, ()), by=by, at=at)
        seen = sorted((papeis or {}).get(place, ()))
        clock = timezone.localtime(row.chegou_em).isoformat()
        record(live, "REGISTRAR_CHEGADA", by=by, at=at, qualidade=row.qualidade, chegou_em=clock, documentos=seen)
    return rows


@tell_deadlock
@transaction.atomic
def take_back_arrival(*, presenca: Presenca, by: User, at: datetime) -> None:
    """Take back an arrival that was written down by mistake, before the hearing has a result; it is recorded."""
    live = _open(presenca.audiencia, "retirar a chegada", by=by)
    if presenca.assinaturas.exists():
        raise ActNotAllowed(f"{presenca.nome} já assinou o termo. Mude o texto do termo, e a assinatura cai.")
    presenca.vistos.all().delete()
    if not Presenca.objects.filter(pk=presenca.pk).delete()[0]:
        raise ActNotAllowed("Esta chegada já foi retirada. Atualize a página.")
    record(live, "RETIRAR_CHEGADA", by=by, at=at, qualidade=presenca.qualidade)


@tell_deadlock
@transaction.atomic
def see_papers(*, presenca: Presenca, papeis: Collection[str], by: User, at: datetime) -> Presenca:
    """Write down papers that a person handed in after arriving: until the end of the hearing's day, also held by then.

    The moment of each stays beside it, so that everybody sees what was there from the start.
    """
    case = locked_case(presenca.audiencia.atendimento_id, ("unidade",))
    require_papel(by, case.unidade_id, frozenset(acts.TABLE), "registrar documentos vistos")
    day = timezone.localdate(presenca.audiencia.inicio)
    if timezone.localdate(at) != day:
        raise ActNotAllowed(
            f"Os documentos são aceitos até o fim do dia da audiência ({day:%d/%m/%Y}). "
            "Junte o que chegou depois ao caso, como anexo."
        )
    if not papeis:
        raise ContentRefused("Marque ao menos um documento.", errors={"papeis": "Marque ao menos um documento."})
    _see(presenca, papeis, by=by, at=at)
    record(presenca.audiencia, "VER_DOCUMENTOS", by=by, at=at, documentos=sorted(papeis), quem=presenca.qualidade)
    return presenca


@tell_deadlock
@transaction.atomic
def declare_attendance(*, presenca: Presenca, by: User, at: datetime) -> Documento:
    """Freeze the declaração de comparecimento of one person who came: from the arrival to now, or to the day's end."""
    audiencia = presenca.audiencia
    case = locked_case(audiencia.atendimento_id)
    require_papel(by, case.unidade_id, frozenset(acts.TABLE), "emitir a declaração de comparecimento")
    if audiencia.status in PENDING and at < audiencia.inicio:
        raise ActNotAllowed("A audiência ainda não começou. A declaração é emitida depois dela.")
    left = min(at, audiencia.fim) if timezone.localdate(at) != timezone.localdate(audiencia.inicio) else at
    return issue(
        Documento.Tipo.DECLARACAO_DE_COMPARECIMENTO,
        titulo=f"Declaração de comparecimento – {case.protocolo}",
        dados={
            "protocolo": case.protocolo,
            "audiencia": {"id": audiencia.pk},
            "pessoa": {"nome": presenca.nome},
            "qualidade": presenca.get_qualidade_display().lower(),
            "inicio": presenca.chegou_em,
            "fim": max(left, presenca.chegou_em),
            "finalidade": PURPOSE,
            "signatario": {"nome": by.nome},
        },
        unidade=case.unidade,
        historico=case.historico,
        by=by,
        at=at,
    )


def missing_papers(presenca: Presenca) -> list[str]:
    """The names of the papers that this person has still to show; asks nothing where `vistos` is prefetched."""
    seen = {row.tipo for row in presenca.vistos.all()}
    return [str(tipo.label) for tipo in EXPECTED[presenca.qualidade] if tipo not in seen]


def clock_of(audiencia: Audiencia, *, at: datetime) -> Tolerance:
    """The hearing's tolerance as it stands now, by its unidade's rules."""
    return tolerance(audiencia.inicio, tolerance_of(audiencia), at=at)


def tolerance_of(audiencia: Audiencia) -> timedelta:
    """How long this hearing waits for whoever is late."""
    return timedelta(minutes=agenda_rules(audiencia.atendimento.unidade).tolerancia)


def sides(audiencia: Audiencia, rows: Sequence[Presenca]) -> tuple[bool, list[Reclamado]]:
    """Whether the consumer's side came (or the case has none), and which suppliers were represented."""
    consumer = audiencia.atendimento.consumidor_id is None or any(_for_consumer(row) for row in rows)
    came = [row.reclamado for row in rows if row.reclamado and row.qualidade != Presenca.Qualidade.TESTEMUNHA]
    return consumer, list(dict.fromkeys(came))


def awaited(audiencia: Audiencia, rows: Sequence[Presenca], *, at: datetime) -> list[Party]:
    """Each party, with the first arrival for it: who is here, who is late."""
    clock = clock_of(audiencia, at=at)
    found = []
    if audiencia.atendimento.consumidor_id:
        found.append(_party(str(audiencia.atendimento.consumidor), [row for row in rows if _for_consumer(row)], clock))
    for item in audiencia.reclamados.all():
        acting = [r for r in rows if r.reclamado_id == item.pk and r.qualidade != Presenca.Qualidade.TESTEMUNHA]
        found.append(_party(str(item.fornecedor), acting, clock))
    return found


def attendance(audiencia: Audiencia, presencas: Sequence[Presenca], *, at: datetime) -> list[Presenca]:
    """Check the rows and bind them to the hearing; a supplier's person without a supplier gets the only one."""
    called = list(audiencia.reclamados.select_related("fornecedor").order_by("pk"))
    for row in presencas:
        row.audiencia, row.nome = audiencia, " ".join(row.nome.split())
        if row.qualidade == Presenca.Qualidade.PREPOSTO and row.reclamado is None and len(called) == 1:
            row.reclamado = called[0]
        problem = _problem(row, called, audiencia, at=at)
        if problem:
            raise ContentRefused(problem, errors={"presencas": problem})
    return list(presencas)


def as_data(row: Presenca) -> dict[str, str]:
    """One person as the letters print it: papers by name, then whatever else was written of them."""
    seen = [str(item.get_tipo_display()) for item in row.vistos.all()] if row.pk else []
    return {
        "nome": row.nome,
        "qualidade": row.qualidade,
        "representa": row.reclamado.fornecedor.razao_social if row.reclamado else "",
        "chegou_em": timezone.localtime(row.chegou_em).isoformat(),
        "documentos": ", ".join([*seen, *([row.documentos] if row.documentos else [])]),
    }


def _open(audiencia: Audiencia, what: str, *, by: User) -> Audiencia:
    case = locked_case(audiencia.atendimento_id)
    require_papel(by, case.unidade_id, frozenset(acts.TABLE), what)
    live = Audiencia.objects.select_related("sala", "conciliador").get(pk=audiencia.pk)
    live.atendimento = case
    if live.status not in PENDING:
        refuse_stale(live, f"Não é possível {what}", by=by)
    return live


def _see(presenca: Presenca, papeis: Collection[str], *, by: User, at: datetime) -> None:
    if set(papeis) - set(Tipo.values):
        raise ContentRefused("Há um documento fora da lista. Escolha da lista.", errors={"papeis": "Escolha da lista."})
    rows = [DocumentoVisto(presenca=presenca, tipo=tipo, visto_em=at, visto_por=by) for tipo in sorted(papeis)]
    DocumentoVisto.objects.bulk_create(rows, ignore_conflicts=True)


def _for_consumer(row: Presenca) -> bool:
    return row.qualidade in CONSUMER_SIDE and row.reclamado_id is None


def _party(nome: str, rows: Sequence[Presenca], clock: Tolerance) -> Party:
    first = min((row.chegou_em for row in rows), default=None)
    return Party(nome, first, bool(first and clock.late(first)))


def _problem(row: Presenca, called: list[Reclamado], audiencia: Audiencia, *, at: datetime) -> str:
    if row.qualidade not in Presenca.Qualidade.values:
        return f"«{row.qualidade}» não é uma qualidade conhecida. Escolha uma da lista."
    if not row.nome:
        return "Escreva o nome de quem compareceu."
    if row.reclamado and row.reclamado not in called:
        return f"{row.nome} representa um fornecedor que não foi chamado a esta audiência. Escolha um dos chamados."
    if row.qualidade == Presenca.Qualidade.PREPOSTO and row.reclamado is None:
        return f"Diga qual fornecedor {row.nome} representa."
    if row.chegou_em > at or timezone.localdate(row.chegou_em) != timezone.localdate(audiencia.inicio):
        return f"A chegada de {row.nome} deve ser no dia da audiência e não depois de agora. Corrija a hora."
    return ""
