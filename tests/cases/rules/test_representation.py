"""Who may act for a consumer, with the norm beside the paper."""

from __future__ import annotations

import pytest

from cases.models import Representante
from cases.rules.representation import POWERS, missing

LABELS = dict(Representante.Papeis.choices)

#: as what, papers seen, OAB, the consumer's age → fields still missing
TABLE = [
    ("procurador", {"identidade", "procuracao"}, "", 40, set()),  # CC arts. 653 and 654
    ("procurador", {"identidade"}, "", 40, {"documentos"}),
    ("procurador", {"procuracao"}, "", 40, {"documentos"}),
    ("advogado", {"identidade", "procuracao"}, "SP 123", None, set()),  # Lei 8.906 art. 5
    ("advogado", {"identidade", "procuracao"}, "", None, {"oab"}),
    ("pai_mae", {"identidade", "certidao_nascimento"}, "", 12, set()),  # CC art. 1.634 VII
    ("pai_mae", {"identidade", "documento_do_filho"}, "", None, set()),
    ("pai_mae", {"identidade", "certidao_nascimento"}, "", 18, {"qualidade"}),
    ("tutor", {"identidade", "termo_tutela"}, "", 17, set()),  # CC arts. 1.728 and 1.747 I
    ("tutor", {"identidade", "termo_curatela"}, "", 17, {"documentos"}),
    ("curador", {"identidade", "termo_curatela"}, "", 70, set()),  # CC arts. 1.767 and 1.774
    ("vizinho", {"identidade"}, "", 40, {"qualidade"}),
]


@pytest.mark.parametrize(("as_what", "papers", "oab", "age", "fields"), TABLE)
def test_each_power_needs_its_paper(as_what: str, papers: set[str], oab: str, age: int | None, fields: set) -> None:
    assert set(missing(as_what, papers, oab=oab, age=age, labels=LABELS)) == fields


def test_the_refusal_names_the_paper_its_norm_and_the_way_out() -> None:
    assert missing("curador", ["identidade"], labels=LABELS) == {
        "documentos": "Falta ver: termo de curatela (Código Civil, arts. 1.767 e 1.774). "
        "Sem isso, oriente a pessoa em uma «Simples consulta»."
    }


def test_the_rules_know_every_choice_that_is_stored() -> None:
    assert set(POWERS) == set(Representante.Qualidade.values)
    assert {paper for power in POWERS.values() for paper in power.papers} | {"identidade"} == set(
        Representante.Papeis.values
    )
