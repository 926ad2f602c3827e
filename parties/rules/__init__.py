"""When two registrations are probably one party. Pure."""

from parties.rules.pairs import Evidence, Pairs, likeness, star_groups, trigrams
from parties.rules.people import Person, find_people
from parties.rules.suppliers import (
    Registration,
    alike,
    common_words,
    core_name,
    find_pairs,
    keys_of,
    name_parts,
    telling_core,
)

__all__ = [
    "Evidence",
    "Pairs",
    "Person",
    "Registration",
    "alike",
    "common_words",
    "core_name",
    "find_pairs",
    "find_people",
    "keys_of",
    "likeness",
    "name_parts",
    "star_groups",
    "telling_core",
    "trigrams",
]
