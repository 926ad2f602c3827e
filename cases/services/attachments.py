"""Attaching papers and photographs to a case, removing them, and asking the antivirus about them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from django.utils.timezone import localtime

from accounts.models import Papel, User
from cases import storage
from cases.models import Anexo, Atendimento, Reclamado
from cases.rules.attachments import EXTENSIONS, Checked, check, clean_name
from cases.transport import NoAntivirus, Verdict, scan
from documents.storage import sha256
from notifications.services import enqueue
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole
from workflow.services import record, require_papel

logger = logging.getLogger(__name__)

ATTACHERS = frozenset(
    {
        Papel.ATENDENTE,
        Papel.CONCILIADOR,
        Papel.COORDENADOR,
        Papel.AUTORIDADE,
        Papel.INTEGRACAO,
        Papel.SISTEMA,
    }
)
_MB = 1_000_000


@whole
def attach(
    *,
    atendimento: Atendimento,
    arquivo: UploadedFile[Any],
    nome: str,
    origem: str,
    by: User,
    at: datetime,
    descricao: str = "",
    reclamado: Reclamado | None = None,
) -> Anexo:
    """Put one file into a case: its type told by its content, photographs without position, scanned first.

    The supplier's and the consumer's own pages attach as the system, with their `origem`. Raises ActNotAllowed and
    ContentRefused (field `arquivo`): type, size, the same file twice, a PDF that acts by itself (cases/rules).
    """
    require_papel(by, atendimento.unidade_id, ATTACHERS, "Anexar arquivo")
    if origem not in Anexo.Origem.values:
        raise _refused("Diga quem trouxe o arquivo: balcão, consumidor ou fornecedor.", "origem")
    if reclamado is not None and reclamado.atendimento_id != atendimento.pk:
        raise _refused("Este fornecedor não é parte deste caso. Escolha um dos reclamados.", "reclamado")
    received = _read(arquivo)
    checked = check(received, megapixels=settings.PROCON["ANEXO_MEGAPIXELS"])
    Atendimento.objects.select_for_update(of=("self",), no_key=True).get(pk=atendimento.pk)
    digest = sha256(received)
    _check_room(atendimento, digest, len(checked.content))
    with refusals_from(Anexo):
        anexo = Anexo.objects.create(
            atendimento=atendimento,
            reclamado=reclamado,
            origem=origem,
            nome=clean_name(nome, checked.tipo),
            descricao=" ".join(descricao.split())[:200],
            **_stored(checked),
            sha256_recebido=digest,
            enviado_por=by,
            quando=at,
        )
    record(anexo, "ANEXAR", by=by, at=at, anexo=_number(anexo), origem=origem, sha256=anexo.sha256)
    return anexo


@whole
def attach_all(
    *,
    atendimento: Atendimento,
    arquivos: Iterable[UploadedFile[Any]],
    origem: str,
    by: User,
    at: datetime,
    descricao: str = "",
    reclamado: Reclamado | None = None,
) -> list[Anexo]:
    """Put the papers that came with a word (a defence, an appeal, a justification) into its case: all or none."""
    made = []
    for file in arquivos:
        name = file.name or "arquivo"
        try:
            made.append(
                attach(
                    atendimento=atendimento,
                    arquivo=file,
                    nome=name,
                    origem=origem,
                    by=by,
                    at=at,
                    descricao=descricao,
                    reclamado=reclamado,
                )
            )
        except ContentRefused as refusal:
            raise _refused(f"{name}: {refusal.message}") from refusal
    return made


@whole
def remove_attachment(*, anexo: Anexo, motivo: str, by: User, at: datetime) -> Anexo:
    """Take an attachment out of sight, with a written reason; the file is kept until retention ends. Coordenador."""
    require_papel(by, anexo.unidade_id, frozenset({Papel.COORDENADOR}), "Remover anexo")
    reason = " ".join(motivo.split())[:400]
    if not reason:
        raise _refused("Escreva por que o anexo é removido.", "motivo")
    changes = {"removido_em": at, "removido_por": by, "motivo_da_remocao": reason}
    if not Anexo.objects.kept().filter(pk=anexo.pk).update(**changes):
        raise ActNotAllowed("Este anexo já foi removido. Atualize a página.")
    for field, value in changes.items():
        setattr(anexo, field, value)
    record(anexo, "REMOVER_ANEXO", by=by, at=at, motivo=reason, anexo=_number(anexo))
    return anexo


def read_attachment(anexo: Anexo) -> bytes:
    """The file as it was stored; refuses one that is removed, in quarantine, infected, missing or altered."""
    if anexo.removido_em is not None:
        raise ActNotAllowed("Este anexo foi removido. Se precisa dele, fale com o coordenador.")
    if anexo.situacao == Anexo.Situacao.QUARENTENA:
        raise ActNotAllowed("O antivírus ainda não verificou este anexo. Espere um minuto e tente de novo.")
    if anexo.situacao == Anexo.Situacao.INFECTADO:
        raise ActNotAllowed(
            f"O antivírus achou «{anexo.achado}» neste anexo, e ele não é entregue a ninguém. "
            "Peça a quem o trouxe uma cópia limpa."
        )
    fault = fault_of(anexo)
    if fault:
        raise ActNotAllowed(f"{fault} Avise o administrador: o arquivo certo está na cópia de segurança.")
    return storage.read(anexo.arquivo)


def fault_of(anexo: Anexo) -> str:
    """What is wrong with the stored file, in a sentence; empty where it is as it was stored."""
    if not anexo.arquivo:
        return f"O arquivo do anexo {anexo.pk} foi eliminado ao fim do prazo de guarda."
    try:
        content = storage.read(anexo.arquivo)
    except FileNotFoundError:
        return f"O arquivo do anexo {anexo.pk} não está no armazenamento."
    return "" if sha256(content) == anexo.sha256 else f"O arquivo do anexo {anexo.pk} foi alterado depois de guardado."


def scan_attachments(*, at: datetime, by: User) -> int:
    """Ask the antivirus about every attachment it has not spoken on; returns how many it spoke on. May run twice.

    Where none is configured, what was in quarantine is marked as not scanned. Where it does not answer, nothing moves.
    """
    address = settings.PROCON["CLAMD"]
    if not address:
        waiting = Anexo.objects.filter(situacao=Anexo.Situacao.QUARENTENA)
        return waiting.update(situacao=Anexo.Situacao.SEM_VERIFICACAO)
    done = 0
    for anexo in Anexo.objects.to_scan().select_related("atendimento__unidade", "atendimento__historico").iterator():
        try:
            verdict = scan(storage.read(anexo.arquivo), address)
        except FileNotFoundError:
            logger.error("anexo %s: arquivo ausente", anexo.pk)
            continue
        except NoAntivirus as error:
            logger.error("%s", error)
            break
        if verdict.refused:
            logger.error("anexo %s: o antivírus recusou-se: %s", anexo.pk, verdict.refused)
            continue
        done += _judged(anexo, verdict, at=at, by=by)
    return done


@whole
def _judged(anexo: Anexo, verdict: Verdict, *, at: datetime, by: User) -> int:
    """Write the antivirus's word down, once; a virus is told to the coordenadores and written into the history."""
    situacao = Anexo.Situacao.INFECTADO if verdict.found else Anexo.Situacao.LIMPO
    moved = Anexo.objects.filter(pk=anexo.pk, situacao=anexo.situacao).update(
        situacao=situacao, achado=verdict.found, verificado_em=at
    )
    if moved and verdict.found:
        record(anexo, "BLOQUEAR_ANEXO", by=by, at=at, anexo=_number(anexo), achado=verdict.found)
        _tell_coordenadores(anexo, verdict.found, at=at)
    return moved


