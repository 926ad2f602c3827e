"""What a password may not be beside Django's own rules: the office's name with a number behind it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from access.data import has_leaked
from accounts.models import User

#: So many characters must be left when the words that everybody at the counter would try are taken out.
LEFT = 8
ALWAYS = (
    *("procon", "senha", "consumidor", "prefeitura", "municipio", "mudar", "trocar", "brasil", "jesus", "deus", "amor"),
    *("flamengo", "corinthians", "palmeiras", "santos", "saopaulo", "vasco", "gremio", "cruzeiro"),
)
#: A piece that is only repeated is no more than itself.
SHORT = 4


class LeakedPasswordValidator:
    """Refuses the most used passwords that leaked elsewhere and are long enough here (ASVS 5.0, 6.2.4 and 6.2.12)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError where it is one of them."""
        if has_leaked(password):
            raise ValidationError(
                "Esta senha está entre as mais usadas que já vazaram de outros sistemas, e quem ataca começa por "
                "elas. Junte palavras suas, ou escreva uma frase."
            )

    def get_help_text(self) -> str:
        """The rule in words."""
        return "Não pode ser uma senha conhecida de vazamentos."


class OfficeWordsValidator:
    """Refuses what is made of the office's own words (ASVS 5.0, 6.2.11)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError where too little is left beside those words."""
        rest = plain(password)
        for word in sorted(self._words(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < LEFT:
            raise ValidationError(
                "A senha é feita de palavras que todos aqui tentariam, como o nome do órgão ou da cidade. "
                "Junte outras palavras, ou escreva uma frase."
            )

    def get_help_text(self) -> str:
        """The rule in words."""
        return "Não pode ser só o nome do órgão ou da cidade com algo atrás."

    @staticmethod
    def _words() -> set[str]:
        said = plain(f"{settings.PROCON['NOME']} {settings.PROCON['CIDADE']}")
        return {*ALWAYS, *(word for word in re.findall(r"\w+", said) if len(word) > 3)}


class DecoratedWordValidator:
    """Refuses one common word with signs around it, a short piece repeated, and digits in a row (ASVS 5.0, 6.2.4).

    The words are Django's list of the 20,000 most used passwords, which seldom reach twelve characters by themselves.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError where the password is nothing else."""
        letters = "".join(c for c in plain(password) if c.isalpha())
        digits = "".join(c for c in password if c.isdigit())
        if self._is_common(letters) if letters else self._is_row(digits):
            raise ValidationError(
                "Esta senha é uma palavra ou sequência muito comum com algo em volta. "
                "Junte outras palavras, ou escreva uma frase."
            )

    def get_help_text(self) -> str:
        """The rule in words."""
        return "Não pode ser uma palavra muito comum com números ou sinais em volta."

    @staticmethod
    def _is_common(letters: str) -> bool:
        unit = _unit(letters)
        return letters in _common() or (unit != letters and (len(unit) <= SHORT or unit in _common()))

    @staticmethod
    def _is_row(digits: str) -> bool:
        steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
        return len(steps) <= 1 or len(_unit(digits)) <= SHORT


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def _unit(text: str) -> str:
    """The shortest piece that, repeated, gives the text (to its end, or broken off there)."""
    sizes = range(1, len(text) // 2 + 1)
    return next((text[:size] for size in sizes if (text[:size] * len(text)).startswith(text)), text)


def plain(text: str) -> str:
    """Small letters without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
