"""Every address × every papel × {our unidade, another, nobody}: who opens what, and that nothing of ours leaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.test import Client

from tests.security.office import Office, patterns
from tests.security.opened import LETTERS, ONLY_POST, OPENED, PUBLIC

#: One worker builds the office, for all who walk through it.
pytestmark = [pytest.mark.xdist_group("matrix"), pytest.mark.django_db]
#: What only our unidade's cases hold.
PEOPLE = ("Ana Souza", "Beto Lima", "Célia Prado", "Davi Reis")
MARKERS = (*PEOPLE, "35.001.001.26-00000")
#: A link with a secret opens one thing to whoever holds it; this office gave none to somebody elsewhere.
BY_SECRET = {"agenda_ics", "audiencia_parte"}
#: Where who is not yet inside is led to.
#: It ends the session of who walks.
ENDS = "sair"
DOORS = ("/entrar/?", "/conta/segundo-fator/?")
TRIED: dict[str, int] = {}


def ask(client: Client, method: str, path: str) -> tuple[Any, str]:
    """The answer and its words; whatever it wrote is taken back."""
    with transaction.atomic():
        TRIED[method] = TRIED.get(method, 0) + 1
        answer = getattr(client, method)(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        for close in answer._resource_closers:  # its own close() would end the test's connection, too
            close()
        transaction.set_rollback(True)
    return answer, body.decode(errors="ignore")


def opens(status: int) -> bool:
    """Whether the address let this person in."""
    return status in (200, 302)


def everywhere(office: Office) -> Mapping[str, str]:
    """Every address by its name."""
    return {name: office.fill(pattern) for name, pattern in patterns()}


def test_every_address_has_its_row(office: Office) -> None:
    listed = [name for names in OPENED.values() for name in names.split()]
    assert sorted([*listed, *ONLY_POST, *PUBLIC]) == sorted(name for name, _ in patterns())


@pytest.fixture(autouse=True)
def _attachments_in_tmp() -> None:
    """The office's attachments stay where it has put them: else nobody could open one, and nothing would be proved."""


class Reading(NamedTuple):
    """What somebody got of an address: the status, and the people of ours who are named there."""

    status: int
    seen: list[str]


@pytest.fixture(scope="module")
def opened(office: Office) -> Mapping[tuple[str, str], Reading]:
    """Every address that can be read, opened once by each papel of our unidade: by its name and the papel."""
    paths, found = everywhere(office), {}
    for name in " ".join(OPENED.values()).split():
        for papel in LETTERS.values():
            answer, body = ask(office.here[papel], "get", paths[name])
            found[name, papel] = Reading(answer.status_code, [marker for marker in PEOPLE if marker in body])
    return found


def test_who_opens_what_of_their_own_unidade(opened: Mapping[tuple[str, str], Reading]) -> None:
    found, broken = {}, []
    for row, names in OPENED.items():
        for name in names.split():
            statuses = {one: opened[name, papel].status for one, papel in LETTERS.items()}
            broken += [
                (name, one, status) for one, status in statuses.items() if status not in (200, 302, 404, 405, 409)
            ]
            got = "".join(one if opens(status) else "-" for one, status in statuses.items())
            if got != row:
                found[name] = got
    assert (found, broken) == ({}, [])


def test_an_empty_form_breaks_nothing_whoever_sends_it(office: Office) -> None:
    found = []
    for name, path in everywhere(office).items():
        for papel, client in office.here.items() if name != ENDS else ():
            answer, _ = ask(client, "post", path)
            if answer.status_code >= 500 and name != "readyz":
                found.append((name, papel, answer.status_code))
            if answer.status_code == 405:  # it takes no POST, whoever sends it
                break
    assert found == []


def _strangers(office: Office, name: str) -> list[tuple[str, Client]]:
    """Who must see nothing here: the encarregado is the whole office's, where a person asks for their data."""
    own = {"encarregado"} if name.startswith("privacidade") else set()
    return [(papel, client) for papel, client in office.elsewhere.items() if papel not in own]


def test_nobody_from_elsewhere_sees_anything_of_ours(office: Office) -> None:
    found = []
    for name, path in everywhere(office).items():
        if name in PUBLIC or name == ENDS:
            continue
        for papel, client in _strangers(office, name):
            for method in ("get", "post"):
                if method == "get" and name in ONLY_POST:
                    continue
                answer, body = ask(client, method, path)
                seen = [marker for marker in MARKERS if marker in body]
                if seen or answer.status_code >= 500:
                    found.append((name, method, papel, answer.status_code, seen))
                if answer.status_code == 405:
                    break
    assert found == []


def test_an_administrador_sees_no_case_by_that_papel_alone(
    office: Office, opened: Mapping[tuple[str, str], Reading]
) -> None:
    # Of people alone: a webhook's deliveries name the protocol.
    found = {name: got.seen for (name, papel), got in opened.items() if papel == "administrador" and got.seen}
    assert found == {}
    assert {
        ask(client, "get", "/conta/")[0].status_code for client in [*office.here.values(), *office.elsewhere.values()]
    } == {200}


def test_nobody_gets_further_than_the_door(office: Office) -> None:
    client, found, open_to_all = Client(raise_request_exception=False), [], set()
    for name, path in everywhere(office).items():
        for method in ("get", "post"):
            answer, body = ask(client, method, path)
            at_the_door = answer.status_code == 302 and answer["Location"].startswith(DOORS)
            if name in PUBLIC:
                seen = [marker for marker in MARKERS if marker in body and name not in BY_SECRET]
                open_to_all.add(name)
                if seen or (answer.status_code >= 500 and name != "readyz"):  # it names the parts that are down
                    found.append((name, method, answer.status_code, seen))
            elif not at_the_door and answer.status_code not in (401, 404):
                found.append((name, method, answer.status_code))
    assert (found, open_to_all) == ([], set(PUBLIC))
    print(f"matriz: {len(everywhere(office))} endereços, {sum(TRIED.values())} pedidos {TRIED}")  # noqa: T201  its size
