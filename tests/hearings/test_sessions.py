"""The hearing itself: who came, what came of it, and what the office refuses to write down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hearings.models import Audiencia, Presenca
from hearings.services import confirm, hold, notify, record_absence
from tests.conftest import NOW
from tests.hearings.conftest import DAY, Stage, moment
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento


def ana(clock: str = "09:50") -> Presenca:
    return Presenca(qualidade="consumidor", nome="Ana Souza", chegou_em=moment(clock), documentos="RG")


def preposto(**fields: Any) -> Presenca:
    values: dict[str, Any] = {
        "qualidade": "preposto",
        "nome": "Pedro Preposto",
        "chegou_em": moment("09:58"),
        "documentos": "carta de preposição",
        **fields,
    }
    return Presenca(**values)


def held(stage: Stage, audiencia: Audiencia, *presencas: Presenca, at: str = "10:40", **changes: Any) -> Audiencia:
    values: dict[str, Any] = {"resultado": "acordo", "by": stage.cast.carla, "at": moment(at), **changes}
    return hold(audiencia=audiencia, presencas=presencas, **values)


def absent(stage: Stage, audiencia: Audiencia, resultado: str, *presencas: Presenca, at: str = "10:15") -> Audiencia:
    return record_absence(
        audiencia=audiencia, resultado=resultado, presencas=presencas, by=stage.cast.carla, at=moment(at)
    )


def letters(stage: Stage) -> list[str]:
    found = stage.caso.historico.documentos.exclude(tipo__startswith="notificacao").order_by("pk")
    return list(found.values_list("tipo", flat=True))


def test_told_then_confirmed_then_held(stage: Stage) -> None:
    audiencia = stage.schedule()
    notify(audiencia=audiencia, by=stage.cast.bruno, at=NOW, como="Carta entregue em mãos.")
    confirm(audiencia=audiencia, by=stage.cast.bruno, at=NOW, quem="Ana, por telefone")
    held(stage, audiencia, ana(), preposto(), observacao="Devolução em dez dias.")

    audiencia.refresh_from_db()
    assert (audiencia.status, audiencia.resultado, audiencia.observacao) == (
        "realizada",
        "acordo",
        "Devolução em dez dias.",
    )
    assert list(audiencia.presencas.values_list("nome", "reclamado", "documentos")) == [
        ("Ana Souza", None, "RG"),
        ("Pedro Preposto", stage.loja.pk, "carta de preposição"),
    ]
    assert list(Evento.objects.order_by("sequencia").values_list("ato", flat=True)) == [
        "AGENDAR",
        "NOTIFICAR",
        "CONFIRMAR",
        "REALIZAR",
    ]
    assert letters(stage) == ["termo_de_audiencia"]


def test_who_came_on_time_may_be_heard_a_little_early(stage: Stage) -> None:
    assert held(stage, stage.schedule(), ana("09:40"), preposto(chegou_em=moment("09:40")), at="09:45").status == (
        "realizada"
    )


def test_a_supplier_absent_beside_one_who_came_gets_its_certidao(stage: Stage) -> None:
    audiencia = stage.schedule(reclamados=[stage.loja, stage.banco])
    held(stage, audiencia, ana(), preposto(reclamado=stage.loja), resultado="acordo_parcial")

    assert letters(stage) == ["certidao_de_ausencia", "termo_de_audiencia"]
    certidao = stage.caso.historico.documentos.get(tipo="certidao_de_ausencia")
    assert certidao.dados["dados"]["ausentes"] == ["Banco Exemplo S.A."]


def test_a_case_of_the_office_itself_needs_no_consumer(stage: Stage) -> None:
    type(stage.caso).objects.update(tipo="de_oficio", consumidor=None)
    audiencia = stage.schedule()

    assert held(stage, audiencia, preposto(), resultado="sem_acordo").status == "realizada"


@pytest.mark.parametrize(
    ("resultado", "who", "terms"),
    [
        ("ausente_fornecedor", [ana], 0),
        ("ausente_consumidor", [preposto], 1),
        ("ausentes_ambos", [], 1),
    ],
)
def test_absence_is_certified_and_the_consumer_may_justify(
    stage: Stage, resultado: str, who: list[Any], terms: int
) -> None:
    audiencia = stage.schedule()
    absent(stage, audiencia, resultado, *(make() for make in who))

    audiencia.refresh_from_db()
    assert (audiencia.status, audiencia.resultado) == ("nao_realizada", resultado)
    assert letters(stage) == ["certidao_de_ausencia"]
    assert list(stage.caso.historico.prazos.values_list("regra__nome", "inicio")) == (
        [("justificativa_ausencia", DAY)] * terms
    )


# ---- refusals ----


def test_refuses_a_result_of_absence_for_a_held_hearing(stage: Stage) -> None:
    with pytest.raises(ContentRefused, match="Cabem: «Acordo», «Acordo parcial», «Sem acordo»"):
        held(stage, stage.schedule(), ana(), preposto(), resultado="ausentes_ambos")


def test_refuses_a_result_of_a_held_hearing_for_an_absence(stage: Stage) -> None:
    with pytest.raises(ContentRefused, match="Cabem: «Consumidor ausente»"):
        absent(stage, stage.schedule(), "acordo")


def test_refuses_to_hold_before_the_start(stage: Stage) -> None:
    with pytest.raises(ActNotAllowed, match="marcada para 16/03/2026 às 10:00 e ainda não começou"):
        held(stage, stage.schedule(), ana("09:40"), preposto(chegou_em=moment("09:40")), at="09:44")


def test_refuses_an_absence_while_the_tolerance_runs(stage: Stage) -> None:
    with pytest.raises(ActNotAllowed, match="a partir de 16/03/2026 às 10:15"):
        absent(stage, stage.schedule(), "ausentes_ambos", at="10:14")


def test_refuses_a_hearing_without_the_consumer(stage: Stage) -> None:
    with pytest.raises(ContentRefused, match="Falta a presença do consumidor"):
        held(stage, stage.schedule(), preposto())


def test_refuses_a_hearing_without_the_supplier(stage: Stage) -> None:
    with pytest.raises(ContentRefused, match="Falta a presença do fornecedor"):
        held(stage, stage.schedule(), ana())


def test_a_witness_is_no_party(stage: Stage) -> None:
    witness = preposto(qualidade="testemunha", reclamado=stage.loja)
    with pytest.raises(ContentRefused, match="Falta a presença do fornecedor"):
        held(stage, stage.schedule(), ana(), witness)


def test_refuses_an_absence_when_both_came(stage: Stage) -> None:
    with pytest.raises(ContentRefused, match="Os dois lados compareceram"):
        absent(stage, stage.schedule(), "ausentes_ambos", ana(), preposto())


def test_refuses_an_absence_that_the_attendance_contradicts(stage: Stage) -> None:
    with pytest.raises(ContentRefused, match="o resultado é «Fornecedor ausente»"):
        absent(stage, stage.schedule(), "ausentes_ambos", ana())


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"qualidade": "vizinho"}, "não é uma qualidade conhecida"),
        ({"nome": " "}, "Escreva o nome"),
        ({"chegou_em": moment("10:41")}, "A chegada de Pedro Preposto"),
        ({"chegou_em": moment("09:58", DAY - timedelta(days=1))}, "deve ser no dia da audiência"),
    ],
)
def test_refuses_a_wrong_attendance_row(stage: Stage, fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ContentRefused, match=sentence):
        held(stage, stage.schedule(), ana(), preposto(**fields))
    assert Presenca.objects.count() == 0


def test_refuses_a_preposto_of_nobody(stage: Stage) -> None:
    audiencia = stage.schedule(reclamados=[stage.loja, stage.banco])
    with pytest.raises(ContentRefused, match="Diga qual fornecedor Pedro Preposto representa"):
        held(stage, audiencia, ana(), preposto())


def test_refuses_a_preposto_of_a_supplier_that_was_not_called(stage: Stage) -> None:
    with pytest.raises(ContentRefused, match="não foi chamado a esta audiência"):
        held(stage, stage.schedule(), ana(), preposto(reclamado=stage.banco))


def test_refuses_to_hold_twice(stage: Stage) -> None:
    audiencia = stage.schedule()
    stale = Audiencia.objects.get(pk=audiencia.pk)
    held(stage, audiencia, ana(), preposto())
    with pytest.raises(ActNotAllowed, match="«Realizada»"):
        held(stage, stale, ana(), preposto())


def test_refuses_somebody_from_elsewhere(stage: Stage) -> None:
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        confirm(audiencia=stage.schedule(), by=stage.cast.eva, at=NOW)


def test_a_refused_record_leaves_the_object_as_it_was(stage: Stage) -> None:
    audiencia = stage.schedule()
    with pytest.raises(ActNotAllowed):
        held(stage, audiencia, ana(), preposto(), by=stage.cast.eva)

    assert (audiencia.status, audiencia.resultado, Evento.objects.filter(ato="REALIZAR").count()) == ("agendada", "", 0)


def test_days_are_the_office_s_not_greenwich_s(stage: Stage) -> None:
    # 16:30 in São Paulo is 19:30 in Greenwich; midnight there is 21:00 here
    audiencia = stage.schedule("16:30")
    late = datetime.fromisoformat("2026-03-17T00:30:00+00:00")  # 21:30 of the 16th here
    held(stage, audiencia, ana("16:20"), preposto(chegou_em=moment("16:25")), at="17:00")

    assert audiencia in Audiencia.objects.on_day(DAY)
    assert late.astimezone(moment("10:00").tzinfo).date() == DAY
