"""The suppliers' search: what is typed may be a person's CPF, and stands in no address."""

from __future__ import annotations

from parties.models import Fornecedor
from tests.browsing import logged_in
from tests.conftest import Cast

LIST = "/cadastros/fornecedores/"


def test_what_is_typed_stands_in_no_address(cast: Cast) -> None:
    bruno = logged_in(cast.bruno)
    answer = bruno.post(LIST, {"q": "loja", "a_completar": ""})
    assert (answer.status_code, "loja" in answer["Location"].casefold()) == (302, False)
    assert [row.pk for row in bruno.get(answer["Location"]).context["pagina"].rows] == [cast.loja.pk]


def test_only_the_incomplete_ones(cast: Cast) -> None:
    bare = Fornecedor.objects.create(razao_social="Bazar", a_completar=True)
    bruno = logged_in(cast.bruno)
    answer = bruno.post(LIST, {"q": "", "a_completar": "1"})
    assert answer["Location"] == f"{LIST}?a_completar=1"
    assert [row.pk for row in bruno.get(answer["Location"]).context["pagina"].rows] == [bare.pk]


def test_nothing_typed_leads_to_the_whole_list(cast: Cast) -> None:
    assert logged_in(cast.bruno).post(LIST, {"q": " "})["Location"] == LIST


def test_the_page_sends_its_search_by_post(cast: Cast) -> None:
    page = logged_in(cast.bruno).get(LIST).content.decode()
    assert '<form class="cartao" method="post" action="/cadastros/fornecedores/"' in page
