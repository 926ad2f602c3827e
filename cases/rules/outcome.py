"""The desfecho of a decided reclamação, from the classes of its reclamados. Pure.

CDC art. 44 publishes each founded complaint "atendida" or not, per supplier; the case itself has one desfecho, and that
is of the supplier who stands worst towards the consumer: a consumer whom one of two suppliers left unattended was
"""

from __future__ import annotations

from collections.abc import Collection

#: Class → desfecho of the case, the weightiest first (CDC art. 44; Decreto 2.181/1997, arts. 57 to 62).
WEIGHT: tuple[tuple[str, str], ...] = (
    ("fundamentada_nao_atendida", "fundamentada_nao_atendida"),
    ("fundamentada_atendida", "fundamentada_atendida"),
    ("nao_fundamentada", "nao_fundamentada"),
    ("encerrada", "sem_resolucao"),
    ("consulta_fornecida", "orientado"),
)


def outcome_of(classes: Collection[str]) -> str:
    """The case's desfecho: that of the weightiest class among its reclamados. Raises ValueError without any."""
    for value, desfecho in WEIGHT:
        if value in classes:
            return desfecho
    raise ValueError("a decided reclamação has at least one class")
