"""Bounces: what marks a message as returned, and what of all that arrives does not."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from notifications.models import Mensagem
from notifications.selfcheck import wrong_messages
from notifications.services import read_returns, register_return, resend
from notifications.transport import message_id
from tests.conftest import NOW, Cast
from tests.notifications.scripted import deliver, put
from workflow.models import Evento
from workflow.services import open_history

BOUNCE = """\
From: MAILER-DAEMON@correio.example.org
To: nao-responda@procon.example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="limite"

--limite
Content-Type: text/plain

Your message could not be delivered.
--limite
Content-Type: message/delivery-status

Reporting-MTA: dns; correio.example.org

Final-Recipient: rfc822; ana@example.org
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ana@example.org>: Recipient address
    rejected: User unknown

--limite
Content-Type: text/rfc822-headers

From: nao-responda@procon.example.org
Message-ID:
 {identity}
Subject: =?utf-8?q?Audi=C3=AAncia?=

--limite--
"""


def bounce(mensagem: Mensagem, *, action: str = "failed", identity: str = "") -> bytes:
    return BOUNCE.format(action=action, identity=identity or message_id(mensagem)).replace("\n", "\r\n").encode()


@pytest.fixture
def sent(cast: Cast) -> Mensagem:
    """A message that a server took."""
    mensagem = put(cast, historico=open_history())
    deliver()
    mensagem.refresh_from_db()
    return mensagem


def test_a_bounce_marks_its_message_with_the_server_s_words(sent: Mensagem) -> None:
    assert register_return(raw=bounce(sent), at=NOW) == "devolvida"
    sent.refresh_from_db()
    assert (sent.situacao, sent.motivo) == (
        "devolvida",
        "5.1.1 550 5.1.1 <ana@example.org>: Recipient address rejected: User unknown",
    )
    assert [row.enviada for row in sent.tentativas.all()] == [True, False]
    assert list(Evento.objects.values_list("ato", "autor__usuario")) == [("MENSAGEM_DEVOLVIDA", "sistema")]
    assert list(wrong_messages()) == []


def test_the_same_bounce_twice_changes_nothing(sent: Mensagem) -> None:
    register_return(raw=bounce(sent), at=NOW)

    assert register_return(raw=bounce(sent), at=NOW) == "sem_efeito"
    assert sent.tentativas.count() == 2


def test_after_a_resend_a_late_bounce_of_the_first_changes_nothing(sent: Mensagem, cast: Cast) -> None:
    first = bounce(sent)
    register_return(raw=first, at=NOW)
    resend(mensagem=sent, by=cast.bruno, at=NOW, endereco="ana.souza@example.org")
    deliver()

    assert register_return(raw=first, at=NOW) == "de_remessa_anterior"
    sent.refresh_from_db()
    assert (sent.situacao, sent.endereco) == ("enviada", "ana.souza@example.org")
    assert list(wrong_messages()) == []


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_what_is_no_final_failure_changes_nothing(sent: Mensagem, action: str) -> None:
    assert register_return(raw=bounce(sent, action=action), at=NOW) == "nao_e_devolucao"


def test_a_person_s_reply_changes_nothing(sent: Mensagem) -> None:
    reply = f"From: ana@example.org\r\nIn-Reply-To: {message_id(sent)}\r\n\r\nNão posso ir.\r\n"

    assert register_return(raw=reply.encode(), at=NOW) == "nao_e_devolucao"


def test_a_guessed_seal_opens_nothing(sent: Mensagem) -> None:
    forged = f"<mensagem-{sent.pk}-0-{'0' * 20}@procon.example.org>"

    assert register_return(raw=bounce(sent, identity=forged), at=NOW) == "desconhecida"
    assert register_return(raw=bounce(sent, identity="<outro@example.org>"), at=NOW) == "desconhecida"


def test_a_bounce_before_the_answer_was_written_waits(cast: Cast) -> None:
    mensagem = put(cast)
    Mensagem.objects.update(situacao="em_envio", reservada_ate=NOW, tentativas_feitas=1)

    assert register_return(raw=bounce(mensagem), at=NOW) == "ainda_nao_enviada"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 1000,
        b"Content-Type: message/delivery-status\r\n\r\n",
        b"Content-Type: message/delivery-status; charset=marciano\r\n\r\nAction: failed\r\n\r\n\xff\xfe",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"a: b\r\n\r\nAction: failed\r\nDiagnostic-Code: smtp; =?utf-8?b?///?= \x1b[31m\r\n\r\n--x--",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)),
    ],
)
def test_hostile_mail_breaks_nothing(sent: Mensagem, raw: bytes) -> None:
    assert register_return(raw=raw, at=NOW) in ("nao_e_devolucao", "desconhecida")
    sent.refresh_from_db()
    assert sent.situacao == "enviada"


def test_the_words_of_a_server_are_cut_and_cleaned(sent: Mensagem) -> None:
    raw = bounce(sent).replace(b"User unknown", b"\x1b[2J\xff" + b"x" * 5000)
    register_return(raw=raw, at=NOW)
    sent.refresh_from_db()

    assert (len(sent.motivo), sent.motivo.isprintable()) == (300, True)


def test_a_maildir_is_read_and_each_file_moved(sent: Mensagem, settings: Any, tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1.a").write_bytes(bounce(sent))
    (tmp_path / "new" / "2.b").write_bytes(b"Subject: oi\r\n\r\nOi")
    (tmp_path / "new" / "3.c").symlink_to("/etc/passwd")
    settings.PROCON = {**settings.PROCON, "DEVOLUCOES": str(tmp_path)}

    assert dict(read_returns(at=NOW)) == {"devolvida": 1, "nao_e_devolucao": 1}
    assert sorted(file.name for file in (tmp_path / "cur").iterdir()) == ["1.a:2,S", "2.b:2,S"]
    assert dict(read_returns(at=NOW)) == {}


def test_without_a_folder_nothing_is_read(db: None) -> None:
    assert dict(read_returns(at=NOW)) == {}


def piped(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> str:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    out = io.StringIO()
    call_command("registrar_devolucao", stdout=out)
    return out.getvalue().strip()


def test_the_mail_server_s_pipe(sent: Mensagem, monkeypatch: pytest.MonkeyPatch) -> None:
    assert piped(monkeypatch, bounce(sent)) == "devolvida"
    assert piped(monkeypatch, b"lixo") == "nao_e_devolucao"


def test_the_pipe_asks_the_server_to_come_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    mensagem = put(cast)
    Mensagem.objects.update(situacao="em_envio", reservada_ate=NOW, tentativas_feitas=1)

    with pytest.raises(SystemExit) as ended:
        piped(monkeypatch, bounce(mensagem))
    assert ended.value.code == 75
