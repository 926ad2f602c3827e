"""What follows when somebody stayed away: the supplier's revelia; the consumer's justification, or the archiving."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import SYSTEM_LOGIN, User
from cases.models import Anexo, Atendimento, Reclamado
from cases.services import archive_for_absence, attach_all, default_by_absence
from cases.services.letters import term_data
from deadlines.services import fulfil, set_prazo
from documents.models import Documento
from hearings import acts
from hearings.models import Audiencia, Justificativa
from hearings.services.booking import locked_case, tell_deadlock
from hearings.services.checks import ABSENCE_RULE
from hearings.services.notices import letters_of, when
from notifications.models import Mensagem
from notifications.services import cancel, enqueue
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from
from workflow.services import record, require_papel

NOTICE = "justificativa_ausencia"


def lock_row(audiencia: Audiencia) -> None:
    """Lock the case's row before its history, as the acts of a reclamação do, so that nobody waits in a circle."""
    Atendimento.objects.select_for_update(of=("self",)).get(pk=audiencia.atendimento_id)


def suppliers_away(audiencia: Audiencia, came: Collection[Reclamado]) -> list[Reclamado]:
    """The suppliers called to this hearing who did not come."""
    called = audiencia.reclamados.select_related("fornecedor").order_by("pk")
    return [item for item in called if item not in came]


def default_absent(audiencia: Audiencia, came: Collection[Reclamado], *, by: User, at: datetime) -> None:
    """Hold silent whoever stayed away while the reclamação waits for their defence, and had been told so in writing.

    The notice of the hearing says that the process goes on without the absent supplier (notificacao_fornecedor.typ).
    """
    warned = set(
        letters_of(audiencia, Documento.Tipo.NOTIFICACAO_FORNECEDOR).values_list("dados__dados__parte", flat=True)
    )
    for item in suppliers_away(audiencia, came):
        if f"fornecedor:{item.fornecedor_id}" in warned:
            default_by_absence(reclamado=item, by=by, at=at)


def start_justification(audiencia: Audiencia, *, at: datetime) -> dict[str, str]:
    """Start the absent consumer's term, tell them of it, and give it as the certidão quotes it."""
    day = timezone.localdate(audiencia.inicio)
    prazo = set_prazo(ABSENCE_RULE, historico=audiencia.atendimento.historico, start=day)
    _tell(Justificativa.objects.create(audiencia=audiencia, prazo=prazo), at=at)
    return {
        **term_data(ABSENCE_RULE, at=audiencia.inicio),
        "vence_em": prazo.vence_em.isoformat(),
        "explicacao": prazo.explicacao,
    }


@tell_deadlock
@transaction.atomic
def justify_absence(
    *, audiencia: Audiencia, texto: str, on: date, by: User, at: datetime, arquivo: Sequence[UploadedFile[Any]] = ()
) -> Justificativa:
    """Record the consumer's justification that came in on a day within the term, with its papers; the case goes on."""
    case = locked_case(audiencia.atendimento_id)
    require_papel(by, case.unidade_id, frozenset(acts.TABLE), "registrar a justificativa")
    live = _live(audiencia)
    if not texto.strip():
        raise ContentRefused("Escreva a justificativa.", errors={"texto": "Escreva a justificativa."})
    held, today = timezone.localdate(audiencia.inicio), timezone.localdate(at)
    if not held <= on <= today:
        raise ContentRefused(
            f"A justificativa chega entre a audiência ({held:%d/%m/%Y}) e hoje ({today:%d/%m/%Y}). Confira a data.",
            errors={"on": "Confira a data."},
        )
    if on > live.prazo.vence_em:
        raise ActNotAllowed(
            f"O prazo para justificar terminou em {live.prazo.vence_em:%d/%m/%Y}, e esta chegou em {on:%d/%m/%Y}. "
            "Junte-a ao caso como anexo; arquivado, o caso só continua se o coordenador o reabrir."
        )
    live.texto, live.apresentada_em, live.registrada_em, live.registrada_por = texto.strip(), on, at, by
    with refusals_from(Justificativa):
        live.save(update_fields=["texto", "apresentada_em", "registrada_em", "registrada_por"])
    fulfil(prazo=live.prazo, at=at)
    cancel(referencia=_reference(live), motivo="A ausência já foi justificada.")
    record(audiencia, "JUSTIFICAR_AUSENCIA", by=by, at=at, apresentada_em=on.isoformat())
    name = "Justificativa da ausência à audiência"
    attach_all(atendimento=case, arquivos=arquivo, origem=Anexo.Origem.CONSUMIDOR, by=by, at=at, descricao=name)
    return live


