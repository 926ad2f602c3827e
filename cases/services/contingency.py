"""Paper for the days without the system: forms reserved with their numbers, typed in once, or voided (decision 94)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.utils import timezone

from accounts.models import Papel, Unidade, User
from cases import acts
from cases.models import Atendimento, FormularioDeContingencia, NumeroExterno, Tipo
from cases.rules.contingency import AT_MOST, form_code
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import whole
from workflow.services import record, require_papel

RESERVERS = frozenset(acts.COUNTER)
VOIDERS = frozenset({Papel.COORDENADOR})
_LAST = """
    INSERT INTO cases_sequenciadecontingencia AS s (unidade_id, ano, ultimo) VALUES (%s, %s, %s)
    ON CONFLICT (unidade_id, ano) DO UPDATE SET ultimo = s.ultimo + EXCLUDED.ultimo
    RETURNING ultimo
"""


class AlreadyTyped(ActNotAllowed):
    """This form was typed in before; `protocolo` is the case that it became."""

    def __init__(self, codigo: str, protocolo: str) -> None:
        super().__init__(f"O formulário {codigo} já foi digitado: é o atendimento {protocolo}. Nada foi gravado agora.")
        self.protocolo = protocolo


@whole
def reserve_forms(
    *, unidade: Unidade, quantidades: Mapping[str, int], by: User, at: datetime
) -> list[FormularioDeContingencia]:
    """Reserve numbers for blank forms, so many of each tipo, in one run without gaps; who and when stays with each.

    The counter's row stays locked until the commit. Raises ContentRefused for no form, too many, or no such tipo.
    """
    require_papel(by, unidade.pk, RESERVERS, "Reservar formulários de contingência")
    wanted = [tipo for tipo, many in quantidades.items() for _ in range(min(many, AT_MOST + 1))]
    if any(tipo not in Tipo.values for tipo in wanted):
        raise ContentRefused("Um dos tipos não existe. Escolha entre os dez tipos da lista.")
    if not wanted:
        raise ContentRefused("Diga quantos formulários de ao menos um tipo.")
    if len(wanted) > AT_MOST:
        raise ContentRefused(f"Reserve até {AT_MOST} formulários de cada vez. Diminua as quantidades.")
    year = timezone.localdate(at).year
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [unidade.pk, year, len(wanted)])
        (last,) = cursor.fetchone()
    first = last - len(wanted) + 1
    return FormularioDeContingencia.objects.bulk_create(
        FormularioDeContingencia(
            codigo=form_code(unidade.codigo, year, number),
            unidade=unidade,
            tipo=tipo,
            reservado_em=at,
            reservado_por=by,
        )
        for number, tipo in enumerate(wanted, start=first)
    )


@whole
def void_form(*, formulario: FormularioDeContingencia, motivo: str, by: User, at: datetime) -> FormularioDeContingencia:
    """Take a spoiled or lost form out of the drawer, with the reason; its number is never given again."""
    require_papel(by, formulario.unidade_id, VOIDERS, "Anular formulário de contingência")
    why = " ".join(motivo.split())
    if not why:
        raise ContentRefused("Escreva por que o formulário é anulado.", errors={"motivo": "Escreva o motivo."})
    blank = FormularioDeContingencia.objects.blank().filter(pk=formulario.pk)
    if not blank.update(anulado_em=at, anulado_por=by, motivo=why[:300]):
        raise _not_blank(formulario)
    formulario.refresh_from_db()
    return formulario


def check_form(filled: tuple[FormularioDeContingencia, datetime], *, unidade: Unidade, at: datetime) -> None:
    """What must hold before a form is typed in: still blank, of this unidade, filled in after it was printed."""
    formulario, ocorrido_em = filled
    held = FormularioDeContingencia.objects.select_for_update().get(pk=formulario.pk)
    if held.atendimento_id or held.anulado_em:
        raise _not_blank(held)
    if held.unidade_id != unidade.pk:
        words = f"O formulário {held.codigo} é de {held.unidade}. Escolha esta unidade, ou confira o número."
        raise ContentRefused(words, errors={"unidade": words})
    if ocorrido_em > at:
        words = "O atendimento em papel não pode ser de depois de agora. Confira o dia e a hora escritos na folha."
        raise ContentRefused(words, errors={"ocorrido_em": words})
    if ocorrido_em < held.reservado_em.replace(second=0, microsecond=0):
        when = timezone.localtime(held.reservado_em)
        words = f"Este formulário só existe desde {when:%d/%m/%Y às %H:%M}. Confira o dia, a hora e o número da folha."
        raise ContentRefused(words, errors={"ocorrido_em": words})


def finish_form(
    *, formulario: FormularioDeContingencia, atendimento: Atendimento, by: User, at: datetime
) -> NumeroExterno:
    """The form became this case: it is typed in, and its number stands among the case's numbers.

    Called in the transaction that registers the case. Raises AlreadyTyped to the second of two.
    """
    blank = FormularioDeContingencia.objects.blank().filter(pk=formulario.pk)
    if not blank.update(atendimento=atendimento, digitado_em=at, digitado_por=by):
        raise _not_blank(formulario)
    number = NumeroExterno.objects.create(
        atendimento=atendimento,
        sistema=NumeroExterno.Sistema.CONTINGENCIA,
        numero=formulario.codigo,
        anotado_em=at,
        anotado_por=by,
    )
    record(atendimento, "DIGITAR_FORMULARIO", by=by, at=at, formulario=formulario.pk, numero=number.pk)
    return number


def _not_blank(formulario: FormularioDeContingencia) -> ActNotAllowed:
    """Why this form cannot be used any more, as the database says now."""
    now = FormularioDeContingencia.objects.for_list().get(pk=formulario.pk)
    if now.atendimento:
        return AlreadyTyped(now.codigo, now.atendimento.protocolo)
    when = timezone.localtime(now.anulado_em) if now.anulado_em else None
    told = f" em {when:%d/%m/%Y} por {now.anulado_por}: {now.motivo}" if when else ""
    return ActNotAllowed(f"O formulário {now.codigo} foi anulado{told}. Confira o número da folha.")
