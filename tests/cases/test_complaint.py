"""The reclamação until its defences are in: notice, receipt, defence, revelia, extension, reopening."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from cases.models import Defesa, Reclamacao, Reclamado
from cases.services import (
    close_case,
    default_by_absence,
    extend_defence,
    lapse_defence,
    lapse_due_defences,
    notify_reclamado,
    receive_defence,
    receive_notice,
    register,
    reopen_case,
)
from documents.models import Documento
from notifications.models import Mensagem
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

Open = Callable[..., Reclamacao]
Notified = Callable[..., list[Defesa]]


def status(thing: Defesa | Reclamacao) -> str:
    return Reclamacao.objects.get(pk=getattr(thing, "reclamacao_id", thing.pk)).status


def test_opening_prints_one_letter_per_reclamado(cast: Cast, complaint: Open) -> None:
    opened = complaint(cast.loja, cast.banco)

    turns = Defesa.objects.filter(reclamacao=opened)
    assert [str(turn.reclamado.fornecedor) for turn in turns] == ["Loja Modelo Ltda", "Banco Exemplo S.A."]
    assert {turn.documento.tipo for turn in turns if turn.documento} == {"carta_de_abertura"}
    assert Documento.objects.count() == 2


def test_the_first_notice_moves_the_process(cast: Cast, complaint: Open) -> None:
    opened = complaint(cast.loja, cast.banco)
    assert status(opened) == "instaurada"

    notify_reclamado(reclamado=opened.atendimento.reclamados.first(), meio="email", by=cast.bruno, at=NOW)

    assert status(opened) == "notificada"
    assert Mensagem.objects.get(tipo="defesa").endereco == "loja@example.org"


def test_every_contact_who_receives_letters_is_told_of_the_reclamacao(cast: Cast, complaint: Open) -> None:
    for name, email in (("A", "a@example.org"), ("B", "b@example.org"), ("C", "A@example.org")):
        cast.loja.contatos_de_aviso.create(nome=name, email=email, recebe_cip=True)
    opened = complaint()

    notify_reclamado(reclamado=opened.atendimento.reclamados.get(), meio="email", by=cast.bruno, at=NOW)

    turn = Defesa.objects.get()
    first, second = cast.loja.contatos_de_aviso.filter(nome__in="AB").order_by("nome")
    told = Mensagem.objects.filter(tipo="defesa").order_by("pk")
    assert list(told.values_list("chave", "referencia", "endereco")) == [
        (f"defesa:{turn.pk}:envio:contato:{who.pk}", f"defesa:{turn.pk}", who.email) for who in (first, second)
    ]


def test_a_notice_needs_a_known_way_and_goes_once(cast: Cast, complaint: Open) -> None:
    opened = complaint(cast.banco)
    party = opened.atendimento.reclamados.get()

    with pytest.raises(ContentRefused, match="como a notificação foi enviada"):
        notify_reclamado(reclamado=party, meio="pombo", by=cast.bruno, at=NOW)
    with pytest.raises(ContentRefused, match="não tem e-mail no cadastro"):
        notify_reclamado(reclamado=party, meio="email", by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="o ato cabe a Atendente, Coordenador"):
        notify_reclamado(reclamado=party, meio="ar", by=cast.edu, at=NOW)
    notify_reclamado(reclamado=party, meio="ar", by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="já saiu em 04/03/2026"):
        notify_reclamado(reclamado=party, meio="ar", by=cast.bruno, at=NOW)


def test_no_notice_without_a_reclamacao(cast: Cast, ap: Callable[..., object]) -> None:
    ap()

    with pytest.raises(ActNotAllowed, match="não tem reclamação aberta"):
        notify_reclamado(reclamado=Reclamado.objects.get(), meio="ar", by=cast.bruno, at=NOW)


def test_a_reclamado_without_letter_gets_it_with_the_notice(cast: Cast, complaint: Open) -> None:
    opened = complaint()
    Defesa.objects.all().delete()

    turn = notify_reclamado(reclamado=opened.atendimento.reclamados.get(), meio="ar", by=cast.bruno, at=NOW)

    assert turn.documento
    assert turn.documento.tipo == "carta_de_abertura"


def test_the_term_of_defence_runs_from_the_receipt(cast: Cast, notified: Notified) -> None:
    (turn,) = notified()

    # 4 March + 20 days = Tuesday 24 March 2026
    assert turn.prazo
    assert turn.prazo.vence_em == date(2026, 3, 24)
    assert "Decreto 2.181/1997, art. 42" in turn.prazo.regra.fonte


def test_a_receipt_between_the_sending_and_today_and_once(cast: Cast, complaint: Open) -> None:
    opened = complaint()
    waiting = Defesa.objects.get()
    with pytest.raises(ActNotAllowed, match="ainda não saiu"):
        receive_notice(defesa=waiting, on=NOW.date(), by=cast.bruno, at=NOW)
    turn = notify_reclamado(reclamado=opened.atendimento.reclamados.get(), meio="ar", by=cast.bruno, at=NOW)

    for wrong in (date(2026, 3, 3), date(2026, 3, 5)):
        with pytest.raises(ContentRefused, match="entre o envio"):
            receive_notice(defesa=turn, on=wrong, by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        receive_notice(defesa=turn, on=NOW.date(), by=cast.carla, at=NOW)
    receive_notice(defesa=turn, on=NOW.date(), by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="já foi registrado"):
        receive_notice(defesa=turn, on=NOW.date(), by=cast.bruno, at=NOW)


def test_a_defence_in_time_ends_the_phase(cast: Cast, notified: Notified) -> None:
    (turn,) = notified()

    told = receive_defence(defesa=turn, texto="Não devemos.", by=cast.bruno, at=NOW)

    assert (status(turn), told.fora_do_prazo) == ("defesa_recebida", False)
    turn.prazo.refresh_from_db()
    assert turn.prazo.cumprido_em == NOW


def test_an_empty_or_second_defence_is_refused(cast: Cast, notified: Notified) -> None:
    (turn,) = notified()

    with pytest.raises(ContentRefused, match="Escreva ou resuma a defesa"):
        receive_defence(defesa=turn, texto="  ", by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        receive_defence(defesa=turn, texto="Não.", by=cast.edu, at=NOW)
    receive_defence(defesa=turn, texto="Não.", by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="já foi registrada"):
        receive_defence(defesa=turn, texto="Não mesmo.", by=cast.bruno, at=NOW)


def test_no_defence_before_the_notice(cast: Cast, complaint: Open) -> None:
    complaint()

    with pytest.raises(ActNotAllowed, match="Não é possível registrar defesa"):
        receive_defence(defesa=Defesa.objects.get(), texto="Não.", by=cast.bruno, at=NOW)


#: The term ends on Tuesday 24 March 2026.
CLOCK = [(date(2026, 3, 24), 0, "notificada"), (date(2026, 3, 25), 1, "revelia")]


@pytest.mark.parametrize(("today", "lapsed", "after"), CLOCK)
def test_the_clock_certifies_the_revelia_the_day_after(
    cast: Cast, notified: Notified, today: date, lapsed: int, after: str
) -> None:
    (turn,) = notified()
    at = NOW + (today - NOW.date())

    assert lapse_due_defences(today=today, at=at) == lapsed
    assert lapse_due_defences(today=today, at=at) == 0
    assert status(turn) == after


def test_only_the_clock_certifies_and_not_early(cast: Cast, notified: Notified, complaint: Open) -> None:
    (turn,) = notified()

    with pytest.raises(ActNotAllowed, match="o ato cabe a Sistema"):
        lapse_defence(defesa=turn, by=cast.bruno, at=NOW + timedelta(days=21))
    with pytest.raises(ActNotAllowed, match="O prazo corre até 24/03/2026"):
        lapse_defence(defesa=turn, by=cast.sistema, at=NOW)
    complaint(cast.banco)
    with pytest.raises(ActNotAllowed, match="ainda não começou"):
        lapse_defence(defesa=Defesa.objects.get(prazo=None), by=cast.sistema, at=NOW)


def test_a_late_defence_is_marked_and_undoes_no_revelia(cast: Cast, notified: Notified) -> None:
    (turn,) = notified()
    later = NOW + timedelta(days=22)
    lapse_due_defences(today=later.date(), at=later)
    with pytest.raises(ActNotAllowed, match="já está encerrada"):
        lapse_defence(defesa=turn, by=cast.sistema, at=later)

    told = receive_defence(defesa=turn, texto="Desculpem a demora.", by=cast.bruno, at=later)

    assert (told.fora_do_prazo, status(turn)) == (True, "revelia")


def test_two_suppliers_one_revel(cast: Cast, notified: Notified) -> None:
    shop, bank = notified(cast.loja, cast.banco)
    receive_defence(defesa=shop, texto="Não.", by=cast.bruno, at=NOW)
    assert status(shop) == "notificada"
    later = NOW + timedelta(days=22)

    assert lapse_due_defences(today=later.date(), at=later) == 1

    bank.refresh_from_db()
    assert (status(shop), bank.revelia_por) == ("defesa_recebida", "prazo_decorrido")
    assert Evento.objects.get(ato="CONCLUIR_DEFESAS").autor == cast.sistema


def test_absence_at_the_hearing_is_revelia(cast: Cast, notified: Notified) -> None:
    (turn,) = notified()

    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        default_by_absence(reclamado=turn.reclamado, by=cast.edu, at=NOW)
    held = default_by_absence(reclamado=turn.reclamado, by=cast.carla, at=NOW)

    assert held
    assert held.revelia_por == "ausencia"
    assert status(turn) == "revelia"
    assert default_by_absence(reclamado=turn.reclamado, by=cast.carla, at=NOW) is None


def test_an_absence_where_no_defence_is_waited_for_does_nothing(cast: Cast, complaint: Open) -> None:
    opened = complaint()

    assert default_by_absence(reclamado=opened.atendimento.reclamados.get(), by=cast.carla, at=NOW) is None
    assert status(opened) == "instaurada"


def test_the_coordenador_extends_the_term(cast: Cast, notified: Notified, complaint: Open) -> None:
    (turn,) = notified()

    with pytest.raises(ActNotAllowed, match="o ato cabe a Autoridade, Coordenador"):
        extend_defence(defesa=turn, dias=10, motivo="Greve dos correios.", by=cast.bruno, at=NOW)
    extend_defence(defesa=turn, dias=10, motivo="Greve dos correios.", by=cast.dora, at=NOW)

    turn.prazo.refresh_from_db()
    # 24 March + 10 days = Friday 3 April 2026, which is Good Friday; so Monday 6
    assert turn.prazo.vence_em == date(2026, 4, 6)
    complaint(cast.banco)
    with pytest.raises(ActNotAllowed, match="ainda não começou"):
        extend_defence(defesa=Defesa.objects.get(prazo=None), dias=1, motivo="Sim.", by=cast.dora, at=NOW)


def test_closing_ends_the_terms_and_reopening_begins_anew(cast: Cast, notified: Notified) -> None:
    (turn,) = notified()
    case = Reclamacao.objects.get().atendimento
    close_case(atendimento=case, desfecho="acordo", by=cast.bruno, at=NOW)
    turn.prazo.refresh_from_db()
    assert turn.prazo.cumprido_em == NOW

    reopen_case(atendimento=case, by=cast.dora, at=NOW, motivo="O acordo não foi cumprido.")

    fresh = Defesa.objects.current().get()
    assert (status(fresh), fresh.notificada_em, fresh.pk != turn.pk) == ("instaurada", None, True)
    with pytest.raises(ActNotAllowed, match="de antes da reabertura"):
        receive_defence(defesa=turn, texto="Não.", by=cast.bruno, at=NOW)


def test_a_direct_opening_calls_to_defend_at_once(cast: Cast, ap: Callable[..., object], letters_in_tmp: None) -> None:
    model = Reclamado.objects.get(pk=ap().reclamados.get().pk).atendimento

    case = register(
        by=cast.bruno,
        at=NOW,
        unidade=cast.unidade,
        tipo="abertura_direta",
        canal="pessoal",
        consumidor=cast.ana,
        fornecedores=[cast.loja],
        assunto=model.assunto,
        relato="Prova completa.",
    )

    assert Defesa.objects.get().reclamado.atendimento == case
