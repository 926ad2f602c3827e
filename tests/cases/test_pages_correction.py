"""The page that corrects a case: nothing typed is lost, and only who may correct finds it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cases.models import Atendimento
from cases.services import register
from cases.services.correction import correct_case
from tests.browsing import logged_in
from tests.conftest import Cast


@pytest.fixture
def today_case(cast: Cast, phone: object) -> Atendimento:
    """Registered at this very moment, so that the clerk's first day is today."""
    from django.utils import timezone

    from cases.models import Assunto

    return register(
        by=cast.bruno,
        at=timezone.now(),  # noqa: TID251  the page reads the real clock
        unidade=cast.unidade,
        tipo="atendimento_preliminar",
        canal="pessoal",
        consumidor=cast.ana,
        fornecedores=[cast.loja],
        assunto=Assunto.objects.get(),
        relato="Cobraram duas vezes.",
        pedido="Troca.",
    )


def shown(response: object) -> dict[str, object]:
    """What the browser would send back."""
    form = response.context["form"]  # type: ignore[attr-defined]
    values = {field.html_name: field.value() for field in form}
    subject = form["assunto"].value()
    values["assunto"] = form.fields["assunto"].prepare_value(subject)
    return {name: getattr(value, "pk", value) for name, value in values.items() if value not in (None, False)}


def test_the_clerk_corrects_from_the_case_page(cast: Cast, today_case: Atendimento) -> None:
    client, address = logged_in(cast.bruno), f"/atendimentos/{today_case.protocolo}/corrigir/"
    assert address in client.get(f"/atendimentos/{today_case.protocolo}/").content.decode()
    response = client.post(address, shown(client.get(address)) | {"relato": "Cobraram três vezes.", "valor": "9,90"})
    assert (response.status_code, response["Location"]) == (302, f"/atendimentos/{today_case.protocolo}/")
    today_case.refresh_from_db()
    assert (today_case.relato, str(today_case.valor)) == ("Cobraram três vezes.", "9.90")
    assert ": relato, valor envolvido (R$)" in client.get(response["Location"]).content.decode()


def test_a_page_sent_unchanged_changes_nothing(cast: Cast, today_case: Atendimento) -> None:
    client, address = logged_in(cast.bruno), f"/atendimentos/{today_case.protocolo}/corrigir/"
    response = client.post(address, shown(client.get(address)), follow=True)
    assert "Nada mudou" in response.content.decode()
    assert today_case.historico.eventos.count() == 1


def test_what_was_typed_stays_when_refused(cast: Cast, today_case: Atendimento) -> None:
    client, address = logged_in(cast.bruno), f"/atendimentos/{today_case.protocolo}/corrigir/"
    data = shown(client.get(address)) | {"pedido": "Outro pedido.", "data_compra": "2199-01-01"}
    response = client.post(address, data)
    assert (response.status_code, response.context["form"]["pedido"].value()) == (422, "Outro pedido.")


def test_a_stale_page_keeps_what_was_typed_and_shows_what_others_wrote(cast: Cast, today_case: Atendimento) -> None:
    client, address = logged_in(cast.bruno), f"/atendimentos/{today_case.protocolo}/corrigir/"
    data = shown(client.get(address)) | {"relato": "O meu."}
    correct_case(
        atendimento=today_case,
        told={"relato": "O da Dora.", "pedido": "Dinheiro de volta."},
        by=cast.dora,
        at=today_case.aberto_em,
    )
    response = client.post(address, data)
    form = response.context["form"]
    assert (response.status_code, form["relato"].value(), form["pedido"].value()) == (
        409,
        "O meu.",
        "Dinheiro de volta.",
    )
    assert "Outra pessoa gravou aqui: «O da Dora.»." in response.content.decode()
    again = client.post(address, shown(response))
    today_case.refresh_from_db()
    assert (again.status_code, today_case.relato, today_case.pedido) == (302, "O meu.", "Dinheiro de volta.")


def test_a_case_of_another_day_offers_no_correction_to_the_clerk(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    case, client = ap(), logged_in(cast.bruno)
    address = f"/atendimentos/{case.protocolo}/corrigir/"
    assert address not in client.get(f"/atendimentos/{case.protocolo}/").content.decode()
    assert client.get(address).status_code == 409


def test_the_coordenador_is_asked_for_the_reason(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    case, client = ap(), logged_in(cast.dora)
    address = f"/atendimentos/{case.protocolo}/corrigir/"
    data = shown(client.get(address)) | {"relato": "O certo."}
    assert client.post(address, data).status_code == 422
    assert client.post(address, data | {"motivo": "Erro de digitação."}).status_code == 302
    case.refresh_from_db()
    assert case.relato == "O certo."


def test_eva_finds_no_such_case(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    assert logged_in(cast.eva).get(f"/atendimentos/{ap().protocolo}/corrigir/").status_code == 404


def test_a_supplier_is_looked_up_put_in_and_taken_out(cast: Cast, today_case: Atendimento) -> None:
    client, address = logged_in(cast.bruno), f"/atendimentos/{today_case.protocolo}/corrigir/fornecedores/"
    found = client.post(address, {"busca": "Banco"})
    assert [item.pk for item in found.context["achados"]] == [cast.banco.pk]
    client.post(address, {"busca": "Banco", "fornecedor": cast.banco.pk})
    shop = today_case.reclamados.get(fornecedor=cast.loja)
    client.post(f"/atendimentos/reclamados/{shop.pk}/retirar/", {})
    assert [party.fornecedor for party in today_case.reclamados.all()] == [cast.banco]


def test_the_only_supplier_stays_and_the_page_says_why(cast: Cast, today_case: Atendimento) -> None:
    shop = today_case.reclamados.get()
    response = logged_in(cast.bruno).post(f"/atendimentos/reclamados/{shop.pk}/retirar/", {})
    assert (response.status_code, "não existe sem reclamado" in response.content.decode()) == (409, True)


def test_another_units_supplier_is_not_found(cast: Cast, today_case: Atendimento) -> None:
    shop = today_case.reclamados.get()
    assert logged_in(cast.eva).post(f"/atendimentos/reclamados/{shop.pk}/retirar/", {}).status_code == 404


def test_correcting_is_a_reading_of_the_file(cast: Cast, ap: Callable[..., Atendimento]) -> None:
    from workflow.models import Leitura

    case = ap()
    logged_in(cast.dora).get(f"/atendimentos/{case.protocolo}/corrigir/")
    assert list(Leitura.objects.values_list("pagina", "historico")) == [("corrigir", case.historico_id)]
