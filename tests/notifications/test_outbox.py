"""The outbox: one row per key, the claim, the cut-off, the retries, the ledger."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import models, transaction

from notifications.models import Mensagem, Tentativa
from notifications.rules import LEASE, MAX_TRIES, OUTAGE_PAUSE
from notifications.services import INTERRUPTED, NO_ADDRESS, cancel, enqueue_many, resend, skipped
from notifications.transport import message_id
from tests.conftest import NOW, Cast
from tests.notifications.scripted import Scripted, deliver, put
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento
from workflow.services import open_history

pytestmark = pytest.mark.usefixtures("server")


def test_the_same_key_gives_the_message_that_is_there(cast: Cast) -> None:
    first = put(cast, assunto="Primeira")
    second = put(cast, assunto="Segunda")

    assert (second.pk, second.assunto) == (first.pk, "Primeira")
    assert Mensagem.objects.count() == 1


def test_a_message_disappears_with_the_act_that_failed(cast: Cast) -> None:
    with transaction.atomic():
        put(cast)
        transaction.set_rollback(True)

    assert Mensagem.objects.count() == 0


def test_without_an_address_it_is_skipped_and_says_so(cast: Cast) -> None:
    mensagem = put(cast, endereco=" ")

    assert (mensagem.situacao, mensagem.motivo) == ("pulada", NO_ADDRESS)


def test_a_line_break_cannot_reach_the_headers(cast: Cast) -> None:
    assert put(cast, assunto="Oi\r\nBcc: eva@example.org").assunto == "Oi Bcc: eva@example.org"


def test_what_is_due_goes_out_once_and_the_answer_is_kept(cast: Cast) -> None:
    mensagem = put(cast)
    put(cast, "amanha", devida_em=NOW + timedelta(days=1))

    assert deliver() == {"enviadas": 1}
    assert deliver() == {}
    mensagem.refresh_from_db()
    assert (mensagem.situacao, mensagem.enviada_em, mensagem.reservada_ate) == ("enviada", NOW, None)
    assert list(Tentativa.objects.values_list("enviada", "resposta")) == [(True, "Entregue ao correio.")]
    assert [(sent.to, sent.extra_headers["Message-ID"]) for sent in mail.outbox] == [
        (["ana@example.org"], message_id(mensagem))
    ]


def test_after_the_cut_off_it_is_never_sent(cast: Cast) -> None:
    mensagem = put(cast, vale_ate=NOW + timedelta(hours=1))

    assert deliver(NOW + timedelta(hours=1)) == {"puladas": 1}
    mensagem.refresh_from_db()
    assert (mensagem.situacao, mensagem.motivo) == (
        "pulada",
        "Passou o momento até o qual fazia sentido (04/03/2026 às 11:00).",
    )
    assert (mail.outbox, Tentativa.objects.count()) == ([], 0)


def test_a_passing_failure_is_tried_again_later(cast: Cast, server: type[Scripted]) -> None:
    mensagem = put(cast)
    server.answers = [smtplib.SMTPDataError(451, b"caixa ocupada")]

    assert deliver() == {"adiadas": 1}
    assert deliver(NOW + timedelta(seconds=59)) == {}
    assert deliver(NOW + timedelta(minutes=1)) == {"enviadas": 1}
    mensagem.refresh_from_db()
    assert mensagem.tentativas_feitas == 2
    assert list(mensagem.tentativas.values_list("enviada", "resposta")) == [
        (False, "451 caixa ocupada"),
        (True, "Entregue ao correio."),
    ]


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"ana@example.org": (550, b"no such user")}),
        smtplib.SMTPDataError(550, b"no such user"),
    ],
)
def test_a_final_refusal_fails_at_once_and_is_seen(cast: Cast, server: type[Scripted], error: Exception) -> None:
    mensagem = put(cast)
    server.answers = [error]

    assert deliver() == {"falhas": 1}
    mensagem.refresh_from_db()
    assert (mensagem.situacao, mensagem.motivo) == ("falhou", "550 no such user")


def test_a_wrong_password_of_the_office_is_not_the_message_s_fault(cast: Cast, server: type[Scripted]) -> None:
    put(cast)
    server.opening = [smtplib.SMTPAuthenticationError(535, b"bad credentials")]

    assert deliver() == {"adiadas": 1}


@pytest.mark.parametrize("how", ["opening", "answers"])
def test_an_outage_of_a_day_and_more_is_outlived(cast: Cast, server: type[Scripted], how: str) -> None:
    """The server is not there at all, or takes every call and drops each message, for 25 hours."""
    for number in range(20):
        put(cast, str(number), devida_em=NOW + timedelta(minutes=number))
    put(cast, "tarde", vale_ate=NOW + timedelta(hours=20))
    end = NOW + timedelta(hours=25)
    for minute in range(0, 25 * 60, 15):
        error = ConnectionRefusedError(111, "refused") if how == "opening" else smtplib.SMTPServerDisconnected("gone")
        setattr(server, how, [error] * 100)
        deliver(NOW + timedelta(minutes=minute))
    server.opening, server.answers = [], []
    for minute in range(0, 75, 15):
        deliver(end + timedelta(minutes=minute))

    states = dict(Mensagem.objects.exclude(chave="tarde").values_list("situacao").annotate(models.Count("pk")))
    late = Mensagem.objects.get(chave="tarde")
    assert states == {"enviada": 20}
    assert late.situacao in ("pulada", "falhou")
    assert late.enviada_em is None
    assert max(Mensagem.objects.values_list("tentativas_feitas", flat=True)) < MAX_TRIES


def test_an_outage_costs_only_the_first_message_a_try(cast: Cast, server: type[Scripted]) -> None:
    for number in range(3):
        put(cast, str(number))
    server.opening = [ConnectionRefusedError(111, "refused")]

    assert deliver() == {"adiadas": 1}
    assert list(
        Mensagem.objects.order_by("pk").values_list("situacao", "tentativas_feitas", "proxima_tentativa_em")
    ) == [
        ("pendente", 1, NOW + timedelta(minutes=1)),
        ("pendente", 0, NOW + OUTAGE_PAUSE),
        ("pendente", 0, NOW + OUTAGE_PAUSE),
    ]


def test_tries_end_and_the_failure_is_seen(cast: Cast, server: type[Scripted]) -> None:
    mensagem = put(cast)
    Mensagem.objects.update(tentativas_feitas=MAX_TRIES - 1)
    server.answers = [smtplib.SMTPServerDisconnected("gone")]

    assert deliver() == {"falhas": 1}
    mensagem.refresh_from_db()
    assert (mensagem.situacao, mensagem.motivo) == ("falhou", "SMTPServerDisconnected: gone")


def test_a_lost_lease_is_taken_back_and_the_try_in_flight_is_marked(cast: Cast) -> None:
    started, claimed = put(cast, "iniciada"), put(cast, "so-reservada")
    Mensagem.objects.update(situacao="em_envio", reservada_ate=NOW + LEASE)
    Mensagem.objects.filter(pk=started.pk).update(tentativas_feitas=1)
    Tentativa.objects.create(mensagem=started, quando=NOW, enviada=False)

    assert deliver(NOW + LEASE - timedelta(seconds=1)) == {}
    assert deliver(NOW + LEASE) == {"retomadas": 2, "enviadas": 2}
    assert list(started.tentativas.values_list("enviada", "resposta")) == [
        (False, INTERRUPTED),
        (True, "Entregue ao correio."),
    ]
    assert list(claimed.tentativas.values_list("enviada", flat=True)) == [True]


def test_called_off_after_the_claim_it_is_not_sent(cast: Cast, server: type[Scripted]) -> None:
    put(cast, "1", referencia="audiencia:1")
    put(cast, "2", referencia="audiencia:2")

    class CallsOff(Scripted):
        def send_messages(self, messages: list[mail.EmailMessage]) -> int:
            cancel(referencia="audiencia:2", motivo="Redesignada.")
            return super().send_messages(messages)

    globals()["CallsOff"] = CallsOff
    from django.conf import settings

    settings.EMAIL_BACKEND = f"{__name__}.CallsOff"

    assert deliver() == {"enviadas": 1, "perdidas": 1}
    assert list(Mensagem.objects.order_by("pk").values_list("situacao", "motivo")) == [
        ("enviada", ""),
        ("cancelada", "Redesignada."),
    ]


def test_cancel_leaves_what_went_out_and_what_is_about_something_else(cast: Cast) -> None:
    put(cast, "saiu", referencia="audiencia:1")
    deliver()
    put(cast, "espera", referencia="audiencia:1")
    put(cast, "outra", referencia="audiencia:12")

    assert cancel(referencia="audiencia:1", motivo="Cancelada.") == 1
    assert dict(Mensagem.objects.values_list("chave", "situacao")) == {
        "saiu": "enviada",
        "espera": "cancelada",
        "outra": "pendente",
    }


def test_what_will_not_go_out_is_written_down_and_says_why(cast: Cast) -> None:
    mensagem = skipped(
        chave="lembrete",
        tipo="lembrete_audiencia",
        unidade=cast.unidade,
        destinatario="Ana",
        endereco="ana@example.org",
        assunto="Lembrete",
        corpo="…",
        devida_em=NOW - timedelta(days=1),
        motivo="O momento já passou.",
    )
    enqueue_many([mensagem])

    assert (mensagem.situacao, mensagem.motivo) == ("pulada", "O momento já passou.")
    assert deliver() == {}


def failed(cast: Cast, **fields: object) -> Mensagem:
    mensagem = put(cast, historico=open_history(), **fields)
    Mensagem.objects.update(situacao="falhou", tentativas_feitas=MAX_TRIES, motivo="550 no")
    mensagem.refresh_from_db()
    return mensagem


def test_a_failed_message_is_sent_again_and_the_case_knows(cast: Cast) -> None:
    mensagem = resend(mensagem=failed(cast), by=cast.bruno, at=NOW)

    assert (mensagem.situacao, mensagem.tentativas_feitas, mensagem.motivo) == ("pendente", 0, "")
    assert list(Evento.objects.values_list("ato", "autor__usuario")) == [("REENVIAR_MENSAGEM", "bruno")]
    assert deliver() == {"enviadas": 1}


def test_refuses_to_resend_by_somebody_without_the_papel(cast: Cast) -> None:
    with pytest.raises(ActNotAllowed, match="Só um atendente ou coordenador"):
        resend(mensagem=failed(cast), by=cast.eva, at=NOW)


def test_resent_to_a_corrected_address_it_is_a_new_e_mail(cast: Cast) -> None:
    mensagem = failed(cast)
    first = message_id(mensagem)
    resend(mensagem=mensagem, by=cast.bruno, at=NOW, endereco=" ana.souza@example.org ")

    assert deliver() == {"enviadas": 1}
    mensagem.refresh_from_db()
    assert [sent.to for sent in mail.outbox] == [["ana.souza@example.org"]]
    assert mail.outbox[0].extra_headers["Message-ID"] == message_id(mensagem) != first
    assert Evento.objects.get().dados["endereco_corrigido"] is True


@pytest.mark.parametrize(
    ("canal", "typed", "sentence"),
    [("email", "ana@", "E-mail inválido. Escreva"), ("sms", "4002", "Telefone inválido. Escreva o DDD")],
)
def test_refuses_to_resend_to_an_address_that_is_none(cast: Cast, canal: str, typed: str, sentence: str) -> None:
    with pytest.raises(ContentRefused, match=sentence):
        resend(mensagem=failed(cast, canal=canal), by=cast.bruno, at=NOW, endereco=typed)


def test_a_telephone_is_resent_to_as_the_gateway_reads_it(cast: Cast) -> None:
    mensagem = resend(mensagem=failed(cast, canal="sms"), by=cast.bruno, at=NOW, endereco="(11) 91234-5678")

    assert mensagem.endereco == "+5511912345678"


def test_refuses_to_resend_what_did_not_fail(cast: Cast) -> None:
    with pytest.raises(ActNotAllowed, match="Só se reenvia mensagem que falhou ou foi devolvida"):
        resend(mensagem=put(cast), by=cast.bruno, at=NOW)


def test_refuses_to_resend_after_the_cut_off(cast: Cast) -> None:
    with pytest.raises(ActNotAllowed, match="só fazia sentido até 04/03/2026 às 10:00"):
        resend(mensagem=failed(cast, vale_ate=NOW), by=cast.bruno, at=NOW)
