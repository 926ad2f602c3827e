"""Days, windows and rules entered late or by mistake: what moves, what does not, and what is written down."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import Atribuicao, Papel, User
from deadlines.models import Feriado, MudancaDeCalendario, Prazo, RegraDePrazo, Suspensao
from deadlines.services import (
    add_day,
    add_rule_version,
    add_window,
    current_rule,
    extend,
    fulfil,
    preview_day,
    preview_window,
    preview_without_day,
    preview_without_window,
    remove_day,
    remove_window,
    set_prazo,
)
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.services import open_history

TODAY = date(2026, 3, 4)  # Wednesday
MOURNING = {"data": date(2026, 3, 12), "nome": "Luto oficial"}  # a Thursday


@pytest.fixture
def admin(cast: Cast) -> User:
    user = User.objects.create_user("fabio", "senha-de-teste-1", nome="Fábio Administrador")
    Atribuicao.objects.create(user=user, unidade=cast.unidade, papel=Papel.ADMINISTRADOR)
    return user


def term(rule: str = "cip_resposta", start: date = date(2026, 3, 2)) -> Prazo:
    """By default ten days from Monday 2 March: Thursday 12."""
    return set_prazo(rule, historico=open_history(), start=start)


def mourn(admin: User) -> MudancaDeCalendario:
    return add_day(**MOURNING, ambito="municipal", facultativo=False, fonte="Decreto 2", by=admin, at=NOW)


def test_a_late_day_moves_the_running_terms_and_is_written_down(admin: User) -> None:
    moved, other, done = term(), term(start=date(2026, 3, 10)), fulfil(prazo=term(), at=NOW)
    seen = preview_day(**MOURNING, today=TODAY)

    made = mourn(admin)

    assert [(m.prazo.pk, m.before, m.after) for m in seen] == [(moved.pk, date(2026, 3, 12), date(2026, 3, 13))]
    assert [row.vence_em for row in Prazo.objects.order_by("pk")] == [
        date(2026, 3, 13),  # Thu 12 → Fri 13
        date(2026, 3, 20),  # Fri, the mourning lies inside and consecutive days count it
        date(2026, 3, 12),  # fulfilled
    ]
    assert (made.acao, made.descricao, made.fonte, made.prazos, made.por) == (
        "incluir_dia",
        "Luto oficial (12/03/2026)",
        "Decreto 2",
        1,
        admin,
    )
    assert [(e.ato, e.de, e.para, e.autor, e.motivo) for e in moved.historico.eventos.all()] == [
        ("RECALCULAR_PRAZO", "2026-03-12", "2026-03-13", admin, "Dia incluído: Luto oficial (12/03/2026). Decreto 2")
    ]
    assert (other.historico.eventos.count(), done.historico.eventos.count()) == (0, 0)
    moved.refresh_from_db()
    assert moved.explicacao == (
        "10 dias corridos da ciência em 02/03; venceria quinta 12/03 (Luto oficial), prorrogado para sexta 13/03"
    )


def test_a_day_taken_back_moves_them_back(admin: User) -> None:
    prazo = term()
    mourn(admin)
    day = Feriado.objects.get(nome="Luto oficial")
    assert len(preview_without_day(feriado=day, today=TODAY)) == 1

    made = remove_day(feriado=day, motivo="Era o ano passado.", by=admin, at=NOW)

    prazo.refresh_from_db()
    assert (prazo.vence_em, made.acao, made.prazos) == (date(2026, 3, 12), "retirar_dia", 1)
    assert [e.para for e in prazo.historico.eventos.all()] == ["2026-03-13", "2026-03-12"]


def test_a_day_taken_back_takes_no_term_into_the_past(admin: User) -> None:
    prazo = term()
    mourn(admin)
    friday = NOW + timedelta(days=9)

    made = remove_day(feriado=Feriado.objects.get(nome="Luto oficial"), motivo="Engano.", by=admin, at=friday)

    prazo.refresh_from_db()
    assert (prazo.vence_em, made.prazos) == (date(2026, 3, 13), 0)  # Friday 13 itself: the party was told so


def test_a_day_that_extends_a_term_keeps_its_extension(admin: User) -> None:
    prazo = extend(prazo=term(), dias=1, motivo="pedido do fornecedor", by=admin, at=NOW)
    mourn(admin)
    prazo.refresh_from_db()
    assert prazo.vence_em == date(2026, 3, 16)  # Thu 12 → Fri 13; one more is Sat 14 → Mon 16


# Campinas suspends 20/12–20/01 except CIP answers.
RECESS = {"de": date(2026, 12, 20), "ate": date(2027, 1, 20), "motivo": "recesso", "poupa": ["cip_resposta"]}


@pytest.mark.parametrize(
    ("rule", "start", "before", "after"),
    [
        ("cip_resposta", date(2026, 12, 14), date(2026, 12, 24), date(2026, 12, 24)),  # Mon → Thu, spared
        ("cip_resposta", date(2026, 12, 22), date(2027, 1, 4), date(2027, 1, 4)),  # Tue → Mon, spared
        ("recurso", date(2026, 12, 14), date(2026, 12, 24), date(2027, 1, 25)),  # Mon: 5 days, then 5 → Mon
        ("defesa", date(2026, 12, 9), date(2026, 12, 29), date(2027, 2, 1)),  # Wed: 10 days, then 10 → Sat 30 → Mon
        ("recurso", date(2026, 12, 8), date(2026, 12, 18), date(2026, 12, 18)),  # Tue → Fri, ends before
        ("defesa", date(2027, 1, 20), date(2027, 2, 10), date(2027, 2, 10)),  # Wed, on its last day → Ash Wed
    ],
)
def test_a_window_spares_one_kind_and_suspends_another(
    admin: User, rule: str, start: date, before: date, after: date
) -> None:
    prazo = term(rule, start)
    assert prazo.vence_em == before

    made = add_window(**RECESS, fonte="Decreto 3", by=admin, at=NOW)

    prazo.refresh_from_db()
    assert (prazo.vence_em, made.prazos) == (after, int(after != before))
    row = Suspensao.objects.get()
    assert len(preview_without_window(suspensao=row, today=TODAY)) == made.prazos
    remove_window(suspensao=row, motivo="Engano.", by=admin, at=NOW)
    prazo.refresh_from_db()
    assert prazo.vence_em == before


def test_a_preview_writes_nothing(admin: User) -> None:
    prazo = term()
    preview_day(**MOURNING, today=TODAY)
    preview_window(**RECESS, today=TODAY)
    prazo.refresh_from_db()
    assert (prazo.vence_em, Suspensao.objects.count(), MudancaDeCalendario.objects.count()) == (
        date(2026, 3, 12), 0, 0,
    )  # fmt: skip


def test_only_the_administrador_changes_the_calendar(cast: Cast) -> None:
    with pytest.raises(ActNotAllowed, match="cabe ao Administrador"):
        mourn(cast.dora)
    assert not Feriado.objects.filter(nome="Luto oficial").exists()


def test_a_change_needs_its_norm_or_reason(admin: User) -> None:
    with pytest.raises(ContentRefused, match="a norma"):
        add_day(**MOURNING, ambito="municipal", facultativo=False, fonte=" ", by=admin, at=NOW)
    mourn(admin)
    with pytest.raises(ContentRefused, match="por que é retirado"):
        remove_day(feriado=Feriado.objects.get(nome="Luto oficial"), motivo=" ", by=admin, at=NOW)


def test_the_same_day_twice_is_refused(admin: User) -> None:
    mourn(admin)
    with pytest.raises(ActNotAllowed, match="já está no calendário"):
        mourn(admin)


def test_a_day_in_a_year_not_loaded_is_refused(admin: User) -> None:
    with pytest.raises(ContentRefused, match="Os feriados de 2028"):
        add_day(data=date(2028, 3, 9), nome="X", ambito="municipal", facultativo=False, fonte="D", by=admin, at=NOW)


def test_a_day_of_the_law_is_not_taken_back(admin: User) -> None:
    with pytest.raises(ActNotAllowed, match="vem da lei carregada"):
        remove_day(feriado=Feriado.objects.get(data=date(2026, 9, 7)), motivo="Engano.", by=admin, at=NOW)


def test_what_was_taken_back_already_is_refused(admin: User) -> None:
    mourn(admin)
    add_window(**RECESS, fonte="Decreto 3", by=admin, at=NOW)
    day, window = Feriado.objects.get(nome="Luto oficial"), Suspensao.objects.get()
    stale_day, stale_window = Feriado.objects.get(pk=day.pk), Suspensao.objects.get(pk=window.pk)
    remove_day(feriado=day, motivo="Engano.", by=admin, at=NOW)
    remove_window(suspensao=window, motivo="Engano.", by=admin, at=NOW)
    with pytest.raises(ActNotAllowed, match="já foi retirado"):
        remove_day(feriado=stale_day, motivo="Engano.", by=admin, at=NOW)
    with pytest.raises(ActNotAllowed, match="já foi retirada"):
        remove_window(suspensao=stale_window, motivo="Engano.", by=admin, at=NOW)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ate": date(2026, 12, 1)}, "antes de começar"),
        ({"ate": date(2030, 1, 20)}, "mais de 366 dias"),
        ({"poupa": ["nenhuma"]}, "regras poupadas"),
    ],
)
def test_a_window_without_sense_is_refused(admin: User, changed: dict, words: str) -> None:
    with pytest.raises(ContentRefused, match=words):
        add_window(**{**RECESS, **changed}, fonte="Decreto 3", by=admin, at=NOW)


def new_version(admin: User, **changed: object) -> RegraDePrazo:
    asked = {"dias": 15, "contagem": "uteis", "prorroga": True, "fonte": "Portaria 4", "vigente_de": date(2026, 4, 1)}
    return add_rule_version(nome="cip_resposta", by=admin, at=NOW, **{**asked, **changed})


def test_a_new_version_leaves_the_used_one_as_it_was(admin: User) -> None:
    prazo = term()

    fresh = new_version(admin)

    old = RegraDePrazo.objects.get(nome="cip_resposta", versao=1)
    assert (old.dias, old.vigente_ate, fresh.versao, fresh.vigente_de) == (10, date(2026, 3, 31), 2, date(2026, 4, 1))
    assert [current_rule("cip_resposta", on=day).versao for day in (date(2026, 3, 31), date(2026, 4, 1))] == [1, 2]
    prazo.refresh_from_db()
    assert (prazo.vence_em, prazo.regra) == (date(2026, 3, 12), old)
    made = MudancaDeCalendario.objects.get()
    assert (made.acao, made.descricao) == ("nova_regra", "cip_resposta v2: 15 dias úteis, de 01/04/2026")


@pytest.mark.parametrize("since", [date(2026, 3, 3), date(2014, 1, 1)])
def test_a_new_version_does_not_reach_back(admin: User, since: date) -> None:
    with pytest.raises(ContentRefused, match="de hoje em diante"):
        new_version(admin, vigente_de=since)


def test_a_version_follows_the_one_before(admin: User) -> None:
    new_version(admin)
    with pytest.raises(ContentRefused, match="depois do começo da anterior"):
        new_version(admin)
    with pytest.raises(ContentRefused, match="Não há regra de prazo «nenhuma»"):
        add_rule_version(
            nome="nenhuma", dias=1, contagem="uteis", prorroga=True, fonte="P", vigente_de=TODAY, by=admin, at=NOW
        )
