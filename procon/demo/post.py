"""How the letters of the demonstration go out."""

from __future__ import annotations

from random import Random

from cases.models import Reclamado


def means(reclamado: Reclamado, rng: Random) -> tuple[str, int]:
    """How a letter to a supplier goes out, and after how many days its receipt is proven."""
    supplier = reclamado.fornecedor
    if supplier.cip_eletronica and rng.random() < 0.9:
        return "portal", rng.randrange(1, 3)
    if supplier.email and rng.random() < 0.55:
        return "email", rng.randrange(3)
    if rng.random() < 0.06:
        return "em_maos", 0
    return "ar", rng.randrange(4, 11)
