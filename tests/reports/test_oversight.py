"""The manager's page: each number leads to a list, and the list shows exactly what was counted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Unidade
from cases.models import CIP, Acordo, Atendimento, Defesa, Parecer, Reclamacao, Reclamado
from deadlines.models import Feriado, Prazo, RegraDePrazo
from notifications.models import Mensagem
from reports.oversight import OPEN, Carga, Gestao, oversee
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from tests.reports.conftest import at, case, hearing, letter

TODAY = NOW.date()
_numbers = count(1)
Against = Callable[..., Reclamado]


def party(cast: Cast, when: datetime = NOW, **fields: Any) -> Reclamado:
    """A supplier in a case of its own."""
    return Reclamado.objects.create(atendimento=case(cast, when, **fields), fornecedor=cast.loja)


def term(reclamado: Reclamado, ends: date) -> Prazo:
    return Prazo.objects.create(
        historico=reclamado.atendimento.historico, regra=RegraDePrazo.objects.filter(nome="cip_resposta")[0],
        inicio=ends - timedelta(days=10), vence_em=ends, explicacao="10 dias",
    )  # fmt: skip


def received(cip: CIP, ends: date) -> CIP:
    """Received, with a term that ends on this day."""
    limit = term(cip.reclamado, ends)
    CIP.objects.filter(pk=cip.pk).update(status="cientificada", cientificada_em=limit.inicio, prazo=limit)
    return cip


def posted(cip: CIP) -> None:
    CIP.objects.filter(pk=cip.pk).update(status="enviada", meio="ar", enviada_em=cip.emitida_em)


def complaint(cast: Cast, status: str = "notificada") -> tuple[Reclamacao, Reclamado]:
    made = party(cast)
    Atendimento.objects.filter(pk=made.atendimento_id).update(status="em_reclamacao")
    return Reclamacao.objects.create(atendimento=made.atendimento, status=status, instaurada_em=NOW), made


def silent(cast: Cast, ends: date) -> None:
    """A reclamado with a term of defence."""
    opened, made = complaint(cast)
    Defesa.objects.create(
        reclamacao=opened, reclamado=made, notificada_em=NOW, recebida_em=ends - timedelta(days=10),
        prazo=term(made, ends),
    )  # fmt: skip


def agreed(cast: Cast, ask_on: date) -> None:
    Acordo.objects.create(
        reclamado=party(cast), origem="cip", texto="Paga.", firmado_em=date(2026, 1, 5), conferir_em=ask_on,
        registrado_por=cast.bruno,
    )  # fmt: skip


def told(unidade: Unidade, situacao: str) -> None:
    Mensagem.objects.create(
        chave=f"m{next(_numbers)}", tipo="aviso", unidade=unidade, destinatario="Ana", endereco="ana@example.org",
        assunto="Aviso", corpo="…", devida_em=NOW, proxima_tentativa_em=NOW, situacao=situacao,
    )  # fmt: skip


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """Something of everything that is counted, something near it that is not, and the same elsewhere."""
    yesterday = TODAY - timedelta(days=1)
    received(letter(party(cast), at(2026, 2, 1)), yesterday)
    received(letter(party(cast), at(2026, 2, 2)), TODAY)
    received(letter(party(cast, unidade=cast.outra), at(2026, 2, 1)), yesterday)
    for day in (1, 2, 3):  # 2 February is thirty days ago
        posted(letter(party(cast), at(2026, 2, day)))
    letter(party(cast), NOW)
    silent(cast, yesterday)
    silent(cast, TODAY)
    waits, _ = complaint(cast, "em_analise")
    Parecer.objects.create(reclamacao=waits, autor=cast.bruno, analise="A", base_legal="CDC", emitido_em=NOW)
    complaint(cast, "defesa_recebida")
    for days in (31, 61, 91, 29):
        case(cast, NOW - timedelta(days=days))
    for offset in (0, 1, -1):
        agreed(cast, TODAY + timedelta(days=offset))
    for situacao in ("falhou", "devolvida", "devolvida", "enviada"):
        told(cast.unidade, situacao)
    told(cast.outra, "falhou")
    Feriado.objects.create(data=date(2026, 3, 11), nome="Dia da cidade", ambito="municipal", fonte="Decreto 1")
    for day, status in ((4, "agendada"), (5, "redesignada"), (11, "agendada"), (17, "agendada")):
        hearing(cast, party(cast).atendimento, at(2026, 3, day), status)
    return cast


def seen(cast: Cast) -> Gestao:
    return oversee(cast.dora, [cast.unidade.pk], at=NOW, today=TODAY)


def numbers(found: Gestao) -> dict[str, str]:
    return {number.nome: number.total for _, _, group in found.grupos for number in group}


def test_what_is_late_stands_still_waits_or_failed(busy: Cast) -> None:
    assert numbers(seen(busy)) == {
        "CIPs com prazo de resposta vencido": "1",
        "ARs sem retorno, de CIPs emitidas há 30 dias ou mais": "2",
        "reclamações com defesa vencida": "1",
        "prazos vencidos, de qualquer espécie": "2",
        "casos com prazo vencido": "2",
        "casos em andamento e parados há mais de 30 dias": "3",
        "casos em andamento e parados há mais de 60 dias": "2",
        "casos em andamento e parados há mais de 90 dias": "1",
        "casos abertos, sem CIP nem reclamação": "17",
        "casos que aguardam o fornecedor": "0",
        "casos que aguardam o consumidor": "0",
        "casos em reclamação": "4",
        "CIPs emitidas e não enviadas": "1",
        "reclamações à espera de parecer": "1",
        "reclamações à espera de decisão": "1",
        "acordos a conferir até hoje": "2",
        "acordos cuja conferência passou": "1",
        "mensagens que falharam": "1",
        "mensagens que voltaram": "2",
        "audiências em dia sem expediente": "1",
    }


def test_each_number_leads_to_exactly_its_rows(busy: Cast) -> None:
    client = logged_in(busy.dora)
    with time_machine.travel(NOW, tick=False):
        for number in [number for _, _, group in seen(busy).grupos for number in group]:
            response = client.get(number.endereco)
            assert (number.nome, str(len(response.context["pagina"].rows))) == (number.nome, number.total)


def test_each_load_leads_to_exactly_its_rows(busy: Cast) -> None:
    Atendimento.objects.filter(pk=case(busy, NOW).pk).update(atendente=busy.dora)
    client, found = logged_in(busy.dora), seen(busy)

    assert [(load.nome, [n for n, _ in load.numeros]) for load in found.atendentes] == [
        ("Bruno Atendente", [21, 17, 0, 0, 4]), ("Dora Coordenadora", [1, 1, 0, 0, 0]),
    ]  # fmt: skip
    for load in found.atendentes:
        for total, address in load.numeros:
            assert bool(address) == bool(total)
            assert not address or len(client.get(address).context["pagina"].rows) == total
    assert [(load.nome, [n for n, _ in load.numeros]) for load in found.conciliadores] == [
        ("Carla Conciliadora", [1, 1]),
    ]  # fmt: skip
    for total, address in found.conciliadores[0].numeros:
        assert _in_week(client, address) == total


def _in_week(client: Client, address: str) -> int:
    lines = client.get(address).context["linhas"]
    return sum(len(hearings) for _, days in lines for _, hearings, _ in days)


def test_who_has_left_is_named_without_a_list(cast: Cast) -> None:
    case(cast, NOW)
    cast.bruno.atribuicoes.all().delete()

    assert seen(cast).atendentes == [
        Carga("Bruno Atendente", "Procon Centro", [(1, ""), (1, ""), *[(0, "")] * (len(OPEN) - 1)])
    ]


def test_the_page_and_its_files(busy: Cast) -> None:
    client = logged_in(busy.dora)
    with time_machine.travel(NOW, tick=False):
        html = client.get("/relatorios/gestao/").content.decode()
        lines = b"".join(client.get("/relatorios/gestao/?formato=csv").streaming_content).decode().splitlines()
        refused = client.get("/relatorios/gestao/?formato=doc")

    assert re.search(r'href="/atendimentos/cips/\?vencida=on"><span>CIPs com prazo .*?numero--alerta">1<', html)
    assert 'href="/audiencias/gestao/"' in html
    assert "Vencidos;CIPs com prazo de resposta vencido;1" in lines
    assert "Carga por atendente;Bruno Atendente, Procon Centro: Em andamento;21" in lines
    assert "Audiências por conciliador;Carla Conciliadora: Esta semana;1" in lines
    assert refused.status_code == 422


def test_an_office_with_nothing_to_do_says_so(cast: Cast) -> None:
    html = logged_in(cast.dora).get("/relatorios/gestao/").content.decode()

    assert "Nenhum caso em andamento." in html
    assert "Nenhuma audiência nesta semana nem na próxima." in html
    assert "numero--alerta" not in html


def test_only_who_manages_opens_it(cast: Cast) -> None:
    assert [logged_in(user).get("/relatorios/gestao/").status_code for user in (cast.bruno, cast.carla, cast.edu)] == [
        404, 404, 200,
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_a_fixed_number_of_times(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        received(letter(party(cast), at(2026, 2, 1)), date(2026, 2, 20))
    client = logged_in(cast.dora)

    with django_assert_num_queries(24), time_machine.travel(NOW, tick=False):
        found = client.get("/relatorios/gestao/").context["gestao"]
    assert numbers(found)["CIPs com prazo de resposta vencido"] == str(rows)