@tell_deadlock
@transaction.atomic
def archive_absent(*, audiencia: Audiencia, by: User, at: datetime, motivo: str = "") -> Atendimento:
    """Archive the case of a consumer who stayed away and let the term pass; a person says how the consumer was told."""
    lock_row(audiencia)
    case = locked_case(audiencia.atendimento_id)
    live = _live(audiencia)
    if by.usuario != SYSTEM_LOGIN and not motivo.strip():
        raise ContentRefused("Escreva como o consumidor foi avisado.", errors={"motivo": "Escreva como foi avisado."})
    if not Justificativa.objects.passed(today=timezone.localdate(at)).filter(pk=live.pk).exists():
        raise ActNotAllowed(
            f"Não cabe arquivar por ausência: o prazo para justificar vai até {live.prazo.vence_em:%d/%m/%Y}, "
            "ou o caso já tem outra audiência marcada."
        )
    told = f"Ausência à audiência de {when(audiencia)}, não justificada. {motivo.strip()}".strip()
    return archive_for_absence(atendimento=case, by=by, at=at, motivo=told)


def archive_absences(*, today: date, at: datetime) -> int:
    """Archive the case of every consumer whose term passed after a notice that went out; returns how many.

    May run twice. A notice that failed is no notice, and who has no e-mail address got none: those cases stand among
    the overdue terms, for the coordenador.
    """
    system, archived = User.objects.system(), 0
    passed = Justificativa.objects.passed(today=today).select_related("audiencia__atendimento").order_by("pk")
    for item in list(passed[:500]):
        sent = Mensagem.objects.filter(referencia=_reference(item), situacao=Mensagem.Situacao.ENVIADA)
        if not sent.exists():
            continue
        try:
            archive_absent(audiencia=item.audiencia, by=system, at=at)
        except ActNotAllowed:
            continue
        archived += 1
    return archived


def _live(audiencia: Audiencia) -> Justificativa:
    """The consumer's absence from this hearing, still to be justified; refuses where there is none."""
    found = Justificativa.objects.select_related("prazo", "audiencia").filter(audiencia=audiencia).first()
    if found is None:
        raise ActNotAllowed("O consumidor não faltou a esta audiência. Não há ausência a justificar.")
    if found.apresentada_em:
        raise ActNotAllowed(f"A ausência já foi justificada em {found.apresentada_em:%d/%m/%Y}. O caso continua.")
    if found.prazo.cumprido_em:
        raise ActNotAllowed("O caso já foi encerrado. Só o coordenador o reabre.")
    return found


def _reference(item: Justificativa) -> str:
    return f"justificativa:{item.pk}"


def _tell(item: Justificativa, *, at: datetime) -> None:
    """Tell the consumer until when the absence can be justified, and what happens otherwise."""
    audiencia, office = item.audiencia, settings.PROCON
    case, person = audiencia.atendimento, audiencia.atendimento.consumidor
    if person is None:
        return
    enqueue(
        chave=f"{audiencia.referencia}:justificativa:email",
        tipo=NOTICE,
        unidade=case.unidade,
        historico=case.historico,
        referencia=_reference(item),
        destinatario=str(person),
        endereco=person.aviso_email,
        assunto=f"Você faltou à audiência de {when(audiencia)} – {office['NOME']}",
        corpo=(
            f"{person},\n\nVocê não compareceu à audiência de {when(audiencia)}, do atendimento {case.protocolo}.\n"
            f"Justifique até {item.prazo.vence_em:%d/%m/%Y}, pelo telefone {office['TELEFONE']} ou no Procon. "
            "Traga ou mande o que a comprova, se tiver. Sem justificativa até esse dia, o caso é arquivado.\n\n"
            f"{office['NOME']}\n{office['ENDERECO']}\n"
        ),
        devida_em=at,
    )
