"""Every published version of the register still says what was hashed."""

from __future__ import annotations

from collections.abc import Iterator

from reports.models import Cadastro
from reports.register.services.published import digest_of, frozen_lines


def wrong_registers() -> Iterator[str]:
    """Every version whose rows are not those that were hashed, and every line of it that is not."""
    for version in Cadastro.objects.select_related("substitui").order_by("ano", "versao"):
        lines = frozen_lines(version)
        hashes = version.linhas.order_by("ordem").values_list("razao_social", "resumo")
        off = [name for line, (name, kept) in zip(lines, hashes, strict=True) if line.resumo() != kept]
        for name in off:
            yield f"{version}: a linha de {name} não confere com o seu resumo SHA-256."
        if digest_of(version, lines) != version.resumo:
            yield f"{version}: o publicado não confere com o resumo SHA-256."
