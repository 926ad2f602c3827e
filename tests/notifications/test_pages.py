"""The list of messages and the local mail folder: who sees what, and at what cost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection

from accounts.models import Atribuicao, Papel
from notifications import storage
from notifications.models import Mensagem, Tentativa
from notifications.transport import as_email
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from tests.notifications.scripted import put
from workflow.models import Leitura
from workflow.services import open_history


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """The mail folder of this test."""
    settings.EMAIL_BACKEND = "procon.mail.FolderBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


def page(user: Any, path: str = "/mensagens/", **query: str) -> str:
    answer = logged_in(user).get(path, query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_list_shows_state_and_tries_and_hides_addresses(cast: Cast) -> None:
    mensagem = put(cast)
    Tentativa.objects.create(mensagem=mensagem, quando=NOW, enviada=False, resposta="451 caixa ocupada")
    shown = page(cast.bruno)

    for text in ("Audiência", "Ana Souza", "a•••@example.org", "A enviar", "451 caixa ocupada", "Aviso de audiência"):
        assert text in shown
    assert "ana@example.org" not in shown


def test_another_unidade_s_messages_do_not_exist(cast: Cast) -> None:
    mensagem = put(cast)
    eva = logged_in(cast.eva)

    assert "Ana Souza" not in page(cast.eva)
    assert eva.post(f"/mensagens/{mensagem.pk}/reenviar/").status_code == 404
    assert eva.get(f"/mensagens/{mensagem.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "sóuza"}, True),
        ({"q": "Bruno"}, False),
        ({"q": "ana@example.org"}, True),
        ({"situacao": "pendente"}, True),
        ({"situacao": "falhou"}, False),
        ({"situacao": "nao_entregues"}, False),
        ({"canal": "email"}, True),
        ({"canal": "sms"}, False),
        ({"tipo": "aviso_audiencia"}, True),
        ({"tipo": "lembrete_audiencia"}, False),
        ({"situacao": "nenhuma dessas"}, True),
        ({"depois": "%%%", "antes": "x"}, True),
    ],
)
def test_search_and_filters(cast: Cast, query: dict[str, str], found: bool) -> None:
    put(cast)

    assert ("Ana Souza" in page(cast.bruno, **query)) is found


def test_pages_by_cursor(cast: Cast) -> None:
    for number in range(51):
        put(cast, str(number), assunto=f"Assunto {number:02d}")
    first = page(cast.bruno)

    assert ("Assunto 50" in first, "Assunto 00" in first, 'rel="next"' in first) == (True, False, True)
    cursor = first.split("depois=")[1].split('"')[0]
    second = page(cast.bruno, depois=cursor)
    assert ("Assunto 50" in second, "Assunto 00" in second, 'rel="prev"' in second) == (False, True, True)


def test_the_list_costs_the_same_for_one_and_for_three(cast: Cast, django_assert_num_queries: Any) -> None:
    client = logged_in(cast.bruno)
    put(cast)
    with django_assert_num_queries(5):
        client.get("/mensagens/")
    for chave in ("b", "c"):
        Tentativa.objects.create(mensagem=put(cast, chave), quando=NOW, enviada=True, resposta="250 ok")
    with django_assert_num_queries(5):
        client.get("/mensagens/")


def test_a_failed_message_is_sent_again_from_its_page(cast: Cast) -> None:
    mensagem = put(cast)
    address = f"/mensagens/{mensagem.pk}/"
    assert "Enviar de novo" not in page(cast.bruno, address)
    Mensagem.objects.update(situacao="falhou", motivo="550 no")

    shown = page(cast.bruno, address)
    for text in ("Esta mensagem não chegou.", "550 no", "Reenviar", "a•••@example.org", f"mensagem-{mensagem.pk}-0-"):
        assert text in shown
    assert "Só um atendente ou coordenador" in page(cast.edu, address)
    assert logged_in(cast.bruno).post(f"{address}reenviar/").status_code == 302
    mensagem.refresh_from_db()
    assert mensagem.situacao == "pendente"
    assert logged_in(cast.bruno).post(f"{address}reenviar/").status_code == 409


def test_what_is_of_no_case_goes_to_the_registered_address_only(cast: Cast) -> None:
    mensagem = put(cast, tipo="cip_caixa")
    Mensagem.objects.update(situacao="devolvida", motivo="5.1.1 User unknown")

    assert 'name="endereco"' not in page(cast.bruno, f"/mensagens/{mensagem.pk}/")
    refused = logged_in(cast.bruno).post(f"/mensagens/{mensagem.pk}/reenviar/", {"endereco": "eu@example.org"})
    assert (refused.status_code, "vai só ao endereço cadastrado" in refused.content.decode()) == (409, True)


def test_no_page_shows_what_a_message_says(cast: Cast) -> None:
    mensagem = put(cast, corpo="https://procon.example.org/entrar/segredo/")

    assert "segredo" not in page(cast.bruno, f"/mensagens/{mensagem.pk}/") + page(cast.bruno)


def test_what_came_back_is_sent_to_the_corrected_address(cast: Cast) -> None:
    mensagem = put(cast, historico=open_history())
    Mensagem.objects.update(situacao="devolvida", motivo="5.1.1 User unknown")
    bruno, address = logged_in(cast.bruno), f"/mensagens/{mensagem.pk}/reenviar/"

    refused = bruno.post(address, {"endereco": "ana@"})
    assert (refused.status_code, "E-mail inválido" in refused.content.decode()) == (422, True)
    assert 'value="ana@"' in refused.content.decode()
    assert bruno.post(address, {"endereco": "ana.souza@example.org"}).status_code == 302
    mensagem.refresh_from_db()
    assert (mensagem.situacao, mensagem.endereco, mensagem.remessa) == ("pendente", "ana.souza@example.org", 1)


@pytest.mark.parametrize("situacao", Mensagem.Situacao.values)
def test_the_page_of_a_message_in_every_state(cast: Cast, situacao: str) -> None:
    mensagem = put(cast, vez="7d", parte="consumidor:5", convite="BEGIN:VCALENDAR")
    Mensagem.objects.update(situacao=situacao, motivo="Por isto.", reservada_ate=NOW, enviada_em=NOW)
    shown = page(cast.bruno, f"/mensagens/{mensagem.pk}/")

    for text in (Mensagem.Situacao(situacao).label, "Por isto.", "7 dias antes", "convite de calendário"):
        assert text in shown


def test_reading_a_message_is_written_down(cast: Cast) -> None:
    mensagem = put(cast)
    page(cast.bruno, f"/mensagens/{mensagem.pk}/")

    assert list(Leitura.objects.values_list("leitor__usuario", "pagina", "objeto_id")) == [
        ("bruno", "mensagem", mensagem.pk)
    ]


def test_what_did_not_arrive_is_one_list(cast: Cast) -> None:
    for state in ("falhou", "devolvida", "pulada"):
        put(cast, state, assunto=f"Assunto {state}")
        Mensagem.objects.filter(chave=state).update(situacao=state, motivo="…")
    shown = page(cast.bruno, situacao="nao_entregues")

    assert ["Assunto falhou" in shown, "Assunto devolvida" in shown, "Assunto pulada" in shown] == [True, True, False]
    assert "?situacao=nao_entregues" in page(cast.bruno, "/")


def test_an_old_message_is_not_sent_again(cast: Cast) -> None:
    mensagem = put(cast, vale_ate=NOW - timedelta(days=1))
    Mensagem.objects.update(situacao="falhou")

    assert logged_in(cast.bruno).post(f"/mensagens/{mensagem.pk}/reenviar/").status_code == 409


# ---- the local folder ----


def deliver(subject: str = "Olá, Ana") -> None:
    EmailMessage(
        subject, "Texto com ação.", to=["ana@example.org"], headers={"Message-ID": "<1@x>"}, connection=get_connection()
    ).send()


def test_the_folder_and_one_letter(cast: Cast, folder: Path) -> None:
    deliver()
    name = storage.names(folder)[0]

    assert ("Olá, Ana" in page(cast.dora, "/mensagens/correio/"), "Correio local" in page(cast.dora)) == (True, True)
    letter = page(cast.dora, f"/mensagens/correio/{name}/")
    assert ("Texto com ação." in letter, "&lt;1@x&gt;" in letter) == (True, True)


def test_an_empty_folder_says_so(cast: Cast) -> None:
    assert "Nenhum e-mail guardado." in page(cast.dora, "/mensagens/correio/")


def test_an_administrator_sees_the_folder(cast: Cast) -> None:
    Atribuicao.objects.filter(user=cast.edu).update(papel=Papel.ADMINISTRADOR)

    assert "Correio local" in page(cast.edu, "/mensagens/correio/")


def test_links_of_accounts_are_the_administradors_and_letters_of_cases_are_not(cast: Cast, folder: Path) -> None:
    """Otherwise a coordenador would read the link by which an administrador chooses a password."""
    Atribuicao.objects.filter(user=cast.edu).update(papel=Papel.ADMINISTRADOR)
    kinds = {"acesso_senha": cast.edu, "cip": cast.dora}
    for tipo in kinds:
        as_email(put(cast, tipo, tipo=tipo, assunto=f"Sobre {tipo}"), get_connection()).send()
    sent = {storage.read(folder, name).subject: name for name in storage.names(folder)}

    for tipo, reader in kinds.items():
        for other in (cast.edu, cast.dora):
            seen = f"Sobre {tipo}" in page(other, "/mensagens/correio/")
            answer = logged_in(other).get(f"/mensagens/correio/{sent[f'Sobre {tipo}']}/")
            listed = f"Sobre {tipo}" in page(other)
            assert (seen, listed, answer.status_code) == ((True, True, 200) if other == reader else (False, False, 404))


def test_a_clerk_does_not_see_the_folder(cast: Cast, folder: Path) -> None:
    deliver()
    bruno = logged_in(cast.bruno)

    paths = ["/mensagens/correio/", f"/mensagens/correio/{storage.names(folder)[0]}/"]
    assert [bruno.get(path).status_code for path in paths] == [404, 404]


def test_with_a_server_there_is_no_folder(cast: Cast, settings: Any) -> None:
    settings.EMAIL_FILE_PATH = None

    assert logged_in(cast.dora).get("/mensagens/correio/").status_code == 404


@pytest.mark.parametrize("name", ["nada.eml", "..%2Fsegredo.eml", "..", ".x.eml", "a.txt", "%00.eml"])
def test_no_name_leads_out_of_the_folder(cast: Cast, folder: Path, name: str) -> None:
    (folder.parent / "segredo.eml").write_text("segredo")
    (folder / ".x.eml").write_text("rascunho")

    assert logged_in(cast.dora).get(f"/mensagens/correio/{name}/").status_code == 404


def test_a_broken_file_is_shown_as_it_can_be(cast: Cast, folder: Path) -> None:
    (folder / "1.eml").write_bytes(
        b"Date: ontem\r\nContent-Type: text/plain; charset=marciano\r\nSubject: =?x?q?\r\n\r\n\xff\xfe"
    )

    assert "1.eml" in page(cast.dora, "/mensagens/correio/")
    assert logged_in(cast.dora).get("/mensagens/correio/1.eml/").status_code == 200
