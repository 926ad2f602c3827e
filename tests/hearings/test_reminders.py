"""What goes out before a hearing: once per party, version and channel, waking nobody, by the channel chosen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from hearings.rules import Plan, parse_reminders, plan_reminders
from hearings.services import reschedule
from hearings.services.notices import issue_notices, to_tell
from notifications.models import Mensagem
from notifications.services import deliver_due
from parties.models import AutorizacaoDeCanal
from parties.services import authorise_channel, withdraw_channel
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.conftest import Stage, moment, told
from tests.notifications.test_rules import NIGHT
from workflow.errors import ActNotAllowed, ContentRefused

MOBILE = "+5511912345678"


def planned(start: str, names: str = "7d,1d,2h", day: date = date(2026, 3, 16)) -> list[tuple[str, str, str]]:
    plans = plan_reminders(parse_reminders(names.split(",")), start=moment(start, day), quiet=NIGHT)
    return [(plan.reminder.name, _local(plan), plan.closer.name if plan.closer else "") for plan in plans]


def _local(plan: Plan) -> str:
    return f"{plan.due.astimezone(NIGHT.zone):%d/%m %H:%M}"


@pytest.mark.parametrize(
    ("start", "names", "plans"),
    [
        ("10:00", "7d,1d,2h", [("7d", "09/03 10:00", ""), ("1d", "15/03 10:00", ""), ("2h", "16/03 08:00", "")]),
        # Two hours before 8:30 is night, and at 8:00 it would be too late: the evening before.
        ("08:30", "2h,1d", [("1d", "15/03 08:30", ""), ("2h", "15/03 19:00", "")]),
        # Both come to the same evening: the closer one goes.
        ("08:30", "3h,2h", [("3h", "15/03 19:00", "2h"), ("2h", "15/03 19:00", "")]),
        ("09:15", "3h,2h", [("3h", "15/03 19:00", ""), ("2h", "16/03 08:00", "")]),
    ],
)
def test_reminders_are_planned_around_the_night(start: str, names: str, plans: list[tuple[str, str, str]]) -> None:
    assert planned(start, names) == plans


def test_a_hearing_in_the_early_morning_is_announced_the_evening_before(stage: Stage, settings: Any) -> None:
    settings.PROCON = {**settings.PROCON, "LEMBRETES": ["3h", "2h"]}
    type(stage.cast.unidade).objects.update(abre_as="08:00")
    stage.cast.unidade.refresh_from_db()
    stage.caso.refresh_from_db()
    stage.schedule("08:30")

    rows = Mensagem.objects.filter(tipo="lembrete_audiencia", parte=f"consumidor:{stage.cast.ana.pk}")
    evening = moment("19:00", date(2026, 3, 15))
    assert list(rows.order_by("vez").values_list("vez", "devida_em", "situacao", "motivo")) == [
        ("2h", evening, "pendente", ""),
        ("3h", evening, "pulada", "Ultrapassada pelo lembrete de 2 horas antes, que sai no mesmo momento."),
    ]


def test_planning_twice_writes_nothing_twice(stage: Stage) -> None:
    hearing = stage.schedule()
    before = list(Mensagem.objects.order_by("pk").values())
    called = {hearing.pk: list(to_tell([stage.loja.pk]).values())}
    issue_notices([hearing], called, by=stage.cast.bruno, at=NOW + timedelta(hours=1))

    assert list(Mensagem.objects.order_by("pk").values()) == before
    assert len(before) == 8


def test_a_new_date_is_a_new_version_to_the_same_parties(stage: Stage) -> None:
    old = stage.schedule()
    new = reschedule(
        audiencia=old, sala=stage.sala, conciliador=stage.cast.carla, inicio=moment("14:00"), modalidade="presencial",
        motivo="Pedido da loja.", by=stage.cast.bruno, at=NOW,
    )  # fmt: skip
    told(new, by=stage.cast.bruno, at=NOW)

    ours = Mensagem.objects.filter(parte=f"consumidor:{stage.cast.ana.pk}", vez="1d").order_by("versao")
    assert list(ours.values_list("referencia", "versao", "situacao")) == [
        (old.referencia, 0, "cancelada"),
        (new.referencia, 1, "pendente"),
    ]


def test_after_an_outage_only_the_closest_reminder_goes_out_and_none_after_the_beginning(stage: Stage) -> None:
    hearing = stage.schedule()
    Mensagem.objects.exclude(tipo="lembrete_audiencia").delete()
    shop = Mensagem.objects.filter(parte=f"fornecedor:{stage.cast.loja.pk}")

    def run(at: Any) -> dict[str, int]:
        return {name: count for name, count in deliver_due(at_clock=lambda: at).items() if count}

    shop.update(situacao="cancelada", motivo="…")
    assert run(moment("12:00", date(2026, 3, 15))) == {"puladas": 1, "enviadas": 1}
    assert run(hearing.inicio) == {"puladas": 1}
    states = Mensagem.objects.exclude(situacao="cancelada").order_by("devida_em").values_list("vez", "situacao")
    assert list(states) == [("7d", "pulada"), ("1d", "enviada"), ("2h", "pulada")]


# ---- SMS and WhatsApp ----


@pytest.fixture
def gateway(settings: Any) -> None:
    """An office with a gateway."""
    settings.PROCON = {**settings.PROCON, "GATEWAY_URL": "https://m.example.org/", "GATEWAY_TOKEN": "senha-do-servico"}


@pytest.fixture
def texting(stage: Stage, gateway: None) -> AutorizacaoDeCanal:
    """Ana wants SMS."""
    stage.cast.ana.telefone = MOBILE
    stage.cast.ana.save()
    return authorise_channel(consumidor=stage.cast.ana, canal="sms", by=stage.cast.bruno, at=NOW)


def test_who_wants_texts_gets_them_beside_the_e_mail_and_nothing_of_the_case(
    stage: Stage, texting: AutorizacaoDeCanal
) -> None:
    stage.schedule()
    texts = Mensagem.objects.filter(canal="sms").order_by("devida_em")

    assert list(texts.values_list("tipo", "vez", "endereco", "parte").distinct()) == [
        ("aviso_audiencia", "", MOBILE, f"consumidor:{stage.cast.ana.pk}"),
        *(("lembrete_audiencia", vez, MOBILE, f"consumidor:{stage.cast.ana.pk}") for vez in ("7d", "1d", "2h")),
    ]
    assert set(texts.filter(vez="1d").values_list("corpo", "convite")) == {
        (
            "Procon de Itaquaquecetuba: lembrete de audiência em 16/03/2026 às 10:00. Dúvidas: (11) 4642-0000.",
            "",
        )
    }
    assert set(texts.values_list("fora_do_silencio", flat=True)) == {True}


def test_without_a_gateway_nobody_is_texted(stage: Stage, texting: AutorizacaoDeCanal, settings: Any) -> None:
    settings.PROCON = {**settings.PROCON, "GATEWAY_URL": ""}
    stage.schedule()

    assert set(Mensagem.objects.values_list("canal", flat=True)) == {"email"}


def test_who_takes_it_back_is_texted_no_more(stage: Stage, texting: AutorizacaoDeCanal) -> None:
    stage.schedule()
    withdraw_channel(autorizacao=texting, by=stage.cast.bruno, at=NOW)

    assert set(Mensagem.objects.filter(canal="sms").values_list("situacao", "motivo")) == {
        ("cancelada", "O consumidor não quer mais SMS, desde 04/03/2026 10:00.")
    }
    assert not Mensagem.objects.filter(canal="email", situacao="cancelada").exists()
    with pytest.raises(ActNotAllowed, match="já foi retirada"):
        withdraw_channel(autorizacao=texting, by=stage.cast.bruno, at=NOW)


@pytest.mark.parametrize("telefone", ["", "+551146420000"])
def test_refuses_a_channel_without_a_mobile(stage: Stage, gateway: None, telefone: str) -> None:
    stage.cast.ana.telefone = telefone
    with pytest.raises(ContentRefused, match="não é de celular"):
        authorise_channel(consumidor=stage.cast.ana, canal="whatsapp", by=stage.cast.bruno, at=NOW)


def test_refuses_a_channel_twice(stage: Stage, texting: AutorizacaoDeCanal) -> None:
    with pytest.raises(ActNotAllowed, match="já autorizou este canal"):
        authorise_channel(consumidor=stage.cast.ana, canal="sms", by=stage.cast.bruno, at=NOW)


def test_refuses_a_channel_that_the_office_has_not(stage: Stage) -> None:
    with pytest.raises(ActNotAllowed, match="Este Procon não envia SMS"):
        authorise_channel(consumidor=stage.cast.ana, canal="sms", by=stage.cast.bruno, at=NOW)


def test_refuses_a_choice_recorded_by_somebody_without_the_papel(stage: Stage, texting: AutorizacaoDeCanal) -> None:
    for act in (
        lambda: authorise_channel(consumidor=stage.cast.ana, canal="whatsapp", by=stage.cast.edu, at=NOW),
        lambda: withdraw_channel(autorizacao=texting, by=stage.cast.edu, at=NOW),
    ):
        with pytest.raises(ActNotAllowed, match="Registrar a escolha do consumidor cabe a"):
            act()


def test_the_choice_is_made_on_the_person_s_page(stage: Stage, gateway: None) -> None:
    stage.cast.ana.telefone = MOBILE
    stage.cast.ana.save()
    bruno, address = logged_in(stage.cast.bruno), f"/cadastros/consumidores/{stage.cast.ana.pk}/"
    with time_machine.travel(NOW, tick=False):
        assert "O consumidor autoriza SMS" in bruno.get(address).content.decode()
        assert bruno.post(f"{address}canais/", {"canal": "sms"}).status_code == 302
        page = bruno.get(address).content.decode()
        assert ("sim, desde 04/03/2026" in page, "Retirar SMS" in page) == (True, True)
        given = AutorizacaoDeCanal.objects.get()
        assert bruno.post(f"/cadastros/consumidores/canais/{given.pk}/retirar/").status_code == 302
        assert "O consumidor autoriza SMS" in bruno.get(address).content.decode()
    assert bruno.post(f"{address}canais/", {"canal": "pombo"}).status_code == 404
    assert logged_in(stage.cast.eva).post(f"{address}canais/", {"canal": "sms"}).status_code == 404


def test_the_hearing_s_page_lists_every_delivery(stage: Stage) -> None:
    hearing = stage.schedule()
    row = Mensagem.objects.get(vez="1d", parte=f"consumidor:{stage.cast.ana.pk}")
    Mensagem.objects.filter(pk=row.pk).update(situacao="devolvida", motivo="550 não existe")
    page = logged_in(stage.cast.bruno).get(hearing.get_absolute_url()).content.decode()

    for text in ("Devolvida", "550 não existe", f"/mensagens/{row.pk}/", "1 dia antes", "por e-mail a Ana Souza"):
        assert text in page
