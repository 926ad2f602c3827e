"""Agreements: made with their instalments, followed on the due day, kept or broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from cases import acts
from cases.models import Acordo, Atendimento, Parcela, Reclamacao, Reclamado
from cases.rules.instalments import MAX_INSTALMENTS, next_check
from cases.services.closing import end_cips_in_complaint
from cases.services.complaint import ON_CASE, begin_anew, call_to_defend
from cases.services.complaint_letters import ask_consumer, issue_agreement
from workflow.acts import Act
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole
from workflow.services import advance, check_allowed, record, require_papel

MAKERS = frozenset(acts.COUNTER_AND_TABLE)
PAID_BY = MAKERS


def require_maker(case: Atendimento, by: User) -> None:
    """Refuse who registers no agreements in the case's unidade."""
    require_papel(by, case.unidade_id, MAKERS, "registrar acordo")


@whole
def make_agreement(
    *,
    reclamado: Reclamado,
    origem: str,
    texto: str,
    firmado_em: date,
    conferir_em: date | None = None,
    total: Decimal | None = None,
    parcelas: Sequence[Parcela] = (),
    by: User,
    at: datetime,
    no_termo: Mapping[str, Any] | None = None,
    seal: Callable[[bytes], bytes] | None = None,
) -> Acordo:
    """Write down what was agreed with one supplier, with its instalments (unsaved rows), and print the termo.

    The instalments add up to the total, which is in reais. The office asks on the first due day, or on `conferir_em`.
    `no_termo` is what the termo prints besides (who was there, signatures, homologation), `seal` signs it.
    """
    case = _lock(reclamado.atendimento_id)
    require_maker(case, by)
    today = timezone.localdate(at)
    check_agreement(
        origem=origem,
        texto=texto,
        firmado_em=firmado_em,
        conferir_em=conferir_em,
        total=total,
        parcelas=parcelas,
        today=today,
    )
    ask = next_check([row.vencimento for row in parcelas], conferir_em or firmado_em)
    reclamado.atendimento = case
    with refusals_from(Acordo):
        agreement = Acordo.objects.create(
            reclamado=reclamado,
            origem=origem,
            texto=texto.strip(),
            total=total,
            firmado_em=firmado_em,
            conferir_em=ask,
            registrado_por=by,
        )
    for number, row in enumerate(sorted(parcelas, key=lambda item: item.vencimento), start=1):
        row.acordo, row.numero = agreement, number
    Parcela.objects.bulk_create(parcelas)
    agreement.documento = issue_agreement(
        agreement, agreement.parcelas.all(), case, by=by, at=at, besides=no_termo, seal=seal
    )
    agreement.save(update_fields=["documento"])
    name = str(reclamado.fornecedor)
    record(agreement, "FIRMAR_ACORDO", by=by, at=at, para=agreement.status, origem=origem, fornecedor=name)
    return agreement


@whole
def pay_instalment(*, parcela: Parcela, on: date, by: User, at: datetime) -> Parcela:
    """Write down that an instalment was paid on a day; the last one paid keeps the agreement."""
    agreement = _live(parcela.acordo)
    require_papel(by, agreement.unidade_id, PAID_BY, "registrar pagamento de parcela")
    row = Parcela.objects.get(pk=parcela.pk)
    if agreement.status not in acts.CUMPRIR_ACORDO.sources or row.paga_em:
        raise ActNotAllowed("Este pagamento já foi registrado, ou o acordo já está encerrado. Atualize a página.")
    if not agreement.firmado_em <= on <= timezone.localdate(at):
        raise ContentRefused(
            "O pagamento fica entre o dia do acordo e hoje. Confira o comprovante.", errors={"on": "Confira a data."}
        )
    row.paga_em = on
    row.save(update_fields=["paga_em"])
    record(agreement, "PAGAR_PARCELA", by=by, at=at, parcela=row.numero, paga_em=on.isoformat())
    unpaid = agreement.parcelas.filter(paga_em__isnull=True).values_list("vencimento", flat=True)
    if unpaid:
        agreement.conferir_em, agreement.perguntado_em = next_check(list(unpaid), agreement.conferir_em), None
        agreement.save(update_fields=["conferir_em", "perguntado_em"])
    else:
        advance(agreement, acts.CUMPRIR_ACORDO, by=by, at=at, changes={"respondido_em": at})
    return row


@whole
def keep_agreement(*, acordo: Acordo, by: User, at: datetime, observacao: str = "") -> Acordo:
    """Record that the agreement was kept, as the consumer or a proof says."""
    return _answer(acordo, acts.CUMPRIR_ACORDO, observacao, by=by, at=at)


@whole
def break_agreement(*, acordo: Acordo, observacao: str, by: User, at: datetime) -> Acordo:
    """Record that the agreement was broken, and how."""
    if not observacao.strip():
        raise ContentRefused(
            "Escreva o que não foi cumprido.", errors={"observacao": "Escreva o que não foi cumprido."}
        )
    return _answer(acordo, acts.DESCUMPRIR_ACORDO, observacao, by=by, at=at)


