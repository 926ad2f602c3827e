"""Who stays away: the supplier is held silent, the consumer justifies it in time or the case is archived."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Anexo, Atendimento, Defesa, Reclamacao
from cases.services import notify_reclamado, open_reclamacao
from hearings.models import Audiencia, Justificativa
from hearings.services import archive_absences, archive_absent, hold, justify_absence, record_absence
from hearings.tasks import archive_absences as task
from notifications.models import Mensagem
from tests.browsing import logged_in
from tests.cases.files import PDF
from tests.conftest import NOW
from tests.hearings.conftest import DAY, Stage, moment
from tests.hearings.test_sessions import ana, preposto
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

#: Monday 16 March + 5 days is Saturday 21, rolled to Monday 23.
LAST = date(2026, 3, 23)


def missed(stage: Stage, resultado: str = "ausente_consumidor", *who: Any, **changes: Any) -> Audiencia:
    """A hearing that somebody missed, as Carla records it at 10:15."""
    people = who or {"ausente_consumidor": [preposto()], "ausente_fornecedor": [ana()], "ausentes_ambos": []}[resultado]
    audiencia = stage.schedule(**changes)
    return record_absence(
        audiencia=audiencia, resultado=resultado, presencas=people, by=stage.cast.carla, at=moment("10:15")
    )


def complained(stage: Stage) -> Reclamacao:
    """The case as a reclamação, both suppliers notified."""
    opened = open_reclamacao(atendimento=stage.caso, by=stage.cast.bruno, at=NOW, motivo="Sem solução.")
    for party in (stage.loja, stage.banco):
        notify_reclamado(reclamado=party, meio="em_maos", by=stage.cast.bruno, at=NOW)
    stage.caso.refresh_from_db()
    return opened


def turns() -> list[tuple[str, str]]:
    rows = Defesa.objects.order_by("pk").values_list("reclamado__fornecedor__razao_social", "revelia_por")
    return [(name.split()[0], why) for name, why in rows]


def sent() -> None:
    """The notice of the absence went out."""
    Mensagem.objects.filter(tipo="justificativa_ausencia").update(situacao="enviada")


def on(day: date, clock: str = "10:00") -> datetime:
    return moment(clock, day)


# ---- the supplier ----


def test_a_supplier_who_stays_away_from_a_reclamacao_is_held_silent(stage: Stage) -> None:
    opened = complained(stage)
    missed(stage, "ausente_fornecedor")

    opened.refresh_from_db()
    assert (turns(), opened.status) == ([("Loja", "ausencia"), ("Banco", "")], "notificada")


def test_both_suppliers_away_end_the_defences(stage: Stage) -> None:
    opened = complained(stage)
    missed(stage, "ausente_fornecedor", reclamados=[stage.loja, stage.banco])

    opened.refresh_from_db()
    assert (turns(), opened.status) == ([("Loja", "ausencia"), ("Banco", "ausencia")], "revelia")


def test_one_away_beside_one_who_came_is_held_silent_alone(stage: Stage) -> None:
    complained(stage)
    audiencia = stage.schedule(reclamados=[stage.loja, stage.banco])
    people = [ana(), preposto(reclamado=stage.loja)]
    hold(audiencia=audiencia, resultado="sem_acordo", presencas=people, by=stage.cast.carla, at=moment("10:40"))

    assert turns() == [("Loja", ""), ("Banco", "ausencia")]


def test_a_notice_that_did_not_say_so_makes_nobody_silent(stage: Stage) -> None:
    complained(stage)
    audiencia = stage.schedule()
    Audiencia.reclamados.through.objects.create(audiencia=audiencia, reclamado=stage.banco)  # called, never notified
    record_absence(
        audiencia=audiencia,
        resultado="ausente_fornecedor",
        presencas=[ana()],
        by=stage.cast.carla,
        at=moment("10:15"),
    )

    assert turns() == [("Loja", "ausencia"), ("Banco", "")]


def test_without_a_reclamacao_there_is_no_revelia(stage: Stage) -> None:
    missed(stage, "ausente_fornecedor")

    assert (Defesa.objects.count(), Evento.objects.filter(ato="CERTIFICAR_REVELIA").count()) == (0, 0)


# ---- the consumer ----


def test_the_absent_consumer_is_told_until_when_to_justify(stage: Stage) -> None:
    missed(stage)

    letter = Mensagem.objects.get(tipo="justificativa_ausencia")
    assert Justificativa.objects.get().prazo.vence_em == LAST
    assert (letter.endereco, "Justifique até 23/03/2026" in letter.corpo) == (stage.cast.ana.email, True)


def test_a_justification_within_the_term_stops_it_and_keeps_its_papers(stage: Stage) -> None:
    audiencia = missed(stage)
    paper = SimpleUploadedFile("atestado.pdf", PDF)
    justify_absence(audiencia=audiencia, texto="Internada.", on=LAST, by=stage.cast.bruno, at=on(LAST), arquivo=[paper])

    said = Justificativa.objects.get()
    assert (said.texto, said.apresentada_em, said.registrada_por) == ("Internada.", LAST, stage.cast.bruno)
    assert said.prazo.cumprido_em == on(LAST)
    assert [(row.nome, row.origem) for row in Anexo.objects.all()] == [("atestado.pdf", "consumidor")]
    assert Evento.objects.get(ato="JUSTIFICAR_AUSENCIA").dados["apresentada_em"] == "2026-03-23"
    assert Mensagem.objects.get(tipo="justificativa_ausencia").situacao == "cancelada"
    sent()
    assert archive_absences(today=LAST + timedelta(days=1), at=on(LAST + timedelta(days=1))) == 0


def test_a_refused_paper_leaves_no_justification(stage: Stage) -> None:
    audiencia = missed(stage)
    virus = SimpleUploadedFile("programa.exe", b"MZ not a paper")
    with pytest.raises(ContentRefused, match=r"programa\.exe"):
        justify_absence(
            audiencia=audiencia, texto="Internada.", on=DAY, by=stage.cast.bruno, at=on(DAY, "16:00"), arquivo=[virus]
        )

    assert (Justificativa.objects.get().texto, Anexo.objects.count()) == ("", 0)


@pytest.mark.parametrize(
    ("texto", "day", "error", "sentence"),
    [
        (" ", LAST, ContentRefused, "Escreva a justificativa"),
        ("Doente.", DAY - timedelta(days=1), ContentRefused, r"entre a audiência \(16/03/2026\)"),
        ("Doente.", LAST + timedelta(days=2), ContentRefused, r"e hoje \(24/03/2026\)"),
        ("Doente.", LAST + timedelta(days=1), ActNotAllowed, "terminou em 23/03/2026"),
    ],
)
def test_refuses_a_justification(stage: Stage, texto: str, day: date, error: Any, sentence: str) -> None:
    audiencia = missed(stage)
    with pytest.raises(error, match=sentence):
        justify_absence(audiencia=audiencia, texto=texto, on=day, by=stage.cast.bruno, at=on(LAST + timedelta(days=1)))
    assert Justificativa.objects.get().texto == ""


def test_refuses_a_second_justification_and_one_for_who_came(stage: Stage) -> None:
    audiencia = missed(stage)
    values: dict[str, Any] = {"texto": "Doente.", "on": DAY, "by": stage.cast.bruno, "at": on(DAY, "16:00")}
    justify_absence(audiencia=audiencia, **values)
    with pytest.raises(ActNotAllowed, match="já foi justificada em 16/03/2026"):
        justify_absence(audiencia=audiencia, **values)
    with pytest.raises(ActNotAllowed, match="não faltou"):
        justify_absence(audiencia=missed(stage, "ausente_fornecedor", ana("09:20"), clock="09:30"), **values)


def test_refuses_a_justification_from_elsewhere(stage: Stage) -> None:
    with pytest.raises(ActNotAllowed, match="registrar a justificativa"):
        justify_absence(audiencia=missed(stage), texto="Doente.", on=DAY, by=stage.cast.eva, at=on(DAY, "16:00"))


def test_the_clock_archives_after_the_term_and_the_notice(stage: Stage) -> None:
    missed(stage)
    sent()
    assert archive_absences(today=LAST, at=on(LAST)) == 0
    day = LAST + timedelta(days=1)
    assert [archive_absences(today=day, at=on(day)) for _ in "ab"] == [1, 0]

    stage.caso.refresh_from_db()
    event = Evento.objects.get(ato="ARQUIVAR_POR_AUSENCIA")
    assert (stage.caso.status, stage.caso.desfecho, event.motivo) == (
        "encerrado",
        "desistencia",
        "Ausência à audiência de 16/03/2026 às 10:00, não justificada.",
    )


def test_the_clock_archives_a_reclamacao_with_its_case(stage: Stage) -> None:
    opened = complained(stage)
    missed(stage)
    sent()
    with time_machine.travel(on(LAST + timedelta(days=1)), tick=False):
        assert task() == 1

    opened.refresh_from_db()
    assert (opened.status, Atendimento.objects.get(pk=stage.caso.pk).desfecho) == ("arquivada", "desistencia")


def test_a_notice_that_did_not_go_out_archives_nothing(stage: Stage) -> None:
    missed(stage)
    day = LAST + timedelta(days=1)

    assert archive_absences(today=day, at=on(day)) == 0
    archive_absent(audiencia=Audiencia.objects.get(), motivo="Por telefone.", by=stage.cast.dora, at=on(day))
    assert Atendimento.objects.get(pk=stage.caso.pk).status == "encerrado"


def test_another_date_given_since_archives_nothing(stage: Stage) -> None:
    missed(stage)
    sent()
    stage.schedule("14:00", inicio=moment("14:00", date(2026, 4, 7)), at=on(DAY, "16:00"))
    day = LAST + timedelta(days=1)

    assert archive_absences(today=day, at=on(day)) == 0


@pytest.mark.parametrize(
    ("who", "motivo", "day", "error", "sentence"),
    [
        ("dora", " ", LAST + timedelta(days=1), ContentRefused, "como o consumidor foi avisado"),
        ("dora", "Por telefone.", LAST, ActNotAllowed, "vai até 23/03/2026"),
        ("bruno", "Por telefone.", LAST + timedelta(days=1), ActNotAllowed, "o ato cabe a"),
    ],
)
def test_refuses_to_archive(stage: Stage, who: str, motivo: str, day: date, error: Any, sentence: str) -> None:
    audiencia = missed(stage)
    with pytest.raises(error, match=sentence):
        archive_absent(audiencia=audiencia, motivo=motivo, by=getattr(stage.cast, who), at=on(day))
    assert Atendimento.objects.get(pk=stage.caso.pk).status == "aguarda_consumidor"


# ---- pages ----


def test_the_page_takes_the_justification_with_its_paper(stage: Stage) -> None:
    audiencia = missed(stage)
    with time_machine.travel(on(LAST), tick=False):
        bruno = logged_in(stage.cast.bruno)
        page = bruno.get(audiencia.get_absolute_url()).content.decode()
        assert ("Registrar justificativa" in page, "Arquivar por ausência" in page) == (True, False)
        typed = {"texto": "Internada.", "on": "2026-03-20", "arquivo": SimpleUploadedFile("atestado.pdf", PDF)}
        answer = bruno.post(f"/audiencias/{audiencia.pk}/justificativa/", typed, follow=True)

    assert "Justificada em 20/03/2026" in answer.content.decode()
    assert (Justificativa.objects.get().texto, Anexo.objects.count()) == ("Internada.", 1)


def test_the_page_lets_the_coordenador_archive_after_the_term(stage: Stage) -> None:
    audiencia = missed(stage)
    with time_machine.travel(on(LAST + timedelta(days=1)), tick=False):
        dora = logged_in(stage.cast.dora)
        assert "Arquivar por ausência" in dora.get(audiencia.get_absolute_url()).content.decode()
        empty = dora.post(f"/audiencias/{audiencia.pk}/arquivamento/", {"motivo": ""})
        answer = dora.post(f"/audiencias/{audiencia.pk}/arquivamento/", {"motivo": "Por telefone."}, follow=True)

    assert (empty.status_code, "O caso foi encerrado" in answer.content.decode()) == (422, True)


def test_nobody_from_elsewhere_finds_the_pages(stage: Stage) -> None:
    audiencia = missed(stage)
    eva = logged_in(stage.cast.eva)

    answers = [eva.post(f"/audiencias/{audiencia.pk}/{name}/") for name in ("justificativa", "arquivamento")]
    assert [answer.status_code for answer in answers] == [404, 404]
