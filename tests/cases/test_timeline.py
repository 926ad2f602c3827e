"""What changed in a case, field by field, whatever path changed it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pghistory
import pytest
from django.apps import apps
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from cases.models import CIP, Atendimento, Reclamado
from cases.services import record_contact
from cases.services.timeline import PATHS, Change, timeline, version_of
from parties.models import Consumidor
from parties.services import correct_consumer
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.models import Evento

Make = Callable[..., Atendimento]
#: Versioned, but of no case.
OF_NO_CASE = {"accounts.Unidade", "parties.Fornecedor", "parties.GrupoEconomico"}


def changes(case: Atendimento) -> list[tuple[str, str, list[Change]]]:
    """The lines that are no events."""
    lines, _ = timeline(case, limit=50)
    return [(line.autor, line.titulo, line.mudancas) for line in lines if line.evento is None]


def test_every_versioned_model_has_its_way_to_a_case() -> None:
    versioned = {
        model.pgh_tracked_model._meta.label for model in apps.get_models() if hasattr(model, "pgh_tracked_model")
    }
    assert versioned == set(PATHS) | OF_NO_CASE


def test_registering_keeps_no_version(cast: Cast, ap: Make) -> None:
    assert changes(ap()) == []


def test_a_bulk_update_is_seen(cast: Cast, ap: Make) -> None:
    case = ap()
    Atendimento.objects.filter(pk=case.pk).update(relato="Cobraram três vezes.", canal="telefone")
    assert changes(case) == [
        (
            "sem autor identificado",
            "Alterou: atendimento",
            [
                Change("Canal", "Pessoalmente", "Telefone"),
                Change("Relato", "Cobraram duas vezes.", "Cobraram três vezes."),
            ],
        )
    ]


def test_raw_sql_is_seen(cast: Cast, ap: Make) -> None:
    case = ap()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_atendimento SET valor = 12.5, data_compra = '2026-02-01' WHERE id = %s", [case.pk])
        cursor.execute("UPDATE cases_atendimento SET valor = 12.5 WHERE id = %s", [case.pk])  # changes nothing
    assert changes(case) == [
        (
            "sem autor identificado",
            "Alterou: atendimento",
            [Change("Valor envolvido (R$)", "(vazio)", "12,50"), Change("Data da compra", "(vazio)", "01/02/2026")],
        )
    ]


def test_several_changes_follow_one_another(cast: Cast, ap: Make) -> None:
    case = ap()
    for text in ("Um.", "Dois."):
        Atendimento.objects.filter(pk=case.pk).update(pedido=text)
    assert [line[2] for line in changes(case)] == [
        [Change("Pedido", "Um.", "Dois.")],
        [Change("Pedido", "Devolução em dobro.", "Um.")],
    ]


def test_rows_are_named_and_the_cpf_is_masked(cast: Cast, ap: Make) -> None:
    case = ap()
    Reclamado.objects.filter(atendimento=case).update(fornecedor=cast.banco)
    Consumidor.objects.filter(pk=cast.ana.pk).update(cpf="52998224725", prioridades=["pcd"])
    told = {title: fields for _, title, fields in changes(case)}
    assert told == {
        "Alterou: consumidor": [
            Change("CPF", "***.444.777-**", "***.982.247-**"),
            Change("Prioridades", "(reservado)", "(reservado)"),
        ],
        "Alterou: reclamado": [Change("Fornecedor", "Loja Modelo Ltda", "Banco Exemplo S.A.")],
    }


def test_who_changed_it_through_a_page_is_known(cast: Cast, ap: Make) -> None:
    case = ap()
    logged_in(cast.dora).post(
        f"/cadastros/consumidores/{cast.ana.pk}/corrigir/",
        {"nome": "Ana Maria Souza", "cpf": "11144477735", "sexo": "N", "email": "ana@example.org"},
    )
    assert changes(case) == [
        ("Dora Coordenadora", "Alterou: consumidor", [Change("Nome", "Ana Souza", "Ana Maria Souza")])
    ]
    kept = version_of(Consumidor)._base_manager.get()
    assert kept.pgh_context == {"user": cast.dora.pk}


def test_a_status_that_an_event_tells_is_told_once(cast: Cast, ap: Make, running_cip: Callable[..., CIP]) -> None:
    case = ap()
    running_cip(case.reclamados.get())
    told = [change.campo for _, _, fields in changes(case) for change in fields]
    assert "Status" not in told
    assert {"Enviada em", "Ciência em", "Meio"} <= set(told)


def test_a_status_changed_behind_the_services_is_told(cast: Cast, ap: Make) -> None:
    case = ap()
    Atendimento.objects.filter(pk=case.pk).update(status="em_reclamacao")
    assert changes(case)[0][2] == [Change("Status", "Aberto", "Em reclamação")]


def test_what_was_deleted_is_kept(cast: Cast, ap: Make) -> None:
    party = ap().reclamados.get()
    contact = record_contact(reclamado=party, resultado="sem_contato", relato="Ninguém.", by=cast.bruno, at=NOW)
    number = contact.pk
    contact.delete()
    kept = version_of(type(contact))._base_manager.get(pgh_obj_id=number)
    assert (kept.pgh_label, kept.relato) == ("apagado", "Ninguém.")


def test_secrets_and_computed_columns_are_not_kept() -> None:
    names = {item.name for item in version_of(Atendimento)._meta.fields}
    assert ("chave_hash" in names, "relato" in names) == (False, True)
    assert "nome_busca" not in {item.name for item in version_of(Consumidor)._meta.fields}
    assert "codigo_hash" not in {item.name for item in version_of(CIP)._meta.fields}


@pytest.mark.parametrize("number", [1, 3])
def test_the_whole_history_costs_the_same(
    cast: Cast, ap: Make, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = ap()
    for step in range(number):
        Atendimento.objects.filter(pk=case.pk).update(pedido=f"Pedido {step}.")
        record_contact(reclamado=case.reclamados.get(), resultado="sem_contato", by=cast.bruno, at=NOW)
    client = logged_in(cast.bruno)
    with django_assert_num_queries(7):
        page = client.get(f"/atendimentos/{case.protocolo}/historico/").content.decode()
    assert "<del>Devolução em dobro.</del>" in page


def test_the_history_page_is_for_whoever_sees_the_case(cast: Cast, ap: Make) -> None:
    address = f"/atendimentos/{ap().protocolo}/historico/"
    assert [logged_in(user).get(address).status_code for user in (cast.bruno, cast.eva)] == [200, 404]


@pytest.mark.parametrize("cursor", ["", "ontem", "2026-03-04", "2026-13-45T00:00:00+00:00", "9" * 200])
def test_a_cursor_that_cannot_be_read_is_the_first_page(cast: Cast, ap: Make, cursor: str) -> None:
    page = logged_in(cast.bruno).get(f"/atendimentos/{ap().protocolo}/historico/", {"antes_de": cursor})
    assert "Registrou o atendimento" in page.content.decode()


def test_pages_follow_one_another_without_a_gap(cast: Cast, ap: Make) -> None:
    case = ap()
    for step in range(7):
        Atendimento.objects.filter(pk=case.pk).update(pedido=f"Pedido {step}.")
    kept = version_of(Atendimento)._base_manager.order_by("pgh_id")
    first = Evento.objects.get(historico=case.historico).registrado_em
    for place, row in enumerate(kept):  # one transaction has one moment; here the moments are told apart, two by two
        type(row)._base_manager.filter(pk=row.pk).update(pgh_created_at=first + timedelta(seconds=1 + place // 2))

    seen, before, more, sizes = [], None, True, []
    while more:
        lines, more = timeline(case, limit=3, before=before)
        seen += [line.mudancas[0].depois if line.mudancas else line.evento.ato for line in lines]
        sizes.append(len(lines))
        before = lines[-1].ordem[0]

    assert seen == [*(f"Pedido {step}." for step in reversed(range(7))), "REGISTRAR"]
    assert sizes == [3, 2, 3]


def test_a_moment_longer_than_a_page_stays_whole(cast: Cast, ap: Make) -> None:
    case = ap()
    for step in range(5):
        Atendimento.objects.filter(pk=case.pk).update(pedido=f"Pedido {step}.")
    moment = Evento.objects.get(historico=case.historico).registrado_em + timedelta(seconds=1)
    version_of(Atendimento)._base_manager.update(pgh_created_at=moment)
    lines, more = timeline(case, limit=3)
    assert (len(lines), more) == (5, True)
    older, more = timeline(case, limit=3, before=lines[-1].ordem[0])
    assert ([line.evento.ato for line in older], more) == (["REGISTRAR"], False)


def test_an_import_names_its_author_if_it_wants(cast: Cast, ap: Make) -> None:
    case = ap()
    with pghistory.context(user=cast.dora.pk):
        correct_consumer(person=cast.ana, by=cast.dora, at=NOW, nome="Ana M. Souza", cpf="11144477735")
    assert changes(case)[0][0] == "Dora Coordenadora"
