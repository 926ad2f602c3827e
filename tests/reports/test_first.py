"""The first of a ranking, read from its top: exactly those that a sum over everything finds."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest
from django.db import connection

from cases.models import Reclamado
from parties.models import Fornecedor, GrupoEconomico
from reports.measures import Grao, Medida, number
from reports.models import Casa, Lancamento, Soma
from reports.queries import first
from reports.selfcheck import wrong_totals
from reports.totals import fold
from tests.conftest import Cast
from tests.reports.conftest import at, case, record

YEAR, START = 2020, date(2020, 1, 1)
LEVEL = number(["empresa"])


def kept(unidade: int, medida: Medida, totals: dict[str, int]) -> None:
    """Totals as a fold would have left them."""
    told = {"medida": medida, "grao": Grao.ANO, "inicio": START, "unidade": unidade, "b": ""}
    rows = [Soma(conjunto=LEVEL, a=key, n=n, **told) for key, n in totals.items()]
    Soma.objects.bulk_create([*rows, Soma(conjunto=0, a="", n=sum(totals.values()), **told)])


def written(unidade: int, key: int, n: int) -> None:
    """What the journal holds of one supplier, who is of company `key`."""
    told = {"fornecedor": f"f{key}", "medida": Medida.RECLAMADOS, "ano": YEAR, "dia": START, "unidade": unidade}
    Casa.objects.get_or_create(
        fornecedor=f"f{key}", defaults=dict.fromkeys(("titular", "empresa", "conglomerado"), str(key))
    )
    Lancamento.objects.create(n=n, **told)


@pytest.mark.parametrize("most", [1, 7, 900])
@pytest.mark.parametrize("shape", ["steep", "flat", "alike"])
def test_the_first_of_several_lists_are_those_of_their_sum(cast: Cast, shape: str, most: int) -> None:
    """Steep lists are told by their tops; flat ones, and those where all are equal, only by reading on."""
    random = Random(shape)
    drawn = {
        "steep": lambda: int(5000 / random.randint(1, 800)),
        "flat": lambda: random.randint(1, 40),
        "alike": lambda: 1,
    }
    sums: Counter[str] = Counter()
    for unidade in (cast.unidade.pk, cast.outra.pk):
        totals = {str(key): drawn[shape]() for key in range(100, 900) if key % 7 or unidade == cast.outra.pk}
        kept(unidade, Medida.RECLAMADOS, totals)
        sums.update(totals)
    best = sums.most_common(1)[0][0]
    for key, n in ((int(best), -sums[best] + 1), (999, 3), (100, 1), (899, -1)):
        written(cast.unidade.pk, key, n)
        sums[str(key)] += n
    expected = sorted(((n, key) for key, n in sums.items() if n > 0), key=lambda pair: (-pair[0], pair[1]))[:most]

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT total, posto FROM reports_maiores(%s, '{2,7}', '{3}', ARRAY[%s::date], NULL, %s)",
            [LEVEL, START, most],
        )
        found = cursor.fetchall()

    assert found == expected


def counted(level: str) -> dict[str, int]:
    """Key → total of a level, in 2023."""
    medidas = [Medida.RECLAMADOS, Medida.REGISTROS]
    return {key: total for _, key, _, _, total in first([level], medidas, [(Grao.ANO, date(2023, 1, 1))], None, top=9)}


def test_totals_move_with_the_supplier_folded_or_not(cast: Cast) -> None:
    bare = Fornecedor.objects.create(razao_social="Loja")
    for _ in range(2):
        Reclamado.objects.create(atendimento=case(cast, at(2023, 5, 4)), fornecedor=bare)
        fold()
    record(cast.loja, "LOJA", 2023, atendida=True)
    own = f"#{bare.pk:012d}"
    seen = [counted("empresa")]
    for change in ({"cnpj": "12ABC34500ZZ99"}, {"fundido_em": cast.banco}, {"fundido_em": None}, {"cnpj": None}):
        Fornecedor.objects.filter(pk=bare.pk).update(**change)
        seen.append(counted("empresa"))

    apart = {own: 2, "12ABC345": 1}
    assert seen == [apart, {"12ABC345": 3}, {"00000000": 2, "12ABC345": 1}, {"12ABC345": 3}, apart]
    assert list(wrong_totals()) == []


def test_a_group_that_is_named_and_dissolved(cast: Cast) -> None:
    branch = Fornecedor.objects.create(razao_social="Filial", cnpj="12ABC34500ZZ99")
    for supplier in (branch, cast.loja, cast.banco):
        Reclamado.objects.create(atendimento=case(cast, at(2023, 5, 4)), fornecedor=supplier)
    fold()
    group = GrupoEconomico.objects.create(nome="Grupo Modelo")
    named, seen = f"grupo {group.pk}", []
    for members in ([cast.loja.pk], [cast.loja.pk, cast.banco.pk], []):
        Fornecedor.objects.update(grupo=None)
        Fornecedor.objects.filter(pk__in=members).update(grupo=group)
        seen.append(counted("conglomerado"))
    group.delete()

    assert seen == [{named: 2, "00000000": 1}, {named: 3}, {"12ABC345": 2, "00000000": 1}]
    assert list(wrong_totals()) == []


def test_a_supplier_that_counts_for_the_wrong_company_is_told(cast: Cast) -> None:
    Casa.objects.filter(fornecedor=str(cast.loja.pk)).update(empresa="00000000")

    assert list(wrong_totals()) == [
        f"Fornecedor {cast.loja.pk}: seus totais não contam para a empresa e o grupo que o cadastro diz."
    ]
