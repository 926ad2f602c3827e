"""When two registrations are probably one person: a table of pairs, each with what the finder says of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from parties.rules import Evidence, Person, find_people

BORN, OTHER_DAY = date(1980, 2, 3), date(1955, 7, 9)
BIRTH = Evidence(95, "mesmo nome e mesma data de nascimento")
PHONE = Evidence(85, "mesmo nome e mesmo telefone")
MAIL = Evidence(85, "mesmo nome e mesmo e-mail")
CEP = Evidence(70, "mesmo nome e mesmo CEP")


def person(pk: int, *names: str, **known: Any) -> Person:
    blank: dict[str, Any] = {"cpf": "", "nascimento": None, "telefone": "", "email": "", "cep": ""}
    return Person(pk, names=names, **{**blank, **known})


JOSE, SON = {"nascimento": BORN}, {"nascimento": OTHER_DAY}
CALLED, MAILED, AT_HOME = {"telefone": "1199"}, {"email": "j@x.br"}, {"cep": "08570000"}
SLIP = Evidence(69, "nome parecido (77%) e mesma data de nascimento")
MARRIED = Evidence(60, "nome parecido (67%) e mesma data de nascimento")

PAIRS = [
    ("accents and particles do not count", ("José da Silva", JOSE), ("JOSE SILVA", JOSE), BIRTH),
    ("a name alone says nothing", ("José da Silva", {}), ("José da Silva", {}), None),
    ("the same telephone", ("José Silva", CALLED), ("José Silva", CALLED), PHONE),
    ("the same e-mail", ("José Silva", MAILED), ("José Silva", MAILED), MAIL),
    ("the same CEP", ("José Silva", AT_HOME), ("José Silva", AT_HOME), CEP),
    ("the best of several grounds", ("José Silva", AT_HOME | JOSE), ("José Silva", AT_HOME | JOSE), BIRTH),
    ("two CPFs are two people", ("José Silva", {"cpf": "1"} | JOSE), ("José Silva", {"cpf": "2"} | JOSE), None),
    ("one CPF is no hindrance", ("José Silva", {"cpf": "1"} | JOSE), ("José Silva", JOSE), BIRTH),
    ("father and son share name and telephone", ("José Silva", CALLED | JOSE), ("José Silva", CALLED | SON), None),
    ("a slip of the pen", ("Jose Sillva", JOSE), ("José Silva", JOSE), SLIP),
    ("a married name", ("Ana Souza", JOSE), ("Ana Souza Lima", JOSE), MARRIED),
    ("strangers born on one day", ("Ana Souza", JOSE), ("Adriana Prado", JOSE), None),
    ("alike without a birth date", ("Jose Sillva", CALLED), ("José Silva", CALLED), None),
]


@pytest.mark.parametrize(("one", "other", "said"), [row[1:] for row in PAIRS], ids=[row[0] for row in PAIRS])
def test_a_pair(one: tuple[str, dict[str, Any]], other: tuple[str, dict[str, Any]], said: Evidence | None) -> None:
    rows = [person(1, one[0], **one[1]), person(2, other[0], **other[1])]

    assert find_people(rows) == ({(1, 2): said} if said else {})


def test_the_chosen_name_counts_as_the_registered_one() -> None:
    rows = [person(1, "João Silva", "Joana Silva", nascimento=BORN), person(2, "Joana Silva", nascimento=BORN)]

    assert find_people(rows) == {(1, 2): BIRTH}


def test_what_very_many_share_brings_nobody_together() -> None:
    rows = [person(pk, "José Silva", telefone="1130000000") for pk in range(101)]

    assert find_people(rows) == {}
