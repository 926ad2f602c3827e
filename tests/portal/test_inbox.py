"""The suppliers' inbox: a link to the enrolled address opens it once, and only that company's CIPs are in it."""

from __future__ import annotations

import logging
import re
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import CIP, Assunto
from cases.services import acknowledge_cip, issue_cip, register, send_cip
from deadlines.models import RegraDePrazo
from notifications.models import Mensagem
from parties.models import AdesaoCipEletronica, Fornecedor
from parties.services import add_contact, end_enrolment, enroll_supplier
from portal.models import LinkDaCaixa
from portal.services import ask_for_link, covered_by, forget_links, use_link
from tests.conftest import NOW, Cast, load_law
from tests.portal.conftest import make_subject
from workflow.models import Evento

DOOR, ASKED, ENTER = (f"/publico/fornecedor/caixa/{page}" for page in ("", "pedido/", "entrar/"))
LIST, SEVERAL, LEAVE = (f"/publico/fornecedor/caixa/{page}" for page in ("cips/", "varias/", "sair/"))
SHOP = "12.ABC.345/01DE-35"
ANSWER = {"especie": "aceita", "resposta": "Devolvemos.", "respondente": "Rui", "qualidade": "preposto"}


@pytest.fixture(autouse=True)
def _at_now(cast: Cast, settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    load_law()
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def term(cast: Cast) -> AdesaoCipEletronica:
    """The shop's signed term."""
    return enroll(cast, cast.loja)


def enroll(cast: Cast, supplier: Fornecedor, **more: Any) -> AdesaoCipEletronica:
    told = {"termo": "12/2026", "assinado_por": "Rui", "assinado_em": date(2026, 3, 2), **more}
    return enroll_supplier(supplier=supplier, by=cast.dora, at=NOW, **told)


def sent(cast: Cast, supplier: Fornecedor, meio: str = "portal") -> CIP:
    """A CIP on its way to this supplier."""
    case = register(
        by=cast.bruno,
        at=NOW,
        unidade=cast.unidade,
        tipo="atendimento_preliminar",
        canal="pessoal",
        consumidor=cast.ana,
        fornecedores=[supplier],
        assunto=Assunto.objects.first() or make_subject(),
        relato="Cobraram duas vezes.",
        pedido="Devolução.",
    )
    cip = issue_cip(reclamado=case.reclamados.get(), by=cast.bruno, at=NOW)
    return send_cip(cip=cip, meio=meio, by=cast.bruno, at=NOW)


def token_of(message: Mensagem) -> str:
    found = re.search(r"/caixa/entrar/([\w-]+)/", message.corpo)
    assert found is not None
    return found[1]


def mailed() -> str:
    """The token of the newest link."""
    return token_of(Mensagem.objects.filter(tipo="cip_caixa").latest("pk"))


@pytest.fixture
def inside(term: AdesaoCipEletronica) -> Client:
    """A browser in which the shop's inbox is open."""
    return opened(SHOP)


def opened(cnpj: str) -> Client:
    client = Client()
    assert client.post(DOOR, {"cnpj": cnpj}).headers["Location"] == ASKED
    assert client.post(ENTER, {"token": mailed()}).headers["Location"] == LIST
    return client


def one(cip: CIP, page: str = "") -> str:
    return f"{LIST}{cip.pk}/{page}"


def test_whether_a_company_is_enrolled_is_told_to_nobody(term: AdesaoCipEletronica) -> None:
    def said(cnpj: str) -> tuple[str, bytes]:
        client = Client()
        went = client.post(DOOR, {"cnpj": cnpj}).headers["Location"]
        return went, re.sub(rb"x-csrftoken[^}]*", b"", client.get(went).content)

    enrolled, known, unknown = said(SHOP), said("00.000.000/0001-91"), said("11.222.333/0001-81")
    assert (enrolled == known == unknown, enrolled[0], LinkDaCaixa.objects.count()) == (True, ASKED, 1)


def test_the_link_goes_to_the_enrolled_address_and_its_token_is_not_kept(cast: Cast, term: Any) -> None:
    add_contact(supplier=cast.loja, nome="J", email="j@example.org", recebe_cip=True, by=cast.bruno, at=NOW)
    assert Client().post(DOOR, {"cnpj": "12abc34501de35"}).headers["Location"] == ASKED
    message, link = Mensagem.objects.get(tipo="cip_caixa"), LinkDaCaixa.objects.get()
    assert (message.endereco, message.vale_ate) == ("j@example.org", NOW + timedelta(minutes=90))
    token = token_of(message)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_linkdacaixa t WHERE t::text LIKE %s", [f"%{token}%"])
        assert (cursor.fetchone()[0], link.usado_em) == (0, None)


def test_every_contact_who_receives_cips_gets_a_link_of_its_own(cast: Cast, term: Any) -> None:
    for name in ("a@example.org", "b@example.org", "A@example.org"):
        add_contact(supplier=cast.loja, nome=name, email=name, recebe_cip=True, by=cast.bruno, at=NOW)
    assert [ask_for_link(cnpj="12ABC34501DE35", at=NOW) for _ in range(4)] == [2, 2, 2, 0]
    first = Mensagem.objects.filter(tipo="cip_caixa").order_by("pk")[:2]
    assert sorted(message.endereco.lower() for message in first) == ["a@example.org", "b@example.org"]
    assert len({token_of(message) for message in first}) == 2


def test_the_list_says_when_a_closed_letter_counts_as_received(cast: Cast, inside: Client) -> None:
    RegraDePrazo.objects.filter(nome="cip_presuncao").update(vigente_de=date(2026, 1, 1))
    sent(cast, cast.loja)
    assert "se não for aberta até 16/03/2026, considera-se recebida nesse dia" in inside.get(LIST).content.decode()


@pytest.mark.parametrize("cnpj", ["12ABC34501DE36", "", "x", "1" * 14])
def test_what_is_no_cnpj_is_said(cnpj: str) -> None:
    assert Client().post(DOOR, {"cnpj": cnpj}).status_code == 422


def test_many_requests_of_one_address_or_for_one_company_must_wait(term: Any) -> None:
    same = [Client().post(DOOR, {"cnpj": SHOP}).status_code for _ in range(4)]
    others = [Client().post(DOOR, {"cnpj": "11.222.333/0001-81"}, REMOTE_ADDR="10.0.0.9").status_code for _ in range(4)]
    assert same == others == [302, 302, 302, 429]
    assert [Client().post(DOOR, {"cnpj": "x"}).status_code for _ in range(7)] == [422] * 6 + [429]


def test_no_mailbox_is_filled_from_here(term: Any) -> None:
    assert [ask_for_link(cnpj="12ABC34501DE35", at=NOW) for _ in range(5)] == [1, 1, 1, 0, 0]
    assert ask_for_link(cnpj="12ABC34501DE35", at=NOW + timedelta(minutes=30)) == 1


def test_looking_at_the_link_does_not_use_it_up(term: Any) -> None:
    client = Client()
    client.post(DOOR, {"cnpj": SHOP})
    page = client.get(f"{ENTER}{mailed()}/")
    assert (page.status_code, LinkDaCaixa.objects.get().usado_em) == (200, None)
    assert client.get(f"{ENTER}{'x' * 43}/").status_code == 200
    assert client.get(LIST).headers["Location"] == DOOR


def test_used_expired_and_altered_links_get_the_same_answer(inside: Client, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)

    def said(token: str) -> tuple[int, str]:
        answer = Client().post(ENTER, {"token": token})
        return answer.status_code, answer.context["aviso"]

    used = said(mailed())
    altered = said(mailed()[:-1] + "~")
    Client().post(DOOR, {"cnpj": SHOP})
    late, fresh = mailed(), NOW + timedelta(hours=1, minutes=30)
    with time_machine.travel(fresh, tick=False):
        expired = said(late)
    assert (used == altered == expired == said(""), used[0]) == (True, 422)
    logged = caplog.text
    assert [secret for secret in (late, "12ABC34501DE35", SHOP) if secret in logged] == []


def test_a_link_of_a_term_that_ended_opens_nothing(cast: Cast, term: Any) -> None:
    Client().post(DOOR, {"cnpj": SHOP})
    end_enrolment(adesao=term, motivo="Pediu.", by=cast.dora, at=NOW)
    assert Client().post(ENTER, {"token": mailed()}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_two_uses_at_once_open_one_inbox(term: Any) -> None:
    ask_for_link(cnpj="12ABC34501DE35", at=NOW)
    token, start, found = mailed(), Barrier(4), []

    def use() -> None:
        start.wait()
        found.append(use_link(token=token, at=NOW))
        connection.close()

    threads = [Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [item for item in found if item] == [term]


def test_old_links_are_forgotten(term: Any) -> None:
    ask_for_link(cnpj="12ABC34501DE35", at=NOW)
    assert forget_links(at=NOW + timedelta(hours=24)) == 0
    assert forget_links(at=NOW + timedelta(hours=25)) == 1


def test_an_inbox_closes_after_an_hour_on_leaving_and_with_its_term(cast: Cast, inside: Client, term: Any) -> None:
    assert inside.get(LIST).status_code == 200
    with time_machine.travel(NOW + timedelta(hours=2, seconds=1), tick=False):
        assert inside.get(LIST).headers["Location"] == DOOR
    other = opened(SHOP)
    assert (other.post(LEAVE).headers["Location"], other.get(LIST).headers["Location"]) == (DOOR, DOOR)
    end_enrolment(adesao=term, motivo="Pediu.", by=cast.dora, at=NOW)
    assert inside.get(LIST).headers["Location"] == DOOR


def test_leaving_logs_nobody_of_the_office_out(cast: Cast, term: Any) -> None:
    client = Client()
    client.force_login(cast.bruno)
    client.post(DOOR, {"cnpj": SHOP})
    client.post(ENTER, {"token": mailed()})
    client.post(LEAVE)
    assert (client.get(LIST).headers["Location"], client.get("/atendimentos/").status_code) == (DOOR, 200)


def test_a_term_covers_the_company_and_what_was_merged_into_it(cast: Cast, term: AdesaoCipEletronica) -> None:
    def supplier(name: str, **more: Any) -> Fornecedor:
        return Fornecedor.objects.create(razao_social=name, **more)

    branch = supplier("Filial", cnpj="12ABC345000100")
    spelled = supplier("Lj Modelo", fundido_em=cast.loja)
    gone = supplier("Trocado", cnpj="12ABC345000291", fundido_em=cast.banco)
    assert covered_by(term) == sorted([cast.loja.pk, branch.pk, spelled.pk])
    assert gone.pk not in covered_by(term)
    assert [ask_for_link(cnpj=cnpj, at=NOW) for cnpj in ("12ABC345000100", "12ABC345000291")] == [1, 0]


def test_the_notice_of_an_electronic_cip_leads_to_the_inbox(cast: Cast, term: Any) -> None:
    add_contact(supplier=cast.loja, nome="J", email="j@example.org", recebe_cip=True, by=cast.bruno, at=NOW)
    sent(cast, cast.loja)
    message = Mensagem.objects.get(tipo="cip")
    assert (message.endereco, message.documento) == ("j@example.org", "")
    assert "/publico/fornecedor/caixa/\n" in message.corpo


def test_the_list_shows_what_left_by_any_means(cast: Cast, inside: Client) -> None:
    mine = [sent(cast, cast.loja, meio).pk for meio in ("portal", "email", "ar")]
    sent(cast, cast.banco, "em_maos")

    def shown(quais: str = "") -> list[int]:
        return [cip.pk for cip, *_ in inside.get(LIST, {"quais": quais}).context["linhas"]]

    assert shown() == mine
    inside.post(one(CIP.objects.get(pk=mine[0]), "abrir/"))
    inside.post(one(CIP.objects.get(pk=mine[0])), ANSWER)
    assert (shown(), shown("respondidas"), shown("todas")) == (mine[1:], mine[:1], mine)


def test_the_first_that_lapses_is_on_top_and_what_has_no_term_comes_after(cast: Cast, inside: Client) -> None:
    closed, late, soon, answered = (sent(cast, cast.loja, meio) for meio in ("portal", "ar", "ar", "ar"))
    CIP.objects.filter(pk__in=[late.pk, soon.pk, answered.pk]).update(enviada_em=NOW - timedelta(days=9))
    for cip, day in ((late, 4), (soon, 2), (answered, 1)):
        cip.refresh_from_db()
        acknowledge_cip(cip=cip, on=date(2026, 3, day), by=cast.bruno, at=NOW)
    inside.post(one(answered), ANSWER)
    first = inside.get(LIST).context["pagina"]
    assert [cip.pk for cip in first.rows] == [soon.pk, late.pk, closed.pk]
    every = inside.get(LIST, {"quais": "todas"}).context["linhas"]
    assert [cip.pk for cip, *_ in every] == [soon.pk, late.pk, closed.pk, answered.pk]


def test_the_list_costs_the_same_for_one_and_for_three(
    cast: Cast, inside: Client, django_assert_num_queries: Any
) -> None:
    for many in (1, 3):
        while CIP.objects.count() < many:
            inside.post(one(sent(cast, cast.loja), "abrir/"))
        with django_assert_num_queries(5):
            assert len(inside.get(LIST).context["linhas"]) == many


def test_opening_is_the_proven_receipt_and_reading_the_list_is_not(cast: Cast, inside: Client) -> None:
    cip = sent(cast, cast.loja)
    inside.get(LIST)
    assert "Cobraram" not in inside.get(one(cip)).content.decode()
    assert inside.get(one(cip, "carta.pdf")).headers["Location"] == one(cip)
    assert inside.post(one(cip, "prazo/"), {}).headers["Location"] == one(cip)
    cip.refresh_from_db()
    assert cip.status == "enviada"
    assert inside.post(one(cip, "abrir/")).headers["Location"] == one(cip)
    cip.refresh_from_db()
    assert (cip.status, cip.cientificada_em, Evento.objects.get(ato="DAR_CIENCIA").autor) == (
        "cientificada", NOW.date(), cast.sistema,
    )  # fmt: skip
    assert "Cobraram" in inside.get(one(cip)).content.decode()
    letter = inside.get(one(cip, "carta.pdf"))
    assert (letter.content[:5], letter.headers["Cache-Control"].startswith("max-age=0, no-cache")) == (b"%PDF-", True)


def test_a_letter_by_post_is_read_without_proving_anything(cast: Cast, inside: Client) -> None:
    cip = sent(cast, cast.loja, "ar")
    assert "Cobraram" in inside.get(one(cip)).content.decode()
    assert CIP.objects.get().status == "enviada"


def test_one_is_answered_and_more_days_are_asked_for(cast: Cast, inside: Client) -> None:
    cip = sent(cast, cast.loja)
    inside.post(one(cip, "abrir/"))
    asked = {"dias": "5", "motivo": "Perícia.", "quem": "Rui"}
    assert inside.post(one(cip, "prazo/"), asked).headers["Location"] == one(cip)
    assert inside.post(one(cip), {**ANSWER, "especie": ""}).status_code == 422
    assert inside.get(one(cip, "recibo/")).headers["Location"] == one(cip)
    assert inside.post(one(cip), ANSWER).headers["Location"] == one(cip, "recibo/")
    cip.refresh_from_db()
    assert cip.recibo in inside.get(one(cip, "recibo/")).content.decode()
    assert inside.post(one(cip), ANSWER).status_code == 409


@pytest.mark.parametrize("page", ["", "abrir/", "prazo/", "recibo/", "carta.pdf"])
def test_another_companys_cip_is_not_there(cast: Cast, inside: Client, page: str) -> None:
    enroll(cast, cast.banco)
    Fornecedor.objects.filter(pk=cast.banco.pk).update(email="banco@example.org")
    cast.banco.refresh_from_db()
    cip = sent(cast, cast.banco)
    send = inside.get if page in ("recibo/", "carta.pdf") else inside.post
    assert send(one(cip, page)).status_code == 404
    assert inside.post(SEVERAL, {"cip": cip.pk, "enviar": "1", **ANSWER}).headers["Location"] == LIST
    assert (CIP.objects.get().status, inside.get(LIST).context["linhas"]) == ("enviada", [])


def test_several_are_answered_at_once_each_with_its_receipt(cast: Cast, inside: Client) -> None:
    cips = [sent(cast, cast.loja) for _ in range(3)]
    form = inside.post(SEVERAL, {"cip": [cip.pk for cip in cips[:2]]})
    assert (form.status_code, [cip.pk for cip in form.context["cips"]]) == (200, [cips[1].pk, cips[0].pk])
    done = inside.post(SEVERAL, {"cip": [cip.pk for cip in cips[:2]], "enviar": "1", **ANSWER})
    assert (done.status_code, len(done.context["feitas"]), done.context["cips"]) == (200, 2, [])
    assert [(cip.status, cip.resposta) for cip in CIP.objects.order_by("pk")] == [
        ("respondida", "Devolvemos."), ("respondida", "Devolvemos."), ("enviada", ""),
    ]  # fmt: skip
    assert (CIP.objects.exclude(recibo="").values("recibo").distinct().count(), CIP.objects.get(
        pk=cips[0].pk).cientificada_em) == (2, NOW.date())  # fmt: skip


def test_what_is_refused_of_several_stays_with_its_reason_and_the_text(cast: Cast, inside: Client) -> None:
    cips = [sent(cast, cast.loja) for _ in range(2)]
    inside.post(SEVERAL, {"cip": cips[0].pk, "enviar": "1", **ANSWER})
    again = inside.post(SEVERAL, {"cip": [cip.pk for cip in cips], "enviar": "1", **ANSWER, "resposta": "Outra."})
    assert (again.status_code, len(again.context["feitas"])) == (409, 1)
    assert [line.protocolo for line in again.context["recusadas"]] == [cips[0].reclamado.atendimento.protocolo]
    assert "está em «Respondida»" in again.context["recusadas"][0].motivo
    assert "Outra." in again.content.decode()
    assert [cip.resposta for cip in CIP.objects.order_by("pk")] == ["Devolvemos.", "Outra."]


def test_several_badly_filled_in_change_nothing(cast: Cast, inside: Client) -> None:
    cip = sent(cast, cast.loja)
    sloppy = inside.post(SEVERAL, {"cip": cip.pk, "enviar": "1", **ANSWER, "respondente": ""})
    assert (sloppy.status_code, "Devolvemos." in sloppy.content.decode()) == (422, True)
    refused = inside.post(SEVERAL, {"cip": cip.pk, "enviar": "1", **ANSWER, "especie": "recusa", "resposta": ""})
    assert (refused.status_code, CIP.objects.get().status) == (409, "enviada")
    assert inside.post(SEVERAL, {"enviar": "1"}).headers["Location"] == LIST


def test_nothing_typed_breaks_a_page(cast: Cast, inside: Client) -> None:
    cip = sent(cast, cast.loja)
    inside.raise_request_exception = False
    words = st.one_of(
        st.text(max_size=40), st.sampled_from(["", "\0", "aceita", "x" * 30000, str(cip.pk), "9" * 30, "²", SHOP])
    )
    names = st.dictionaries(
        st.sampled_from([*ANSWER, "proposta", "cnpj", "token", "cip", "enviar", "dias", "motivo", "quem", "quais"]),
        words,
    )
    pages = [DOOR, ENTER, LIST, SEVERAL, one(cip), one(cip, "abrir/"), one(cip, "prazo/"), f"{LIST}{'9' * 30}/"]

    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    @given(st.sampled_from(pages), names, st.booleans())
    def attack(page: str, given_: dict[str, str], post: bool) -> None:
        with transaction.atomic():
            answer = inside.post(page, given_) if post else inside.get(page, given_)
            assert answer.status_code in (200, 302, 404, 405, 409, 422, 429)
            transaction.set_rollback(True)

    attack()


@pytest.mark.parametrize("path", [LIST, f"{LIST}1/", f"{LIST}1/recibo/", f"{LIST}1/carta.pdf"])
def test_without_an_open_inbox_every_page_leads_to_the_door(path: str) -> None:
    answer = Client().get(path)
    assert (answer.headers["Location"], "no-store" in answer.headers["Cache-Control"]) == (DOOR, True)
