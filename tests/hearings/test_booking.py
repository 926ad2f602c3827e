"""Scheduling: what is written, every refusal, half-open intervals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from deadlines.models import RegraDePrazo
from hearings.models import Audiencia, Reserva, Sala
from hearings.services import notices_of
from notifications.models import Mensagem
from tests.conftest import NOW
from tests.hearings.booked import booked, refusal_of, reminders, resources
from tests.hearings.conftest import DAY, Stage, moment
from workflow.errors import ActNotAllowed, ContentRefused, Refusal
from workflow.models import Evento
from workflow.selfcheck import broken_links


def test_a_hearing_takes_room_conciliator_and_consumer(stage: Stage) -> None:
    audiencia = stage.schedule()

    assert (audiencia.status, audiencia.fim) == ("agendada", moment("10:30"))
    assert resources(audiencia) == {
        f"sala:{stage.sala.pk}",
        f"conciliador:{stage.cast.carla.pk}",
        f"consumidor:{stage.cast.ana.pk}",
    }
    assert list(audiencia.reclamados.all()) == [stage.loja]
    assert list(Evento.objects.values_list("ato", "para", "autor__usuario")) == [("AGENDAR", "agendada", "bruno")]


def test_its_event_says_all_of_it_in_the_case_s_chain(stage: Stage) -> None:
    audiencia = stage.schedule(inicio=moment("11:00", date(2026, 3, 5)), dispensa_antecedencia="Por telefone.")

    fields = (
        "historico",
        "sequencia",
        "objeto",
        "objeto_id",
        "ato",
        "de",
        "para",
        "autor",
        "quando",
        "motivo",
        "dados",
    )
    assert Evento.objects.values(*fields).get() == {
        "historico": stage.caso.historico_id,
        "sequencia": 1,
        "objeto": "hearings.audiencia",
        "objeto_id": audiencia.pk,
        "ato": "AGENDAR",
        "de": "",
        "para": "agendada",
        "autor": stage.cast.bruno.pk,
        "quando": NOW,
        "motivo": "",
        "dados": {
            "inicio": "2026-03-05T11:00:00-03:00",
            "fim": "2026-03-05T11:30:00-03:00",
            "sala": "Sala 1",
            "conciliador": "Carla Conciliadora",
            "dispensa_antecedencia": "Por telefone.",
            "anterior": None,
        },
    }
    assert list(broken_links()) == []


def test_both_sides_are_told_and_reminded(stage: Stage) -> None:
    audiencia = stage.schedule()

    ana, shop = f"consumidor:{stage.cast.ana.pk}:email", f"fornecedor:{stage.cast.loja.pk}:email"
    expected = {
        f"{kind}:{who}" for who in (ana, shop) for kind in ("aviso", "lembrete:7d", "lembrete:1d", "lembrete:2h")
    }
    assert reminders(audiencia) == dict.fromkeys(expected, "pendente")
    due = dict(Mensagem.objects.filter(chave__contains=ana).values_list("chave", "devida_em"))
    start = audiencia.inicio
    assert sorted(due.values()) == [
        NOW,
        start - timedelta(days=7),
        start - timedelta(days=1),
        start - timedelta(hours=2),
    ]
    assert set(Mensagem.objects.values_list("vale_ate", flat=True)) == {start}
    assert list(audiencia.atendimento.historico.documentos.order_by("pk").values_list("tipo", flat=True)) == [
        "notificacao_consumidor",
        "notificacao_fornecedor",
    ]


def test_each_contact_who_receives_notices_of_hearings_is_told_and_reminded_once(stage: Stage) -> None:
    contacts = stage.cast.loja.contatos_de_aviso
    for name, email in (("A", "a@example.org"), ("B", "b@example.org"), ("C", "A@example.org")):
        contacts.create(nome=name, email=email, recebe_audiencia=True)
    audiencia = stage.schedule()

    shop, kinds = f"fornecedor:{stage.cast.loja.pk}", ("aviso", "lembrete:7d", "lembrete:1d", "lembrete:2h")
    assert {key: said for key, said in reminders(audiencia).items() if shop in key} == {
        f"{kind}:{shop}:email:contato:{who.pk}": "pendente" for kind in kinds for who in contacts.filter(nome__in="AB")
    }
    assert set(Mensagem.objects.filter(parte=shop).values_list("contato", "endereco", "versao")) == {
        (f"contato:{who.pk}", who.email, 0) for who in contacts.filter(nome__in="AB")
    }
    Mensagem.objects.filter(endereco="b@example.org").update(situacao="falhou")
    assert [notice.email for notice in notices_of(audiencia)] == ["A enviar", "A enviar, Falhou"]


def test_a_party_without_e_mail_is_seen_not_to_be_told(stage: Stage) -> None:
    audiencia = stage.schedule(reclamados=[stage.banco])

    bank = f"fornecedor:{stage.cast.banco.pk}:email"
    assert {key: value for key, value in reminders(audiencia).items() if bank in key} == {f"aviso:{bank}": "pulada"}


def test_a_reminder_whose_moment_is_past_is_skipped_and_says_so(stage: Stage) -> None:
    # Wednesday 4 March at 10:00; the hearing is on Thursday 5 at 11:00, the parties waived the lead
    audiencia = stage.schedule(
        inicio=moment("11:00", date(2026, 3, 5)), dispensa_antecedencia="Por telefone, em 04/03."
    )

    mine = {key: value for key, value in reminders(audiencia).items() if "consumidor" in key}
    assert sorted(mine.values()) == ["pendente", "pendente", "pendente", "pulada"]
    assert Mensagem.objects.get(chave__contains="lembrete:7d:consumidor").motivo == (
        "O momento deste lembrete (26/02/2026 às 11:00) já havia passado quando as partes foram avisadas, "
        "em 04/03/2026 às 10:00."
    )


def test_the_office_sets_its_reminders(stage: Stage, settings: Any) -> None:
    settings.PROCON = {**settings.PROCON, "LEMBRETES": ["3d"]}
    audiencia = stage.schedule()

    assert sorted(key.partition(":consumidor")[0] for key in reminders(audiencia) if "consumidor" in key) == [
        "aviso",
        "lembrete:3d",
    ]


# ---- refusals ----


@pytest.mark.parametrize(
    ("status", "named"),
    [("aberto", "Aberto"), ("aguarda_fornecedor", "Aguarda fornecedor"), ("hibernando", "hibernando")],
)
def test_refuses_a_case_that_is_not_ready_or_in_a_state_that_nobody_knows(
    stage: Stage, status: str, named: str
) -> None:
    type(stage.caso).objects.update(status=status)
    with pytest.raises(ActNotAllowed, match=f"em caso «{named}»: o caso precisa estar em .* Registre antes a resposta"):
        stage.schedule()
    assert (Audiencia.objects.count(), Reserva.objects.count()) == (0, 0)


def test_refuses_a_closed_case(stage: Stage) -> None:
    type(stage.caso).objects.update(status="encerrado", desfecho="acordo", encerrado_em=NOW)
    with pytest.raises(ActNotAllowed, match="em caso «Encerrado»"):
        stage.schedule()


def test_refuses_somebody_without_the_papel(stage: Stage) -> None:
    with pytest.raises(ActNotAllowed, match="«Marcar audiência»"):
        stage.schedule(by=stage.cast.eva)


def _changed(stage: Stage, change: str) -> dict[str, Any]:
    elsewhere = Sala.objects.create(unidade=stage.cast.outra, nome="Sala de fora")
    closed = Sala.objects.create(unidade=stage.cast.unidade, nome="Sala 9", ativa=False)
    changes: dict[str, dict[str, Any]] = {
        "nobody": {"reclamados": []},
        "foreign room": {"sala": elsewhere},
        "inactive room": {"sala": closed},
        "no link": {"modalidade": "virtual"},
        "no papel": {"conciliador": stage.cast.bruno},
        "past": {"inicio": NOW},
        "saturday": {"inicio": moment("10:00", date(2026, 3, 21))},
        "holiday": {"inicio": moment("10:00", date(2026, 4, 3))},  # Friday, Paixão de Cristo
        "city day": {"inicio": moment("10:00", date(2026, 9, 8))},  # Tuesday
        "no calendar": {"inicio": moment("10:00", date(2126, 3, 14))},
        "early": {"inicio": moment("08:45")},
        "late": {"inicio": moment("16:45")},
        "over midnight": {"inicio": moment("16:30"), "fim": moment("09:00", DAY + timedelta(days=1))},
        "last minutes of a month": {"inicio": moment("23:45", date(2026, 3, 31))},  # Tuesday
        "midnight of a first": {"inicio": moment("00:00", date(2026, 4, 1))},  # Wednesday
        "over a month's end": {"inicio": moment("16:30", date(2026, 3, 31)), "fim": moment("16:30", date(2026, 4, 1))},
        "backwards": {"fim": moment("09:30")},
        "modality": {"modalidade": "telepatia"},
        "lead": {"inicio": moment("10:00", date(2026, 3, 13))},  # Friday, nine days after
    }
    return changes[change]


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ("nobody", "reclamados", "Escolha ao menos um fornecedor"),
        ("foreign room", "sala", "é de outra unidade"),
        ("inactive room", "sala", "está desativada"),
        ("no link", "sala", "não tem link.* Escolha uma sala com link ou peça"),
        ("no papel", "conciliador", "não é conciliador nesta unidade. Escolha um conciliador da lista"),
        ("past", "inicio", "já passaram. Escolha um momento futuro"),
        ("saturday", "inicio", r"não funciona \(sábado\). Escolha um dia útil"),
        ("holiday", "inicio", r"não funciona \(.*Paixão.*\). Escolha um dia útil"),
        ("city day", "inicio", "Em 08/09/2026 o Procon não funciona"),
        ("no calendar", "inicio", "Os feriados de 2126 .* Escolha outra data ou peça"),
        (
            "early",
            "inicio",
            "das 08:45 às 09:15 sai do expediente, que é das 09:00 às 17:00. Escolha um horário dentro",
        ),
        ("late", "inicio", "das 16:45 às 17:15 sai do expediente.* Escolha um horário dentro"),
        ("over midnight", "inicio", "sai do expediente"),
        ("last minutes of a month", "inicio", "das 23:45 às 00:15 sai do expediente.* Escolha um horário dentro"),
        ("midnight of a first", "inicio", "das 00:00 às 00:30 sai do expediente.* Escolha um horário dentro"),
        ("over a month's end", "inicio", "das 16:30 às 16:30 sai do expediente"),
        ("backwards", "fim", "O fim vem depois do início"),
        ("modality", "modalidade", "Escolha a modalidade da lista"),
        (
            "lead",
            "inicio",
            r"10 dias corridos .* a primeira data possível é 14/03/2026. Escolha outra data, ou registre",
        ),
    ],
)
def test_refuses_content(stage: Stage, change: str, field: str, sentence: str) -> None:
    with pytest.raises(ContentRefused, match=sentence) as refusal:
        stage.schedule(**_changed(stage, change))

    assert list(refusal.value.errors) == [field]
    assert (Audiencia.objects.count(), Reserva.objects.count(), Mensagem.objects.count()) == (0, 0, 0)


def test_refuses_a_supplier_of_another_case(stage: Stage, another_case: Callable[..., Any]) -> None:
    _, foreign = another_case()
    with pytest.raises(ContentRefused, match="não é parte deste caso"):
        stage.schedule(reclamados=[foreign])


def test_refuses_an_inactive_conciliator(stage: Stage) -> None:
    stage.caio.is_active = False
    with pytest.raises(ContentRefused, match="não é conciliador nesta unidade"):
        stage.schedule(conciliador=stage.caio)


def test_all_reasons_are_told_at_once(stage: Stage) -> None:
    with pytest.raises(ContentRefused) as refusal:
        stage.schedule(reclamados=[], modalidade="virtual", conciliador=stage.cast.bruno)

    assert list(refusal.value.errors) == ["reclamados", "sala", "conciliador"]


def test_the_tenth_day_is_enough(stage: Stage) -> None:
    # notice on Friday 6 March; the tenth day is Monday 16
    assert stage.schedule(at=moment("10:00", date(2026, 3, 6))).inicio == moment("10:00")


def test_the_lead_counts_from_the_local_day_also_around_midnight_and_over_a_month_s_end(stage: Stage) -> None:
    # ten days after Friday 27 February are Monday 9 March; in Greenwich it is Saturday 28 at both moments
    monday = moment("10:00", date(2026, 3, 9))
    with pytest.raises(
        ContentRefused, match=r"a primeira data possível é 10/03/2026\. Escolha outra data, ou registre"
    ):
        stage.schedule(inicio=monday, at=moment("00:00", date(2026, 2, 28)))
    assert stage.schedule(inicio=monday, at=moment("23:59", date(2026, 2, 27))).inicio == monday


def test_a_moment_of_today_is_past_only_when_it_is(stage: Stage) -> None:
    # Tuesday 31 March, the last day of its month
    start = moment("16:30", date(2026, 3, 31))
    told = "As duas partes estão presentes."
    with pytest.raises(ContentRefused, match=r"já passaram\. Escolha um momento futuro"):
        stage.schedule(inicio=start, at=start, dispensa_antecedencia=told)
    made = stage.schedule(inicio=start, at=start - timedelta(seconds=1), dispensa_antecedencia=told)
    assert made.fim == moment("17:00", date(2026, 3, 31))


def test_the_lead_is_the_rule_s(stage: Stage) -> None:
    RegraDePrazo.objects.filter(nome="antecedencia_audiencia").update(dias=15)
    with pytest.raises(ContentRefused, match="a primeira data possível é 19/03/2026"):
        stage.schedule()


def test_a_waived_lead_is_recorded(stage: Stage) -> None:
    audiencia = stage.schedule(inicio=moment("11:00", date(2026, 3, 4)), dispensa_antecedencia=" Ambos presentes. ")

    assert audiencia.dispensa_antecedencia == "Ambos presentes."


# ---- nobody in two places ----


def test_a_taken_room_is_named_and_free_times_are_offered(stage: Stage, another_case: Callable[..., Any]) -> None:
    stage.schedule()
    case, shop = another_case()

    told = refusal_of(lambda: stage.schedule(atendimento=case, reclamados=[shop], conciliador=stage.caio))

    assert told == (
        "Não foi possível marcar para 16/03/2026, das 10:00 às 10:30: a sala Sala 1 está ocupada nesse horário "
        "(caso 35.001.001.26-0000001, das 10:00 às 10:30). "
        "Próximos horários livres: 16/03/2026 às 10:30 (Sala 2, Caio Conciliador); "
        "16/03/2026 às 11:00 (Sala 2, Caio Conciliador); 16/03/2026 às 11:30 (Sala 2, Caio Conciliador)."
    )
    assert (Audiencia.objects.count(), case.audiencias.count(), Reserva.objects.count()) == (1, 0, 3)


def test_a_taken_conciliator_is_named(stage: Stage, another_case: Callable[..., Any]) -> None:
    stage.schedule()
    case, shop = another_case()

    told = refusal_of(lambda: stage.schedule(atendimento=case, reclamados=[shop], sala=stage.outra_sala))

    assert "das 10:00 às 10:30: Carla Conciliadora já concilia outra audiência nesse horário (caso" in told


def test_a_consumer_is_not_in_two_places(stage: Stage, another_case: Callable[..., Any]) -> None:
    stage.schedule()
    case, shop = another_case(consumidor=stage.cast.ana)

    told = refusal_of(
        lambda: stage.schedule(
            "10:15", atendimento=case, reclamados=[shop], sala=stage.outra_sala, conciliador=stage.caio
        )
    )

    assert "das 10:15 às 10:45: o consumidor já tem outra audiência nesse horário (caso" in told
    assert "Próximos horários livres: 16/03/2026 às 10:30" in told


def test_a_large_supplier_may_be_in_two_rooms(stage: Stage, another_case: Callable[..., Any]) -> None:
    stage.schedule()
    case, shop = another_case()
    stage.schedule(atendimento=case, reclamados=[shop], sala=stage.outra_sala, conciliador=stage.caio)

    assert Audiencia.objects.count() == 2


@pytest.mark.parametrize("clock", ["09:31", "09:45", "10:00", "10:15", "10:29"])
def test_overlapping_is_refused(stage: Stage, another_case: Callable[..., Any], clock: str) -> None:
    stage.schedule()
    case, shop = another_case()

    assert "Não foi possível" in refusal_of(lambda: stage.schedule(clock, atendimento=case, reclamados=[shop]))


@pytest.mark.parametrize("clock", ["09:30", "10:30"])
def test_touching_is_not_overlapping(stage: Stage, another_case: Callable[..., Any], clock: str) -> None:
    stage.schedule()
    case, shop = another_case()
    stage.schedule(clock, atendimento=case, reclamados=[shop])

    assert Reserva.objects.count() == 5


def test_a_longer_hearing_keeps_its_whole_time(stage: Stage, another_case: Callable[..., Any]) -> None:
    stage.schedule(fim=moment("11:30"))
    case, shop = another_case()

    assert "Não foi possível" in refusal_of(lambda: stage.schedule("11:00", atendimento=case, reclamados=[shop]))


def test_every_refusal_is_one_the_pages_know(stage: Stage) -> None:
    with pytest.raises(Refusal):
        stage.schedule(by=User(usuario="ninguem", nome="Ninguém", pk=0))


def test_a_hearing_s_cost_in_queries(
    stage: Stage, another_case: Callable[..., Any], django_assert_num_queries: Any
) -> None:
    case, shop = another_case()
    with django_assert_num_queries(10):  # the law, the unidade's rules and Bruno's papéis are read, too
        booked(stage)
    with django_assert_num_queries(5):  # hold, read, write, in a savepoint
        booked(stage, "11:00", atendimento=case, reclamados=[shop])


def test_a_day_that_was_closed_a_moment_ago_is_refused_whoever_closed_it(
    stage: Stage, another_case: Callable[..., Any]
) -> None:
    booked(stage)
    case, shop = another_case()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO deadlines_feriado (data, nome, ambito, facultativo, fonte) VALUES (%s, %s, %s, false, %s)",
            [DAY, "Luto oficial", "municipal", "Decreto 1"],
        )
    with pytest.raises(ContentRefused, match=r"Em 16/03/2026 o Procon não funciona \(Luto oficial\)"):
        booked(stage, "11:00", atendimento=case, reclamados=[shop])