@whole
def lose_sight(*, acordo: Acordo, by: User, at: datetime, observacao: str = "") -> Acordo:
    """Record that the office asked and was not told; a later answer still counts. Not before it asked."""
    if acordo.conferir_em > timezone.localdate(at):
        raise ActNotAllowed(f"O acordo é conferido em {acordo.conferir_em:%d/%m/%Y}. Pergunte antes ao consumidor.")
    return _answer(acordo, acts.SEM_NOTICIA_DO_ACORDO, observacao, by=by, at=at)


@whole
def complain_of_breach(*, acordo: Acordo, by: User, at: datetime, motivo: str = "") -> Reclamacao:
    """Open the reclamação that a broken agreement gives a right to, naming it; cartas de abertura go out.

    From a closed case or one that waits. A reclamação that was archived is taken up again.
    """
    agreement = _live(acordo)
    case = agreement.reclamado.atendimento
    check_allowed(case, acts.INSTAURAR_POR_DESCUMPRIMENTO, by=by)
    if agreement.status != Acordo.Status.DESCUMPRIDO:
        raise ActNotAllowed("O acordo não consta como descumprido. Registre antes o que não foi cumprido.")
    why = (
        f"Acordo de {agreement.firmado_em:%d/%m/%Y} com {agreement.reclamado.fornecedor} descumprido. {motivo}".strip()
    )
    end_cips_in_complaint(case, by=by, at=at)
    complaint = Reclamacao.objects.filter(atendimento=case).first()
    reopened = {"desfecho": "", "encerrado_em": None}
    advance(case, acts.INSTAURAR_POR_DESCUMPRIMENTO, by=by, at=at, motivo=why, changes=reopened)
    if complaint:
        complaint.atendimento = case
        advance(complaint, acts.RETOMAR_POR_DESCUMPRIMENTO, by=by, at=at, motivo=why)
        begin_anew(complaint, by=by, at=at)
        return complaint
    complaint = Reclamacao.objects.create(atendimento=case, instaurada_em=at)
    record(complaint, "INSTAURAR_RECLAMACAO", by=by, at=at, para=complaint.status, motivo=why)
    call_to_defend(reclamacao=complaint, by=by, at=at)
    return complaint


def ask_due(*, today: date, at: datetime) -> int:
    """Ask the consumer of every agreement whose day of asking has come, once per day of asking. May run twice."""
    due = Acordo.objects.to_ask(today=today).filter(perguntado_em__isnull=True).order_by("pk")
    asked = 0
    for agreement in due.select_related("reclamado__atendimento").iterator(chunk_size=500):
        asked += _ask(agreement, today=today, at=at)
    return asked


@whole
def _ask(acordo: Acordo, *, today: date, at: datetime) -> bool:
    agreement = _live(acordo)
    waiting = Acordo.objects.to_ask(today=today).filter(pk=agreement.pk, perguntado_em__isnull=True)
    if not waiting.update(perguntado_em=at):
        return False
    ask_consumer(agreement, at=at)
    record(agreement, "PERGUNTAR_DO_ACORDO", by=User.objects.system(), at=at)
    return True


def _answer(acordo: Acordo, act: Act, observacao: str, *, by: User, at: datetime) -> Acordo:
    agreement = _live(acordo)
    changes = {"respondido_em": at, "observacao": observacao.strip()}
    advance(agreement, act, by=by, at=at, motivo=observacao.strip(), changes=changes)
    return agreement


def _lock(pk: int) -> Atendimento:
    return Atendimento.objects.select_for_update(of=("self",)).select_related(*ON_CASE).get(pk=pk)


def _live(acordo: Acordo) -> Acordo:
    """The agreement as it stands now, its case's row locked."""
    case = _lock(Reclamado.objects.values_list("atendimento", flat=True).get(pk=acordo.reclamado_id))
    live = Acordo.objects.select_related("reclamado__fornecedor").get(pk=acordo.pk)
    live.reclamado.atendimento = case
    return live


def check_agreement(
    *,
    origem: str,
    texto: str,
    firmado_em: date,
    conferir_em: date | None,
    total: Decimal | None,
    parcelas: Sequence[Parcela],
    today: date,
) -> None:
    """Raise ContentRefused, by field, for what cannot be an agreement; asked before one is made, too."""
    errors = {}
    if origem not in Acordo.Origem.values:
        errors["origem"] = "Escolha onde o acordo foi feito."
    if not texto.strip():
        errors["texto"] = "Escreva o que foi acordado."
    if firmado_em > today:
        errors["firmado_em"] = "O acordo não pode ser do futuro."
    if len(parcelas) > MAX_INSTALMENTS:
        errors["parcelas"] = f"O acordo tem no máximo {MAX_INSTALMENTS} parcelas."
    if not parcelas and conferir_em is None:
        errors["conferir_em"] = "Diga em que dia conferir se o acordo foi cumprido."
    errors = _check_sum(firmado_em, total, parcelas) | errors
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)


def _check_sum(firmado_em: date, total: Decimal | None, parcelas: Sequence[Parcela]) -> dict[str, str]:
    if not parcelas:
        return {}
    if any(row.valor <= 0 or row.vencimento < firmado_em for row in parcelas):
        return {"parcelas": "Cada parcela tem valor, e vence no dia do acordo ou depois."}
    added = sum((row.valor for row in parcelas), Decimal(0))
    if total != added:
        return {"parcelas": f"As parcelas somam R$ {added:.2f}, e o total não é este. Corrija um dos dois."}
    return {}
