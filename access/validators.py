"""What a password may not be beside Django's own rules: the office's name with a number behind it."""

from __future__ import annotations

import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.models import User

#: So many characters must be left when the words that everybody at the counter would try are taken out.
LEFT = 8
ALWAYS = ("procon", "senha", "consumidor", "prefeitura", "municipio", "mudar", "trocar")


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


def plain(text: str) -> str:
    """Small letters without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
