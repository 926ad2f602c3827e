"""Which of the consumer's terms run: CDC arts. 18 §1, 26 and 49, as tables with the source beside the number."""

from __future__ import annotations

from datetime import date

import pytest

from cases.models import Compra
from cases.rules.clocks import AWAY, DECAY, Clock, Facts, clocks, moved_end
from deadlines.lawdata import rules

BOUGHT, DELIVERED, FOUND = date(2026, 1, 5), date(2026, 1, 12), date(2026, 2, 2)  # three Mondays
ASKED, REFUSED = date(2026, 2, 4), date(2026, 2, 14)  # a Wednesday, a Saturday

#: what was told → (rule, start, stopped from, stopped until) of each clock
TABLE = {
    "art. 49: internet, product delivered": (
        {"forma_compra": "internet", "natureza": "produto_duravel", "compra": BOUGHT, "entrega": DELIVERED},
        [("cdc_arrependimento", DELIVERED, None, None)],
    ),
    "art. 49: product not delivered yet": (
        {"forma_compra": "telefone", "natureza": "produto_duravel", "compra": BOUGHT},
        [("cdc_arrependimento", None, None, None)],
    ),
    "art. 49: service counts from the signing": (
        {"forma_compra": "domicilio", "natureza": "servico_duravel", "compra": BOUGHT},
        [("cdc_arrependimento", BOUGHT, None, None)],
    ),
    "art. 49: not in the shop": ({"forma_compra": "loja", "compra": BOUGHT, "entrega": DELIVERED}, []),
    "art. 18: from the complaint to the supplier; art. 26: from the delivery": (
        {"natureza": "produto_duravel", "entrega": DELIVERED, "defeito": FOUND, "contato": ASKED},
        [("cdc_conserto", ASKED, None, None), ("cdc_reclamar_duravel", DELIVERED, None, None)],
    ),
    "art. 18: nobody has complained to the supplier yet": (
        {"natureza": "produto_nao_duravel", "compra": BOUGHT, "defeito": FOUND},
        [("cdc_conserto", None, None, None), ("cdc_reclamar_nao_duravel", BOUGHT, None, None)],
    ),
    "art. 26 §3: a hidden defect counts from its discovery": (
        {"natureza": "servico_duravel", "entrega": DELIVERED, "defeito": FOUND, "oculto": True},
        [("cdc_reclamar_duravel", FOUND, None, None)],
    ),
    "art. 26 §2 I: a proven complaint stops it until the refusal": (
        {
            "natureza": "servico_nao_duravel",
            "compra": BOUGHT,
            "defeito": FOUND,
            "contato": ASKED,
            "proven": True,
            "negado": REFUSED,
        },
        [("cdc_reclamar_nao_duravel", BOUGHT, ASKED, REFUSED)],
    ),
    "art. 26 §2 I: an unproven one does not": (
        {"natureza": "servico_nao_duravel", "compra": BOUGHT, "defeito": FOUND, "contato": ASKED},
        [("cdc_reclamar_nao_duravel", BOUGHT, None, None)],
    ),
    "no defect, no clock": ({"natureza": "produto_duravel", "compra": BOUGHT, "contato": ASKED}, []),
    "nothing told": ({}, []),
}


@pytest.mark.parametrize("name", TABLE)
def test_the_clocks_that_these_facts_start(name: str) -> None:
    told, expected = TABLE[name]
    assert [(c.rule, c.start, c.stopped_from, c.stopped_until) for c in clocks(Facts(**told))] == expected


#: ends of the plain term, stopped from, until → ends
STOPS = [
    (date(2026, 2, 20), None, None, date(2026, 2, 20)),
    (date(2026, 2, 20), date(2026, 2, 4), None, None),  # stands still
    (date(2026, 2, 20), date(2026, 2, 4), date(2026, 2, 14), date(2026, 3, 2)),  # ten days later
    (date(2026, 2, 20), date(2026, 2, 21), None, date(2026, 2, 20)),  # complained when it was over
    (date(2026, 2, 20), date(2026, 2, 4), date(9999, 12, 31), date(9999, 12, 31)),  # a year mistyped
]


@pytest.mark.parametrize(("ends", "since", "until", "expected"), STOPS)
def test_a_stop_moves_the_end_by_its_own_days(
    ends: date, since: date | None, until: date | None, expected: date | None
) -> None:
    assert moved_end(Clock("cdc_reclamar_duravel", BOUGHT, since, until), ends) == expected


def test_the_days_of_the_law_and_its_source_stand_in_the_data_file() -> None:
    law = {rule.name: (rule.days, rule.source) for rule in rules() if rule.name.startswith("cdc_")}
    assert law == {
        "cdc_conserto": (30, "CDC, art. 18, § 1º"),
        "cdc_reclamar_nao_duravel": (30, "CDC, art. 26, I"),
        "cdc_reclamar_duravel": (90, "CDC, art. 26, II"),
        "cdc_arrependimento": (7, "CDC, art. 49"),
    }


def test_the_rules_know_every_choice_that_is_stored() -> None:
    assert set(DECAY) == set(Compra.Natureza.values)
    assert set(Compra.Forma.values) - AWAY == {"loja", "outra"}
