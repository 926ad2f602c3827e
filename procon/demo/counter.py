"""The counter of the demonstration: who comes, about what, against whom, and how it is registered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Any

from django.utils.timezone import localdate

from accounts.models import User
from cases import services as cases
from cases.models import Assunto, Atendimento, Orgao, Problema, ProblemaDoAssunto
from cases.tipos import RULES
from parties.models import Consumidor, Fornecedor
from parties.services import enroll_supplier, register_consumer, register_supplier
from procon.demo import words
from procon.demo.companies import Company
from procon.demo.people import Person
from procon.demo.plan import CasePlan
from procon.demo.stage import Stage

#: Where people are referred; those that the office does not list are left out.
BODIES = {
    "FISCALIZACAO": 24,
    "JEC": 23,
    "DEFENSORIA": 15,
    "PROCON_OUTRO": 11,
    "BACEN": 7,
    "ANATEL": 6,
    "ANEEL": 4,
    "ANS": 4,
    "VIGILANCIA_SANITARIA": 3,
    "DELEGACIA": 3,
}


@dataclass(slots=True)
class Subjects:
    """The taxonomy with how often each pair was used, to draw from."""

    pairs: list[tuple[Assunto, Problema]]
    weights: list[int]

    @classmethod
    def load(cls) -> Subjects:
        """Every pair in use."""
        rows = ProblemaDoAssunto.objects.filter(ativo=True, assunto__ativo=True, problema__ativo=True)
        rows = rows.select_related("assunto", "problema").order_by("assunto_id", "problema__descricao")
        found = [(row.assunto, row.problema, row.frequencia) for row in rows]
        return cls([(a, p) for a, p, _ in found], list(accumulate(n for _, _, n in found)))

    def draw(self, rng: Random) -> tuple[Assunto, Problema]:
        """One pair, as often as the national register had it."""
        return rng.choices(self.pairs, cum_weights=self.weights)[0]


@dataclass(slots=True)
class Crowd:
    """The people and suppliers, each registered when first met."""

    persons: list[Person]
    firms: list[Company]
    #: Who records the terms of electronic CIP, and when: the year begins with them.
    keeper: User
    opening: datetime
    known: dict[int, Consumidor] = field(default_factory=dict)
    met: dict[int, Fornecedor] = field(default_factory=dict)

    def person(self, number: int) -> Consumidor:
        """The consumer at a place of the list."""
        if number not in self.known:
            told = self.persons[number]
            self.known[number] = register_consumer(nome=told.nome, cpf=told.cpf, **told.fields)
        return self.known[number]

    def suppliers(self, area: str, count: int, rng: Random) -> list[Fornecedor]:
        """`count` different suppliers, the first of the área of the complaint."""
        chosen = self._draw(area, rng)
        numbers = [chosen]
        while len(numbers) < count:
            other = self._draw(rng.choice(("Assuntos Financeiros", "Produtos", "Serviços Privados")), rng)
            if other not in numbers:
                numbers.append(other)
        return [self._supplier(number) for number in numbers]

    def _draw(self, area: str, rng: Random) -> int:
        places = [place for place, firm in enumerate(self.firms) if firm.area == area] or list(range(len(self.firms)))
        return rng.choices(places, weights=[self.firms[place].weight for place in places])[0]

    def _supplier(self, number: int) -> Fornecedor:
        if number not in self.met:
            firm = self.firms[number]
            made = register_supplier(razao_social=firm.razao_social, cnpj=firm.cnpj, **firm.fields)
            if firm.adere:
                signed = self.opening.date()
                enroll_supplier(
                    supplier=made, termo=f"Termo {number + 1}", assinado_por="Representante legal",
                    assinado_em=signed, by=self.keeper, at=self.opening,
                )  # fmt: skip
            self.met[number] = made
        return self.met[number]


@dataclass(slots=True)
class Counter:
    """Registers what the plan foresees."""

    stage: Stage
    crowd: Crowd
    subjects: Subjects
    bodies: dict[str, Orgao]
    #: APs that somebody may ask about later.
    earlier: list[Atendimento] = field(default_factory=list)

    def register(self, plan: CasePlan) -> Atendimento:
        """One atendimento, through the service that the counter uses."""
        told = self._told(plan)
        case = cases.register(
            by=self.stage.clerk(),
            at=plan.aberto_em,
            unidade=self.stage.cast.unidade,
            tipo=plan.tipo,
            canal=plan.canal,
            cartas=False,
            **told,
        )
        if plan.tipo == "atendimento_preliminar":
            self.earlier.append(case)
        return case

    def _told(self, plan: CasePlan) -> dict[str, Any]:
        rng, rule = self.stage.rng, RULES[plan.tipo]
        if plan.tipo == "consulta_de_caso":
            case = rng.choice(self.earlier[-600:])
            return {"refere_a": case, "consumidor": case.consumidor, "relato": "Pergunta como está o caso."}
        told: dict[str, Any] = {}
        if plan.tipo != "de_oficio" and (rule.needs_consumer or rng.random() < 0.8):
            told["consumidor"] = self.crowd.person(plan.pessoa)
        if plan.tipo == "nota_fiscal_paulista":
            return told | {"nfp_desbloqueada": rng.random() < 0.94}
        if plan.tipo == "encaminhamento":
            told["orgao"] = self.bodies[self.stage.pick({key: BODIES[key] for key in self.bodies})]
        if plan.tipo == "extra_procon":
            return told | {"relato": "Questão sem relação de consumo: orientado sobre o órgão competente."}
        return told | self._complaint(plan, rule.min_suppliers)

    def _complaint(self, plan: CasePlan, suppliers: int) -> dict[str, Any]:
        rng = self.stage.rng
        assunto, problema = self.subjects.draw(rng)
        told: dict[str, Any] = {
            "assunto": assunto,
            "problema": problema,
            "relato": words.account(problema.descricao, rng),
        }
        if suppliers:
            bought = localdate(plan.aberto_em) - timedelta(days=int(rng.expovariate(1 / 60)))
            told |= {
                "fornecedores": self.crowd.suppliers(assunto.area, plan.fornecedores, rng),
                "pedido": words.request(rng),
                "valor": Decimal(round(100 * min(90_000.0, rng.lognormvariate(6, 1.1)))) / 100,
                "data_compra": bought,
            }
        return told


def bodies() -> dict[str, Orgao]:
    """The bodies that the office lists, of those to which people are referred."""
    rows = Orgao.objects.filter(ativo=True).order_by("sigla")
    return {row.sigla: row for row in rows if row.sigla in BODIES}
