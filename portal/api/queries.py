"""What an integration may read: the cases that it registered, and nothing else."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.utils import timezone

from accounts.models import Papel, Unidade, User
from cases.models import CIP, Anexo, Assunto, Atendimento, ProblemaDoAssunto
from cases.services.manifestation import ANSWERED
from cases.services.returning import LAST_NOTICE, RETURN
from deadlines.models import Prazo
from documents.models import Documento
from parties.models import Fornecedor
from workflow.models import Evento
from workflow.queries import worded


def cases_of(user: User) -> QuerySet[Atendimento]:
    """The cases that this integration registered, whoever in the office has them now."""
    return Atendimento.objects.filter(integracao=user)


#: What the list reads of a case: columns, for four models to each line would cost more than all the rest.
LISTED = (
    "id", "protocolo", "protocolo_externo", "unidade__codigo", "tipo", "canal", "status", "desfecho", "aberto_em",
    "encerrado_em", "assunto_id", "problema__descricao", "fornecedores",
)  # fmt: skip
#: What is shown of one case beside that: its words, and its consumer as this integration declared it.
WHOLE = (
    *LISTED, "historico_id", "relato", "pedido", "valor", "data_compra", "consumidor_declarado__dados",
)  # fmt: skip
# The suppliers as representation.supplier shows them, so that one statement reads a page; as text, so that one reading
# does for all its rows.
_SUPPLIERS = """(
SELECT coalesce(json_agg(json_build_object('cnpj', f.cnpj, 'radical', f.radical,
    'nome', coalesce(nullif(f.nome_fantasia, ''), f.razao_social), 'razao_social', f.razao_social)
    ORDER BY r.id), '[]')::text
FROM cases_reclamado r JOIN parties_fornecedor f ON f.id = r.fornecedor_id
WHERE r.atendimento_id = cases_atendimento.id)"""

ListedCase = namedtuple("ListedCase", LISTED)  # type: ignore[misc]
WholeCase = namedtuple("WholeCase", WHOLE)  # type: ignore[misc]


def listed(cases: QuerySet[Atendimento]) -> QuerySet[Any]:
    """The cases as rows of `LISTED`."""
    return _with_suppliers(cases).values_list(*LISTED, named=True)


def _with_suppliers(cases: QuerySet[Atendimento]) -> QuerySet[Any]:
    return cases.annotate(fornecedores=RawSQL(_SUPPLIERS, ()))  # noqa: S611  a constant, with nobody's text in it


def whole(user: User, protocolo: str) -> Any:
    """One case of this integration as a row of `WHOLE`. Raises Http404: what one may not see does not exist."""

    def composed() -> QuerySet[Any]:
        return _with_suppliers(cases_of(user).filter(protocolo=protocolo)).values_list(*WHOLE)

    found = worded("portal.whole", composed, (user.pk, protocolo))
    if not found:
        raise Http404
    return WholeCase._make(found[0])


def one_of(cases: QuerySet[Atendimento], protocolo: str) -> Atendimento:
    """The case with this protocol among these. Raises Http404: what one may not see does not exist."""
    case = cases.filter(protocolo=protocolo).first()
    if case is None:
        raise Http404
    return case


def with_parties(user: User) -> QuerySet[Atendimento]:
    """The same, with all that a case's representation shows but its suppliers."""
    return cases_of(user).select_related("unidade", "consumidor", "problema")


def unidades_of(user: User) -> QuerySet[Unidade]:
    """The active unidades where this integration registers, by code."""
    return Unidade.objects.filter(pk__in=user.unidades_com([Papel.INTEGRACAO]), ativa=True).order_by("codigo")


#: The names of what narrows the list.
FILTERS = frozenset({"status", "tipo", "assunto_id", "aberto_de", "aberto_ate", "fornecedor"})


def filtered(cases: QuerySet[Atendimento], wanted: dict[str, Any]) -> QuerySet[Atendimento]:
    """Narrow by the filters of the list; a supplier is named by its radical."""
    plain = {name: wanted[name] for name in ("status", "tipo", "assunto_id") if name in wanted}
    cases = cases.filter(**plain)
    if "aberto_de" in wanted:
        cases = cases.filter(aberto_em__gte=opens(wanted["aberto_de"]))
    if "aberto_ate" in wanted:
        cases = cases.filter(**until("aberto_em", wanted["aberto_ate"]))
    if "fornecedor" in wanted:
        cases = cases.against(Fornecedor.objects.filter(radical=wanted["fornecedor"]))
    return cases


def opens(value: date | datetime) -> datetime:
    """When a slice begins: a day at local midnight."""
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day, tzinfo=timezone.get_current_timezone())


def until(field: str, value: date | datetime) -> dict[str, datetime]:
    """The condition by which a slice ends: a day is included whole, a moment exactly."""
    if isinstance(value, datetime):
        return {f"{field}__lte": value}
    return {f"{field}__lt": opens(value + timedelta(days=1))}


def assuntos(text: str) -> QuerySet[Assunto]:
    """The assuntos in use, by a part of their words, accents aside."""
    found = Assunto.objects.filter(ativo=True)
    return found.filter(descricao__unaccent__icontains=text) if text else found


def problems_of(assunto: int, text: str) -> QuerySet[ProblemaDoAssunto]:
    """The problems that may be chosen under an assunto, by a part of their words, accents aside."""
    found = ProblemaDoAssunto.objects.filter(
        assunto_id=assunto, assunto__ativo=True, ativo=True, problema__ativo=True
    ).select_related("problema")
    return found.filter(problema__descricao__unaccent__icontains=text) if text else found


def told_events(case: Atendimento, told: Iterable[tuple[str, str]]) -> QuerySet[Evento]:
    """The case's events whose object and act are among those told to the consumer."""
    wanted = Q()
    for objeto, ato in told:
        wanted |= Q(objeto=objeto, ato=ato)
    return Evento.objects.filter(wanted, historico_id=case.historico_id)


def attachments_of(case: Atendimento) -> QuerySet[Anexo]:
    """What the consumer brought to the case and nobody removed; not the supplier's papers nor the counter's."""
    return Anexo.objects.kept().filter(atendimento=case, origem=Anexo.Origem.CONSUMIDOR).exclude(arquivo="")


def answers_of(case: Atendimento) -> QuerySet[CIP]:
    """The suppliers' answers to the CIPs of a case, each with the consumer's word on it, if there is one."""
    answered = CIP.objects.filter(reclamado__atendimento=case, respondida_em__isnull=False)
    return answered.select_related("reclamado__fornecedor", "reclamado__atendimento", "manifestacao")


def is_awaited(answer: CIP) -> bool:
    """Whether the office still waits for the consumer's word on this answer."""
    return answer.status in ANSWERED and getattr(answer, "manifestacao", None) is None


def return_term(case: Atendimento) -> date | None:
    """The last day for the consumer's word, where a term for it runs."""
    waiting = Prazo.objects.running().filter(historico_id=case.historico_id, regra__nome__in=[RETURN, LAST_NOTICE])
    return waiting.order_by("-vence_em").values_list("vence_em", flat=True).first()


def documents_of(case: Atendimento) -> QuerySet[Documento]:
    """The letters of a case that its consumer may read (documents/data/readers.py)."""
    return Documento.objects.for_consumer(case.historico_id).select_related("substituido_por").defer("dados")
