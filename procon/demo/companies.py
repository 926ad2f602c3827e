"""Fictitious suppliers: coined names, and CNPJs of a range that is valid in form and given to nobody we know of."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

#: How many of each área, with the kinds of business that its names begin with.
_KINDS: dict[str, tuple[int, tuple[str, ...]]] = {
    "Produtos": (60, ("Lojas", "Magazine", "Eletro", "Móveis", "Comércio Digital", "Casa")),
    "Assuntos Financeiros": (34, ("Banco", "Financeira", "Cartões", "Crédito", "Seguradora", "Consórcio")),
    "Serviços Essenciais": (16, ("Telefonia", "Energia", "Saneamento", "Telecom", "Internet")),
    "Serviços Privados": (50, ("Escola", "Turismo", "Academia", "Oficina", "Cursos", "Transportes")),
    "Saúde": (14, ("Plano de Saúde", "Clínica", "Laboratório", "Ótica")),
    "Habitação": (10, ("Imobiliária", "Construtora", "Incorporadora")),
    "Alimentos": (12, ("Supermercado", "Mercado", "Padaria", "Restaurante")),
}


def _words(text: str) -> list[str]:
    return text.split()


_ONSETS = _words("Zur Quel Tra Vim Brel Jor Xan Mel Fru Gal Nev Pir Lom Dar Crez Ubi Yal Sul Tor Hel")
_ENDS = _words("vano mira quira belo dara stano ruba lisa vento pira gora mundi celo tuba nara zinho")
_FORMS = (" S.A.", " Ltda.", " Ltda.", " Comércio e Serviços Ltda.", " ME", " EIRELI")
_CITIES = (("3550308", "SP"), ("3523107", "SP"), ("3304557", "RJ"), ("4106902", "PR"), ("3106200", "MG"))


@dataclass(frozen=True, slots=True)
class Company:
    """What `register_supplier` is told about one establishment, and how often people complain of it."""

    area: str
    razao_social: str
    cnpj: str | None
    weight: float
    fields: dict[str, Any] = field(default_factory=dict)
    #: Whether it signed the term of electronic CIP.
    adere: bool = False


def companies(rng: Random) -> list[Company]:
    """Every supplier of the demonstration; the largest have a second establishment under the same radical."""
    found: list[Company] = []
    roots = iter(rng.sample(range(99_900_000, 99_999_999), 400))
    coined = iter(rng.sample([onset + end for onset in _ONSETS for end in _ENDS], 300))
    for area, (count, kinds) in _KINDS.items():
        for rank in range(1, count + 1):
            name = f"{rng.choice(kinds)} {next(coined)}"
            root = _root(next(roots), alphanumeric=rng.random() < 0.06)
            found += _establishments(area, name, root, rank, rng)
    for place in ("Barraca do Zeca", "Conserta Tudo da Vila", "Bazar da Dona Nena"):
        found.append(Company("Produtos", place, None, 0.1))
    return found


def cnpj_of(root: str, branch: int) -> str:
    """The CNPJ of an establishment: root, branch, and check digits (modulus 11 on ASCII - 48)."""
    chars = f"{root}{branch:04d}"
    for first in (5, 6):
        weights = [*range(first, 1, -1), *range(9, 1, -1)]
        total = sum((ord(char) - 48) * weight for char, weight in zip(chars, weights, strict=True))
        chars += str(0 if total % 11 < 2 else 11 - total % 11)
    return chars


def _root(number: int, *, alphanumeric: bool) -> str:
    text = str(number)
    return f"ZZ{text[2:5]}X{text[6:]}" if alphanumeric else text


def _establishments(area: str, name: str, root: str, rank: int, rng: Random) -> list[Company]:
    legal = name + (" S.A." if rank <= 4 else rng.choice(_FORMS))
    municipio, uf = _CITIES[0] if rank <= 4 else rng.choice(_CITIES)
    address = name.rsplit(maxsplit=1)[-1].lower()
    fields: dict[str, Any] = {
        "nome_fantasia": name,
        "logradouro": "Avenida das Empresas",
        "numero": str(rng.randrange(10, 3000)),
        "bairro": "Centro",
        "municipio": municipio,
        "uf": uf,
    }
    if rank <= 6 or rng.random() < 0.5:
        fields["email"] = f"sac@{address}.example"
    weight = 1 / rank**0.9
    main = Company(area, legal, cnpj_of(root, 1), weight, fields, adere=rank <= 3)
    if rank > 3:
        return [main]
    branch = legal.removesuffix(".").replace(" S.A", " SA - FILIAL").upper()
    return [main, Company(area, branch, cnpj_of(root, 2), weight / 5, fields)]