def _tell_coordenadores(anexo: Anexo, found: str, *, at: datetime) -> None:
    case = anexo.atendimento
    holders = User.objects.filter(
        atribuicoes__unidade=case.unidade_id, atribuicoes__papel=Papel.COORDENADOR, is_active=True
    )
    for person in holders.order_by("pk"):
        enqueue(
            chave=f"anexo-infectado:{anexo.pk}:{person.pk}",
            tipo="anexo_infectado",
            unidade=case.unidade,
            historico=case.historico,
            referencia=f"anexo:{anexo.pk}",
            destinatario=person.nome,
            endereco=person.email,
            assunto=f"Vírus em anexo do caso {case.protocolo}",
            corpo=(
                f"O antivírus achou «{found}» em um anexo do caso {case.protocolo}, que foi bloqueado.\n"
                "Ninguém o baixa. Peça a quem o trouxe uma cópia limpa e remova o bloqueado, com o motivo.\n"
            ),
            devida_em=at,
        )


def _number(anexo: Anexo) -> str:
    """How the history, which never changes, names an attachment: a file's own name may be a person's."""
    return f"anexo nº {anexo.pk}"


def _read(arquivo: UploadedFile[Any]) -> bytes:
    """The whole content, unless it is over the limit."""
    limit = settings.PROCON["ANEXO_MB"]
    content = b"" if (arquivo.size or 0) > limit * _MB else arquivo.read(limit * _MB + 1)
    if (arquivo.size or 0) > limit * _MB or len(content) > limit * _MB:
        raise _refused(f"O arquivo passa de {limit} MB. Reduza-o (menos páginas, menos resolução) e anexe de novo.")
    return content


def _check_room(atendimento: Atendimento, digest: str, size: int) -> None:
    kept = Anexo.objects.kept().filter(atendimento=atendimento)
    same = kept.filter(sha256_recebido=digest).first()
    if same is not None:
        when = localtime(same.quando)
        raise _refused(
            f"Este mesmo arquivo já está neste caso como «{same.nome}», desde {when:%d/%m/%Y %H:%M}. Use aquele."
        )
    limit = settings.PROCON["ANEXOS_DO_CASO_MB"]
    if (kept.aggregate(total=Sum("tamanho"))["total"] or 0) + size > limit * _MB:
        raise _refused(f"Os anexos deste caso passariam de {limit} MB. Peça ao coordenador que remova o que não serve.")


def _stored(checked: Checked) -> dict[str, object]:
    """The file on disk first, then what its row says of it."""
    scanned_later = bool(settings.PROCON["CLAMD"])
    return {
        "tipo": checked.tipo,
        "tamanho": len(checked.content),
        "sha256": sha256(checked.content),
        "arquivo": storage.write(checked.content, EXTENSIONS[checked.tipo]),
        "situacao": Anexo.Situacao.QUARENTENA if scanned_later else Anexo.Situacao.SEM_VERIFICACAO,
    }


def _refused(message: str, field: str = "arquivo") -> ContentRefused:
    return ContentRefused(message, errors={field: message})
