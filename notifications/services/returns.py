"""What comes back: delivery status notifications (RFC 3464) of e-mails that a server took and could not deliver.

They come from anybody, so nothing of them is believed but a Message-ID with this installation's seal, and nothing is
kept but the server's words, cut and cleaned.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.models import User
from notifications.models import Mensagem, Tentativa
from notifications.transport import message_of
from workflow.services import record

#: More than a bounce that returns the whole e-mail with its letter; what is longer is read so far.
MAX_BYTES = 5_000_000
#: How many files one run reads.
FILES = 500

RETURNED, OLDER, NOT_A_RETURN, UNKNOWN, NOT_YET, NOTHING_TO_DO = (
    "devolvida",
    "de_remessa_anterior",
    "nao_e_devolucao",
    "desconhecida",
    "ainda_nao_enviada",
    "sem_efeito",
)


@transaction.atomic
def register_return(*, raw: bytes, at: datetime) -> str:
    """Mark the message that this bounce speaks of as returned, with the server's words; says what was done.

    A delay, a vacation answer, a person's reply and a bounce of nothing that went out from here change nothing.
    NOT_YET: it was handed over by a process that died before writing so; ask again later.
    """
    words = _final_failure(raw[:MAX_BYTES])
    if not words:
        return NOT_A_RETURN
    found = message_of(raw[:MAX_BYTES].decode("ascii", "replace"))
    if found is None:
        return UNKNOWN
    mensagem, remessa = found
    if remessa != mensagem.remessa:
        return OLDER
    moved = Mensagem.objects.filter(pk=mensagem.pk, remessa=remessa, situacao=Mensagem.Situacao.ENVIADA).update(
        situacao=Mensagem.Situacao.DEVOLVIDA, motivo=words[:300]
    )
    if not moved:
        waiting = (Mensagem.Situacao.PENDENTE, Mensagem.Situacao.EM_ENVIO)
        return NOT_YET if mensagem.situacao in waiting and mensagem.tentativas_feitas else NOTHING_TO_DO
    Tentativa.objects.create(
        mensagem=mensagem, quando=at, enviada=False, remessa=remessa, resposta=f"Devolvida pelo correio: {words}"
    )
    if mensagem.historico_id:
        said = {"tipo": mensagem.tipo, "destinatario": mensagem.destinatario}
        record(mensagem, "MENSAGEM_DEVOLVIDA", by=User.objects.system(), at=at, **said)
    return RETURNED


def read_returns(*, at: datetime) -> Counter[str]:
    """Read what is new in the Maildir of PROCON_DEVOLUCOES; each file is moved to `cur`, as read.

    What cannot be decided yet stays in `new`, and so does everything after a failure of the database.
    """
    counts: Counter[str] = Counter()
    if not settings.PROCON["DEVOLUCOES"]:
        return counts
    home = Path(settings.PROCON["DEVOLUCOES"])
    for file in sorted((home / "new").iterdir())[:FILES]:
        if file.is_symlink() or not file.is_file():
            continue
        with file.open("rb") as stream:
            said = register_return(raw=stream.read(MAX_BYTES), at=at)
        counts[said] += 1
        if said != NOT_YET:
            file.rename(home / "cur" / f"{file.name}:2,S")
    return counts


def _final_failure(raw: bytes) -> str:
    """The server's words for a final failure; empty where this is no bounce, or only a delay."""
    try:
        report = next(
            (part for part in BytesParser().parsebytes(raw).walk() if part.get_content_type() == _STATUS), None
        )
    except RecursionError:  # parts within parts, a thousand deep: nobody's server writes so
        return ""
    blocks = report.get_payload() if report is not None else None
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, Message) and _field(block, "Action").lower() == "failed":
            said = _field(block, "Diagnostic-Code").rpartition(";")[2].strip() or "sem explicação do servidor"
            return f"{_field(block, 'Status')} {said}".strip()
    return ""


_STATUS = "message/delivery-status"


def _field(block: Message, name: str) -> str:
    """One field as plain text on one line, without control characters."""
    text = re.sub(r"[^\S ]+|[\x00-\x1f\x7f-\x9f\ud800-\udfff]", " ", str(block.get(name, "")))
    return " ".join(text.split())[:1000]
