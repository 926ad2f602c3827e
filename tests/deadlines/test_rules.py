"""Dates as a table, weekday in the comment; then properties against a day-by-day simulation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadlines import lawdata
from deadlines.calendar import Calendar, OutsideCalendarError
from deadlines.rules import Extension, Rule, Suspension, compute, minimum_start

OFFICE = lawdata.calendar()
RULES = {(rule.name, rule.version): rule for rule in lawdata.rules()}
CIP = RULES["cip_resposta", 1]
RETORNO = RULES["retorno_consumidor", 1]
DEFESA = RULES["defesa", 2]
RECURSO = RULES["recurso", 1]
JUSTIFICATIVA = RULES["justificativa_ausencia", 1]
PEDIDO = RULES["cadastro_correcao_pedido", 1]
RESPOSTA = RULES["cadastro_correcao_resposta", 1]
LEAD = RULES["antecedencia_audiencia", 1]
CINCO_ANOS = RULES["cadastro_permanencia", 1]
ARREPENDIMENTO = RULES["cdc_arrependimento", 1]
CONSERTO = RULES["cdc_conserto", 1]
NAO_DURAVEL = RULES["cdc_reclamar_nao_duravel", 1]
DURAVEL = RULES["cdc_reclamar_duravel", 1]

TABLE = [
    (CIP, date(2026, 3, 2), date(2026, 3, 12)),  # Mon → Thu
    (CIP, date(2026, 3, 4), date(2026, 3, 16)),  # Wed → Sat 14 → Mon
    (CIP, date(2026, 3, 5), date(2026, 3, 16)),  # Thu → Sun 15 → Mon
    (CIP, date(2026, 3, 6), date(2026, 3, 16)),  # Friday start → Mon
    (CIP, date(2026, 3, 7), date(2026, 3, 17)),  # Saturday start → Tue
    (CIP, date(2026, 3, 8), date(2026, 3, 18)),  # Sunday start → Wed
    (CIP, date(2026, 2, 4), date(2026, 2, 18)),  # Wed → Sat 14 → Carnaval → Ash Wed
    (CIP, date(2026, 2, 6), date(2026, 2, 18)),  # Fri → Carnaval Mon 16 → Ash Wed
    (CIP, date(2026, 2, 7), date(2026, 2, 18)),  # Sat → Carnaval Tue 17 → Ash Wed
    (CIP, date(2026, 2, 8), date(2026, 2, 18)),  # Sun → Ash Wed itself
    (CIP, date(2026, 2, 17), date(2026, 2, 27)),  # start on Carnaval Tue → Fri
    (CIP, date(2026, 3, 24), date(2026, 4, 6)),  # Tue → Good Friday 3 → Mon after Easter
    (CIP, date(2026, 4, 11), date(2026, 4, 22)),  # Sat → Tiradentes Tue 21 → Wed
    (CIP, date(2026, 4, 21), date(2026, 5, 4)),  # start on Tiradentes → Fri 1 May → Mon
    (CIP, date(2026, 5, 25), date(2026, 6, 5)),  # Mon → Corpus Christi Thu 4 → Fri
    (CIP, date(2026, 6, 29), date(2026, 7, 10)),  # Mon → 9 July Thu → Fri
    (CIP, date(2026, 8, 27), date(2026, 9, 9)),  # Thu → Sun 6 → 7 and 8 Sept → Wed
    (CIP, date(2026, 8, 28), date(2026, 9, 9)),  # Fri → Mon 7 Sept → Wed
    (CIP, date(2026, 8, 29), date(2026, 9, 9)),  # Sat → Tue 8 Sept, the city's day → Wed
    (CIP, date(2026, 9, 8), date(2026, 9, 18)),  # start on the city's day → Fri
    (CIP, date(2026, 10, 2), date(2026, 10, 13)),  # Fri → Mon 12 Oct → Tue
    (CIP, date(2026, 10, 18), date(2026, 10, 29)),  # Sun → Wed 28 Oct → Thu
    (CIP, date(2026, 10, 23), date(2026, 11, 3)),  # Fri → Finados Mon 2 → Tue
    (CIP, date(2026, 11, 5), date(2026, 11, 16)),  # Thu → Sun 15, República → Mon
    (CIP, date(2026, 11, 10), date(2026, 11, 23)),  # Tue → Fri 20, Consciência Negra → Mon
    (CIP, date(2022, 11, 10), date(2022, 11, 21)),  # Thu → Sun 20 → Mon
    (CIP, date(2020, 11, 10), date(2020, 11, 20)),  # Tue → Fri 20, no holiday then
    (CIP, date(2026, 12, 15), date(2026, 12, 28)),  # Tue → Fri 25, Natal → Mon
    (CIP, date(2026, 12, 22), date(2027, 1, 4)),  # Tue → Fri 1 Jan → Mon 4 Jan
    (CIP, date(2026, 12, 31), date(2027, 1, 11)),  # Thu → Sun 10 Jan → Mon
    (CIP, date(2024, 2, 19), date(2024, 2, 29)),  # Mon → leap Thu
    (CIP, date(2024, 2, 29), date(2024, 3, 11)),  # leap Thu → Sun 10 → Mon
    (CIP, date(2023, 2, 19), date(2023, 3, 1)),  # Sun → Wed, no leap day
    (RETORNO, date(2026, 3, 4), date(2026, 4, 6)),  # Wed → Good Friday 3 Apr → Mon 6
    (RETORNO, date(2026, 1, 30), date(2026, 3, 2)),  # Fri → Sun 1 Mar → Mon
    (DEFESA, date(2026, 3, 4), date(2026, 3, 24)),  # Wed → Tue
    (DEFESA, date(2026, 2, 25), date(2026, 3, 17)),  # Wed → Tue
    (DEFESA, date(2026, 12, 5), date(2026, 12, 28)),  # Sat → Fri 25, Natal → Mon
    (RECURSO, date(2026, 6, 10), date(2026, 6, 22)),  # Wed → Sat 20 → Mon
    (JUSTIFICATIVA, date(2026, 3, 4), date(2026, 3, 9)),  # Wed → Mon
    (JUSTIFICATIVA, date(2026, 3, 2), date(2026, 3, 9)),  # Mon → Sat 7 → Mon
    (PEDIDO, date(2026, 3, 13), date(2026, 3, 18)),  # Fri → Wed
    (RESPOSTA, date(2026, 3, 2), date(2026, 3, 16)),  # Mon → two weeks → Mon
    (RESPOSTA, date(2026, 3, 6), date(2026, 3, 20)),  # Friday start → Fri
    (RESPOSTA, date(2026, 3, 7), date(2026, 3, 20)),  # Saturday start → Fri
    (RESPOSTA, date(2026, 2, 6), date(2026, 2, 24)),  # Fri, over Carnaval's two days → Tue
    (RESPOSTA, date(2026, 3, 27), date(2026, 4, 13)),  # Fri, over Good Friday → Mon
    (RESPOSTA, date(2026, 5, 29), date(2026, 6, 15)),  # Fri, over Corpus Christi → Mon
    (RESPOSTA, date(2026, 9, 4), date(2026, 9, 22)),  # Fri, over 7 and 8 Sept → Tue
    (RESPOSTA, date(2026, 12, 21), date(2027, 1, 6)),  # Mon, over Natal and 1 Jan → Wed
    (RESPOSTA, date(2024, 2, 16), date(2024, 3, 1)),  # Fri, through leap Thu 29 → Fri
    (LEAD, date(2026, 3, 4), date(2026, 3, 14)),  # Wed → Sat, a lead does not roll
    (CINCO_ANOS, date(2026, 3, 4), date(2031, 3, 4)),  # Wed → Tue
    (CINCO_ANOS, date(2024, 2, 29), date(2029, 2, 28)),  # leap Thu → Wed, the month's last day
    (ARREPENDIMENTO, date(2026, 3, 7), date(2026, 3, 14)),  # Sat → Sat
    (CONSERTO, date(2026, 1, 31), date(2026, 3, 2)),  # Sat → Mon
    (NAO_DURAVEL, date(2024, 1, 31), date(2024, 3, 1)),  # Wed → Fri, leap year
    (DURAVEL, date(2026, 1, 10), date(2026, 4, 10)),  # Sat → Fri
]


@pytest.mark.parametrize(("rule", "start", "ends"), TABLE)
def test_terms(rule: Rule, start: date, ends: date) -> None:
    assert compute(rule, start, OFFICE).ends == ends


RECESS = Suspension(date(2026, 12, 20), date(2027, 1, 20), "recesso", frozenset({"cip_resposta"}))


@pytest.mark.parametrize(
    ("rule", "start", "ends"),
    [
        (CIP, date(2026, 12, 14), date(2026, 12, 24)),  # spared: Mon → Thu, inside the window
        (DEFESA, date(2026, 12, 9), date(2027, 2, 1)),  # Wed: 10 days to the 19th, then 10 → Sat 30 → Mon
        (RECURSO, date(2026, 12, 9), date(2027, 1, 21)),  # Wed → Sat 19, rolls into the window → Thu 21 Jan
        (JUSTIFICATIVA, date(2026, 12, 28), date(2027, 1, 25)),  # starts inside: five days from Thu 21 Jan → Mon 25
        (RESPOSTA, date(2026, 12, 14), date(2027, 1, 28)),  # Mon: 15–18 count, then six more from Thu 21 → Thu 28
        (RECURSO, date(2027, 1, 20), date(2027, 2, 1)),  # on its last day: Wed → Sat 30 → Mon
        (RECURSO, date(2026, 12, 8), date(2026, 12, 18)),  # ends before: Tue → Fri
    ],
)
def test_recess_suspends_one_kind_of_term_and_spares_another(rule: Rule, start: date, ends: date) -> None:
    assert compute(rule, start, OFFICE, [RECESS]).ends == ends


@pytest.mark.parametrize(
    ("rule", "start", "windows", "words"),
    [
        (
            CIP,
            date(2026, 3, 4),
            [],
            "10 dias corridos da ciência em 04/03; venceria sábado 14/03, prorrogado para segunda 16/03",
        ),
        (CIP, date(2026, 3, 2), [], "10 dias corridos da ciência em 02/03; vence quinta 12/03"),
        (
            CIP,
            date(2026, 8, 29),
            [],
            "10 dias corridos da ciência em 29/08; venceria terça 08/09 (Nossa Senhora d'Ajuda, aniversário de "
            "Itaquaquecetuba), prorrogado para quarta 09/09",
        ),
        (
            CIP,
            date(2026, 12, 22),
            [],
            "10 dias corridos da ciência em 22/12/2026; venceria sexta 01/01/2027 (Confraternização Universal), "
            "prorrogado para segunda 04/01/2027",
        ),
        (RESPOSTA, date(2026, 3, 2), [], "10 dias úteis do pedido de correção em 02/03; vence segunda 16/03"),
        (
            DEFESA,
            date(2026, 12, 9),
            [RECESS],
            "20 dias corridos do recebimento da notificação em 09/12/2026, suspensos de 20/12/2026 a 20/01/2027 "
            "(recesso); venceria sábado 30/01/2027, prorrogado para segunda 01/02/2027",
        ),
        (
            CINCO_ANOS,
            date(2026, 3, 4),
            [],
            "5 anos da intimação da decisão definitiva em 04/03/2026; vence terça 04/03/2031",
        ),
        (LEAD, date(2026, 3, 4), [], "10 dias corridos da notificação em 04/03; vence sábado 14/03"),
    ],
)
def test_a_term_is_explained_in_words(rule: Rule, start: date, windows: list[Suspension], words: str) -> None:
    assert compute(rule, start, OFFICE, windows).explanation == words


def test_one_day_is_singular() -> None:
    rule = Rule("x", 1, 1, "uteis", "do aviso", True, "teste", date(2026, 1, 1))
    assert compute(rule, date(2026, 3, 6), OFFICE).explanation == "1 dia útil do aviso em 06/03; vence segunda 09/03"


def test_the_calendar_must_reach_the_end() -> None:
    with pytest.raises(OutsideCalendarError):
        compute(CIP, date(2026, 12, 28), lawdata.calendar([2026]))


def test_a_minimum_lead_is_counted_backwards() -> None:
    assert minimum_start(LEAD, date(2026, 3, 16)) == date(2026, 3, 6)
    with pytest.raises(ValueError, match="does not roll"):
        minimum_start(CIP, date(2026, 3, 16))


@pytest.mark.parametrize(
    ("days", "counting", "words"), [(0, "corridos", "at least one day"), (5, "semanas", "unknown counting")]
)
def test_a_rule_without_sense_is_refused(days: int, counting: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Rule("x", 1, days, counting, "do aviso", True, "teste", date(2026, 1, 1))


def test_a_suspension_without_order_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        Suspension(date(2026, 2, 2), date(2026, 2, 1), "recesso")


# Properties ----------------------------------------------------------------------------------------------------------

starts = st.dates(date(2016, 1, 1), date(2032, 12, 31))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    counting = draw(st.sampled_from(["corridos", "uteis"]))
    return Rule("regra", 1, draw(st.integers(1, 120)), counting, "do aviso", draw(st.booleans()), "t", date(2015, 1, 1))


@st.composite
def windows(draw: st.DrawFn) -> list[Suspension]:
    made = []
    for _ in range(draw(st.integers(0, 3))):
        first = draw(starts)
        spares = frozenset({"regra"}) if draw(st.booleans()) else frozenset()
        made.append(Suspension(first, first + timedelta(days=draw(st.integers(0, 45))), "recesso", spares))
    return made


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    decreed = draw(st.lists(starts, max_size=30))
    return Calendar({**OFFICE.days, **dict.fromkeys(decreed, "decretado")}, OFFICE.years)


def simulate(rule: Rule, start: date, calendar: Calendar, suspensions: list[Suspension]) -> date:
    """Tear off one calendar leaf after another, marking each in a list; no code shared with the rule."""
    leaves = [start + timedelta(days=n) for n in range(1, 900)]
    working = {d for d in leaves if d.isoweekday() <= 5 and d not in calendar.days}
    running = {d for d in leaves if not any(s.first <= d <= s.last and rule.name not in s.spares for s in suspensions)}
    counted = [d for d in leaves if d in running and (rule.counting == "corridos" or d in working)]
    last = counted[rule.days - 1]
    return min(d for d in leaves if d >= last and d in running & working) if rule.rolls else last


@settings(deadline=None)  # a busy machine is no failure
@given(rules(), starts, calendars(), windows())
def test_equal_to_a_day_by_day_simulation(
    rule: Rule, start: date, calendar: Calendar, suspensions: list[Suspension]
) -> None:
    assert compute(rule, start, calendar, suspensions).ends == simulate(rule, start, calendar, suspensions)


@settings(deadline=None)  # a busy machine is no failure
@given(rules(), starts, calendars(), windows(), st.lists(st.integers(1, 60), max_size=3))
def test_extensions_are_counted_one_after_the_other(
    rule: Rule, start: date, calendar: Calendar, suspensions: list[Suspension], granted: list[int]
) -> None:
    extensions = [Extension(days, "pedido", start) for days in granted]

    expected = simulate(rule, start, calendar, suspensions)
    for days in granted:
        expected = simulate(replace(rule, days=days), expected, calendar, suspensions)

    assert compute(rule, start, calendar, suspensions, extensions).ends == expected


def test_an_extension_has_days() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        Extension(0, "pedido", date(2026, 3, 4))


@settings(deadline=None)  # a busy machine is no failure
@given(rules(), starts, calendars(), windows())
def test_never_ends_on_a_day_without_work(
    rule: Rule, start: date, calendar: Calendar, suspensions: list[Suspension]
) -> None:
    ends = compute(rule, start, calendar, suspensions).ends
    stopped = any(window.holds(ends) and "regra" not in window.spares for window in suspensions)

    assert ends > start
    if rule.rolls or rule.counting == "uteis":
        assert (calendar.is_working_day(ends), stopped) == (True, False)


@settings(deadline=None)  # a busy machine is no failure
@given(rules(), starts, st.integers(0, 40), calendars(), windows())
def test_a_later_start_never_ends_earlier(
    rule: Rule, start: date, later: int, calendar: Calendar, suspensions: list[Suspension]
) -> None:
    first = compute(rule, start, calendar, suspensions).ends
    second = compute(rule, start + timedelta(days=later), calendar, suspensions).ends

    assert first <= second
