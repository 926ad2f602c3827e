"""Municipalities by the way people write them."""

from __future__ import annotations

import pytest

from cases.rules.domicile import cities, cities_beginning, city_named, lives_elsewhere

HERE = "3523107"


def test_every_municipality_of_the_country_is_there_once() -> None:
    assert (len(cities()), str(cities()[HERE])) == (5570, "Itaquaquecetuba (SP)")


@pytest.mark.parametrize(
    ("text", "near", "code"),
    [
        ("itaquaquecetuba", "", HERE),
        ("  SUZANO ", HERE, "3552502"),
        ("São Paulo/SP", "", "3550308"),
        ("Santa Bárbara d'Oeste (SP)", "", "3545803"),
        ("Santa Barbara dOeste", HERE, None),
        ("Bonito", HERE, None),  # four states have one, São Paulo has none
        ("Bonito - MS", HERE, "5002209"),
        ("Santa Rita", "", None),  # Paraíba's and Maranhão's: none is near
        ("3523107", "", HERE),
        ("Lugar Nenhum", "", None),
        ("", "", None),
    ],
)
def test_a_city_is_known_by_its_name_and_state(text: str, near: str, code: str | None) -> None:
    found = city_named(text, near=near)
    assert (found.code if found else None) == code


def test_suggestions_come_from_the_own_state_first() -> None:
    assert [str(city) for city in cities_beginning("itaqu", near=HERE, limit=3)] == [
        "Itaquaquecetuba (SP)",
        "Itaquara (BA)",
        "Itaqui (RS)",
    ]
    assert cities_beginning("i", near=HERE) == []


@pytest.mark.parametrize(
    ("home", "served", "elsewhere"),
    [(HERE, HERE, False), ("3552502", HERE, True), ("", HERE, False), (HERE, "", False)],
)
def test_only_a_known_home_can_be_elsewhere(home: str, served: str, elsewhere: bool) -> None:
    assert lives_elsewhere(home, served) is elsewhere
