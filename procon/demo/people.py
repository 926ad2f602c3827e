"""Fictitious consumers: common first names and surnames joined by chance, valid synthetic CPFs, reserved addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from parties.models import Prioridade

#: The named cast's consumer, with the CPF that textbooks use.
ANA_CPF = "11144477735"
MUNICIPIO, UF = "3523107", "SP"


def _words(text: str) -> list[str]:
    return text.split()


_FEMALE = _words(
    "Ana Adriana Aline Amanda Beatriz Bruna Camila Carolina Célia Cláudia Cristina Daniela Débora Eliane Fernanda "
    "Gabriela Helena Isabel Joana Juliana Larissa Letícia Lúcia Luana Márcia Maria Mariana Marta Natália Patrícia "
    "Paula Raquel Regina Renata Rita Rosa Sandra Silvana Sônia Tatiane Teresa Vanessa Vera Viviane"
)
_MALE = _words(
    "Adriano Alexandre André Antônio Bruno Carlos César Daniel Diego Edson Eduardo Fábio Felipe Fernando Flávio "
    "Francisco Gabriel Geraldo Gustavo Henrique João Jorge José Júlio Leandro Lucas Luís Marcelo Marcos Mário Mateus "
    "Maurício Nelson Paulo Pedro Rafael Reinaldo Renato Ricardo Roberto Rodrigo Rogério Sérgio Thiago Vítor Wagner"
)
_SURNAMES = _words(
    "Almeida Alves Andrade Araújo Barbosa Barros Batista Borges Campos Cardoso Carvalho Castro Correia Costa Dias "
    "Duarte Farias Fernandes Ferreira Freitas Gomes Gonçalves Lima Lopes Machado Marques Martins Medeiros Melo Mendes "
    "Miranda Monteiro Moraes Moreira Moura Nascimento Nogueira Nunes Oliveira Pereira Pinto Ramos Ribeiro Rocha "
    "Rodrigues Santana Santos Silva Soares Souza Teixeira Vieira"
)
#: Bairros of Itaquaquecetuba with the first five digits of their CEP.
BAIRROS = (
    ("Centro", "08570"),
    ("Vila Virgínia", "08573"),
    ("Jardim Caiuby", "08588"),
    ("Vila Monte Belo", "08577"),
    ("Parque Residencial Marengo", "08594"),
    ("Jardim Odete", "08598"),
    ("Vila São Carlos", "08599"),
    ("Jardim Napoli", "08583"),
    ("Estação", "08571"),
    ("Aracaré", "08572"),
    ("Rio Abaixo", "08579"),
    ("Pequeno Coração", "08586"),
    ("Vila Maria Augusta", "08574"),
    ("Parque Piratininga", "08582"),
    ("Recanto Mônica", "08592"),
    ("Jardim Maragogipe", "08580"),
    ("Vila Japão", "08576"),
    ("Jardim Paineira", "08585"),
    ("Monte Belo", "08578"),
    ("Parque Viviane", "08590"),
)
_STREETS = (
    "das Acácias",
    "dos Ipês",
    "das Palmeiras",
    "do Sabiá",
    "da Jabuticabeira",
    "do Ribeirão",
    "das Orquídeas",
    "da Serra",
    "do Cruzeiro",
    "das Hortênsias",
    "do Rosário",
    "da Figueira",
    "dos Jasmins",
    "da Pedreira",
    "do Tucano",
    "das Violetas",
)
_GROUNDS = (Prioridade.PCD, Prioridade.GESTANTE, Prioridade.MOBILIDADE_REDUZIDA, Prioridade.TEA, Prioridade.OBESO)


@dataclass(frozen=True, slots=True)
class Person:
    """What `register_consumer` is told about one person."""

    nome: str
    cpf: str | None
    fields: dict[str, object] = field(default_factory=dict)


def people(count: int, rng: Random, *, ano: int) -> list[Person]:
    """`count` people of different CPFs, Ana the first; a few have no CPF, as foreigners and walk-ins do."""
    used = {ANA_CPF}
    found = [Person("Ana Souza", ANA_CPF, {**_about(rng, ano), "sexo": "F", "email": "ana@example.org"})]
    while len(found) < count:
        cpf = cpf_of(rng.randrange(10**9))
        if cpf in used:
            continue
        used.add(cpf)
        sexo = "F" if rng.random() < 0.56 else "M"
        first = rng.choice(_FEMALE if sexo == "F" else _MALE)
        nome = f"{first} {rng.choice(_SURNAMES)} {rng.choice(_SURNAMES)}"
        fields = {**_about(rng, ano), "sexo": sexo}
        if rng.random() < 0.62:
            fields["email"] = f"consumidor{len(found)}@example.org"
        found.append(Person(nome, None if rng.random() < 0.01 else cpf, fields))
    return found


def cpf_of(root: int) -> str:
    """The CPF whose first nine digits are `root`, with its two check digits."""
    digits = [int(char) for char in f"{root:09d}"]
    for length in (10, 11):
        total = sum(digit * weight for digit, weight in zip(digits, range(length, 1, -1), strict=True))
        digits.append(0 if total % 11 < 2 else 11 - total % 11)
    return "".join(map(str, digits))


def full_name(rng: Random) -> str:
    """Somebody who comes for a supplier."""
    return f"{rng.choice(_FEMALE + _MALE)} {rng.choice(_SURNAMES)}"


def _about(rng: Random, ano: int) -> dict[str, object]:
    bairro, zone = rng.choices(BAIRROS, weights=range(len(BAIRROS) + 4, 4, -1))[0]
    years = min(92, max(18, rng.gauss(45, 15)))
    fields: dict[str, object] = {
        "nascimento": date(ano, 1, 1) - timedelta(days=int(years * 365.25) + rng.randrange(365)),
        "telefone": f"+5511{rng.randrange(9 * 10**8, 9 * 10**8 + 10**4)}",
        "cep": f"{zone}{rng.randrange(10, 990):03d}",
        "logradouro": f"Rua {rng.choice(_STREETS)}",
        "numero": str(rng.randrange(1, 1500)),
        "bairro": bairro,
        "municipio": MUNICIPIO,
        "uf": UF,
    }
    if rng.random() < 0.05:
        fields["prioridades"] = [rng.choice(_GROUNDS)]
    return fields
