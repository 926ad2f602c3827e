"""Who may act for a consumer, and the papers that the law wants seen. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

#: Under this age a person is represented or assisted (Código Civil, arts. 3º, 4º and 5º).
ADULT = 18


@dataclass(frozen=True, slots=True)
class Power:
    """What makes one a representative: the papers of which one must be seen, and the norm."""

    papers: tuple[str, ...]
    source: str
    minors_only: bool = False
    needs_oab: bool = False


POWERS: dict[str, Power] = {
    "procurador": Power(("procuracao",), "Código Civil, arts. 653 e 654"),
    "advogado": Power(("procuracao",), "Lei 8.906/1994, art. 5º", needs_oab=True),
    "pai_mae": Power(("certidao_nascimento", "documento_do_filho"), "Código Civil, art. 1.634, VII", minors_only=True),
    "tutor": Power(("termo_tutela",), "Código Civil, arts. 1.728 e 1.747, I", minors_only=True),
    "curador": Power(("termo_curatela",), "Código Civil, arts. 1.767 e 1.774"),
}


def missing(
    qualidade: str, papers: Collection[str], *, oab: str = "", age: int | None = None, labels: dict[str, str]
) -> dict[str, str]:
    """What is still missing, one Portuguese sentence per field; empty where the representation is in order.

    `papers` are the papers seen; `age` is the consumer's, None where it is not known; `labels` name the papers.
    """
    power = POWERS.get(qualidade)
    if power is None:
        return {"qualidade": "Diga quem representa o consumidor: escolha da lista."}
    errors: dict[str, str] = {}
    if not set(power.papers) & set(papers):
        wanted = " ou ".join(labels[name].lower() for name in power.papers)
        errors["documentos"] = (
            f"Falta ver: {wanted} ({power.source}). Sem isso, oriente a pessoa em uma «Simples consulta»."
        )
    elif "identidade" not in papers:
        errors["documentos"] = "Falta ver o documento de identidade de quem representa."
    if power.needs_oab and not oab:
        errors["oab"] = "Escreva o número da OAB."
    if power.minors_only and age is not None and age >= ADULT:
        errors["qualidade"] = (
            f"O consumidor já tem {age} anos ({power.source}): quem age por ele precisa de procuração ou de curatela."
        )
    return errors
