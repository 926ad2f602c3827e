"""The outbox: one row per key, the claim, the cut-off, the retries, the ledger."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend as Memory
from django.db import IntegrityError, models, transaction

from notifications.models import Mensagem, Tentativa
from notifications.rules import LEASE, MAX_TRIES, OUTAGE_PAUSE
from notifications.services import INTERRUPTED, NO_ADDRESS, cancel, deliver_due, enqueue, enqueue_many, resend, skipped
from notifications.transport import message_id
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento
from workflow.services import open_history


class Scripted(Memory):
    """A mail server whose next answers are set by the test; an exhausted script accepts."""

    answers: list[Exception | None] = []
    opening: list[Exception | None] = []

    def open(self) -> bool:
        error = self.opening.pop(0) if self.opening else None
        if error:
            raise error
        return True

    def send_messages(self, messages: list[mail.EmailMessage]) -> int:
        error = self.answers.pop(0) if self.answers else None
        if error:
            raise error
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def server(settings: pytest.FixtureRequest) -> Iterator[type[Scripted]]:
    """The scripted mail server, reset around each test."""
    settings.EMAIL_BACKEND = f"{__name__}.Scripted"
    Scripted.answers, Scripted.opening, mail.outbox = [], [], []
    yield Scripted
    Scripted.answers, Scripted.opening = [], []


def put(cast: Cast, chave: str = "a", **fields: object) -> Mensagem:
    values: dict[str, object] = {
        "tipo": "aviso_audiencia",
        "unidade": cast.unidade,
        "destinatario": "Ana Souza",
        "endereco": "ana@example.org",
        "assunto": "Audiência",
        "corpo": "Olá.",
        "devida_em": NOW,
        **fields,
    }
    return enqueue(chave=chave, **values)  # type: ignore[arg-type]


def deliver(at: datetime = NOW) -> dict[str, int]:
    return {name: count for name, count in deliver_due(at_clock=lambda: at).items() if count}


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


# ---- parties: unique by what is told, overtaken, quiet ----


def reminder(cast: Cast, vez: str, due: datetime, **fields: object) -> Mensagem:
    values: dict[str, object] = {
        "tipo": "lembrete_audiencia",
        "referencia": "audiencia:1",
        "parte": "consumidor:5",
        "vez": vez,
        "assunto": f"Lembrete de {vez}",
        "vale_ate": NOW + timedelta(days=1),
        **fields,
    }
    return put(cast, f"lembrete:{vez}:{len(fields)}", devida_em=due, **values)


def test_hearing_version_recipient_kind_and_channel_are_unique_in_the_database(cast: Cast) -> None:
    row = reminder(cast, "1d", NOW)
    row.pk, row.chave = None, "outra chave"

    with pytest.raises(IntegrityError, match="mensagem_uma_por_parte"), transaction.atomic():
        row.save(force_insert=True)
    different = {"versao": 1, "parte": "fornecedor:9", "contato": "contato:7", "vez": "7d", "canal": "sms", "tipo": "a"}
    for name, value in different.items():
        copy = Mensagem.objects.get(chave="lembrete:1d:0")
        copy.pk, copy.chave = None, name
        setattr(copy, name, value)
        copy.save(force_insert=True)
    assert Mensagem.objects.count() == 7


def test_a_reminder_overtaken_by_a_closer_one_is_skipped_and_says_so(cast: Cast, server: type[Scripted]) -> None:
    week, day = NOW - timedelta(days=6), NOW
    older = reminder(cast, "7d", week)
    server.opening = [ConnectionRefusedError(111, "refused")]
    deliver(week)
    reminder(cast, "1d", day)
    reminder(cast, "2h", NOW + timedelta(hours=22))

    assert deliver(day) == {"puladas": 1, "enviadas": 1}
    older.refresh_from_db()
    assert (older.situacao, older.motivo) == (
        "pulada",
        "Ultrapassada por «Lembrete de 1d», que já era devida em 04/03/2026 às 10:00: uma só lembrança basta.",
    )
    assert [sent.subject for sent in mail.outbox] == ["Lembrete de 1d"]


def test_a_closer_one_that_was_called_off_overtakes_nothing(cast: Cast) -> None:
    reminder(cast, "7d", NOW - timedelta(days=6))
    closer = reminder(cast, "1d", NOW)
    Mensagem.objects.filter(pk=closer.pk).update(situacao="cancelada", motivo="…")

    assert deliver() == {"enviadas": 1}


def test_what_waits_for_the_morning_costs_no_try(cast: Cast) -> None:
    night, morning = NOW.replace(hour=21), (NOW + timedelta(days=1)).replace(hour=8)
    mensagem = reminder(cast, "1d", night, fora_do_silencio=True, vale_ate=NOW + timedelta(days=2))

    assert deliver(night) == {"em_silencio": 1}
    assert deliver(morning - timedelta(seconds=1)) == {}
    assert deliver(morning) == {"enviadas": 1}
    mensagem.refresh_from_db()
    assert mensagem.tentativas_feitas == 1


def test_what_the_quiet_would_carry_past_its_moment_is_skipped_and_says_so(cast: Cast) -> None:
    night = NOW.replace(hour=21)
    mensagem = reminder(cast, "1d", night, fora_do_silencio=True, vale_ate=night + timedelta(hours=11))

    assert deliver(night) == {"puladas": 1}
    mensagem.refresh_from_db()
    assert mensagem.motivo == (
        "As horas de silêncio vão até 05/03/2026 às 08:00, e depois de 05/03/2026 às 08:00 não faria mais sentido."
    )


def test_a_notice_does_not_wait_for_the_morning(cast: Cast) -> None:
    put(cast)

    assert deliver(NOW.replace(hour=23)) == {"enviadas": 1}


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Pacific/Kiritimati", "America/New_York"])
def test_what_is_due_does_not_depend_on_the_clock_on_the_wall(cast: Cast, settings: Any, zone: str) -> None:
    """4/11/2018 had no midnight in São Paulo, and New York's 1:30 came twice that day."""
    gap = datetime(2018, 11, 4, 3, 0, tzinfo=UTC)
    settings.TIME_ZONE = zone
    put(cast, devida_em=gap)
    put(cast, "depois", devida_em=gap + timedelta(hours=3))

    assert deliver(gap - timedelta(seconds=1)) == {}
    assert deliver(gap) == {"enviadas": 1}
    assert deliver(gap + timedelta(hours=2, minutes=59)) == {}
    assert deliver(gap + timedelta(hours=3)) == {"enviadas": 1}
