"""The counter's papers: what they take from the case, who issues them, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from cases.models import Atendimento, Representante
from cases.services.handouts import issue_attendance, issue_preposto_model, issue_proxy_model
from documents.models import Documento
from tests.cases.test_pages import logged_in
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused

Make = Callable[..., Atendimento]
TODAY = date(2026, 3, 4)  # Wednesday


def declared(cast: Cast, case: Atendimento, **changed: object) -> Documento:
    wanted = {"dia": TODAY, "inicio": time(9, 10), "fim": time(9, 50), "by": cast.bruno, "at": NOW}
    return issue_attendance(atendimento=case, **(wanted | changed))


def test_the_declaration_says_who_came_and_when_and_nothing_of_the_case(cast: Cast, ap: Make) -> None:
    case = ap()
    letter = declared(cast, case)
    frozen = letter.dados["dados"]
    assert sorted(frozen) == ["fim", "finalidade", "inicio", "pessoa", "protocolo", "qualidade", "signatario"]
    assert frozen["pessoa"] == {"nome": "Ana Souza", "cpf": "11144477735"}
    assert (frozen["inicio"], frozen["fim"]) == ("2026-03-04T09:10:00-03:00", "2026-03-04T09:50:00-03:00")
    assert frozen["finalidade"] == "atendimento sobre relação de consumo"
    assert letter.historico == case.historico


def test_who_acts_for_the_consumer_is_the_one_who_came(cast: Cast, ap: Make) -> None:
    case = ap()
    Representante.objects.create(atendimento=case, qualidade="procurador", nome="Rui Souza", documentos=["procuracao"])
    frozen = declared(cast, case).dados["dados"]
    assert (frozen["pessoa"]["nome"], frozen["qualidade"]) == ("Rui Souza", "procurador")


def test_nobody_leaves_before_coming(cast: Cast, ap: Make) -> None:
    with pytest.raises(ContentRefused, match="A saída vem depois da chegada"):
        declared(cast, ap(), fim=time(9, 10))


@pytest.mark.parametrize("changed", [{"fim": time(10, 1)}, {"dia": TODAY + timedelta(days=1)}])
def test_what_has_not_happened_is_not_declared(cast: Cast, ap: Make, changed: dict[str, object]) -> None:
    with pytest.raises(ContentRefused, match="só diz o que já houve"):
        declared(cast, ap(), **changed)


def test_without_a_consumer_nobody_is_declared(cast: Cast, ap: Make) -> None:
    case = ap()
    case.consumidor = None
    with pytest.raises(ContentRefused, match="não tem consumidor"):
        declared(cast, case)


def test_only_the_counter_issues_its_papers(cast: Cast, ap: Make) -> None:
    case = ap()
    with pytest.raises(ActNotAllowed, match="emitidos pelo atendente ou pelo coordenador"):
        issue_proxy_model(atendimento=case, by=cast.carla, at=NOW)


def test_the_models_take_what_is_known(cast: Cast, ap: Make) -> None:
    case = ap()
    proxy = issue_proxy_model(atendimento=case, by=cast.bruno, at=NOW).dados["dados"]
    assert (proxy["outorgante"]["nome"], proxy["outorgado"]) == ("Ana Souza", {})
    preposto = issue_preposto_model(reclamado=case.reclamados.get(), by=cast.bruno, at=NOW).dados["dados"]
    assert preposto["fornecedor"]["razao_social"] == "Loja Modelo Ltda"


def test_the_page_issues_each_paper_and_shows_it(cast: Cast, ap: Make) -> None:
    case = ap()
    address = f"/atendimentos/{case.protocolo}/papeis/"
    bruno = logged_in(cast.bruno)
    assert bruno.get(address).status_code == 200
    for data in (
        {"documento": "procuracao"},
        {"documento": "carta_de_preposicao", "reclamado": case.reclamados.get().pk},
        {"documento": "declaracao_de_comparecimento", "dia": "2024-03-06", "inicio": "09:00", "fim": "09:30"},
    ):
        response = bruno.post(address, data)
        letter = Documento.objects.filter(tipo=data["documento"]).get()
        assert (response.status_code, response["Location"]) == (302, f"/documentos/{letter.codigo}/")


def test_the_page_tells_what_is_wrong_beside_the_field(cast: Cast, ap: Make) -> None:
    address = f"/atendimentos/{ap().protocolo}/papeis/"
    data = {"documento": "declaracao_de_comparecimento", "dia": "2024-03-06", "inicio": "09:30", "fim": "09:00"}
    response = logged_in(cast.bruno).post(address, data)
    assert response.status_code == 422
    assert "Escreva uma hora depois." in response.content.decode()
    assert Documento.objects.count() == 0


def test_a_supplier_of_another_case_is_not_on_the_list(cast: Cast, ap: Make) -> None:
    case, other = ap(), ap()
    data = {"documento": "carta_de_preposicao", "reclamado": other.reclamados.get().pk}
    response = logged_in(cast.bruno).post(f"/atendimentos/{case.protocolo}/papeis/", data)
    assert (response.status_code, Documento.objects.count()) == (422, 0)


def test_eva_and_unknown_papers_get_404(cast: Cast, ap: Make) -> None:
    address = f"/atendimentos/{ap().protocolo}/papeis/"
    assert logged_in(cast.eva).get(address).status_code == 404
    assert logged_in(cast.eva).post(address, {"documento": "procuracao"}).status_code == 404
    assert logged_in(cast.bruno).post(address, {"documento": "bilhete"}).status_code == 404
    assert logged_in(cast.bruno).post(address).status_code == 404
