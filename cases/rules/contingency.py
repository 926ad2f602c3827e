"""The numbers of contingency forms, and which blanks the form of each tipo has. Pure."""

from __future__ import annotations

import re

from cases.tipos import RULES

#: So many forms are reserved at a time: a drawer full, not a warehouse.
AT_MOST = 200
_CODE = re.compile(r"C?(\d{2})(\d{3})(\d{3})(\d{2})(\d{5})")


def form_code(unidade: str, ano: int, number: int) -> str:
    """The number printed on a form, as C-35.001.001.26-00012: no protocol is mistaken for it."""
    return f"C-{unidade}.{ano % 100:02d}-{number:05d}"


def clean_form_code(text: str) -> str:
    """The number as it is printed, however it was typed. Raises ValueError in Portuguese."""
    found = _CODE.fullmatch(re.sub(r"[^0-9A-Z]", "", text.upper()))
    if not found:
        raise ValueError("O número do formulário é como C-35.001.001.26-00012. Copie-o do alto da folha.")
    uf, procon, unidade, ano, number = found.groups()
    return f"C-{uf}.{procon}.{unidade}.{ano}-{number}"


def blanks_of(tipo: str) -> dict[str, bool]:
    """Which parts the printed form of a tipo has, from what registering it asks (cases/tipos.py)."""
    rule = RULES[tipo]
    facts = not (rule.needs_nfp_result or rule.needs_case)
    return {
        "fornecedores": rule.max_suppliers != 0,
        "fatos": facts,
        "compra": facts and rule.max_suppliers != 0,
        "orgao": rule.needs_body or tipo == "extra_procon",
        "nfp": rule.needs_nfp_result,
        "caso": rule.needs_case,
        "calculo": tipo == "calculo",
    }
