"""Calculations: worked out by cases/rules/calculation.py, told in words, stored, and printed as a memória."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import Papel, User
from cases.models import Atendimento, Calculo, Reclamado
from cases.rules import calculation as rules
from cases.rules.calculation import Rate, cents
from cases.services.letters import case_data, supplier_data
from documents.models import Documento
from documents.services import freeze, issue
from workflow.errors import ContentRefused
from workflow.integrity import whole
from workflow.services import record, require_papel

CALCULATORS = frozenset({Papel.ATENDENTE, Papel.COORDENADOR, Papel.CONCILIADOR})
ROUNDING = "Valores arredondados ao centavo, meio centavo para cima. Mês de 30 dias, ano de 12 meses."
CDC_52 = "CDC (Lei 8.078/1990), art. 52, § 2º"
_PER = {"dia": "ao dia", "mes": "ao mês", "ano": "ao ano"}
_TIME = {"dia": ("dia", "dias"), "mes": ("mês", "meses"), "ano": ("ano", "anos")}


@whole
def calculate(*, atendimento: Atendimento, especie: str, entrada: dict[str, Any], by: User, at: datetime) -> Calculo:
    """Make a calculation for a case, also a closed one, and issue its memória. Nothing in the case moves."""
    require_papel(by, atendimento.unidade_id, CALCULATORS, "fazer cálculo")
    memoria = work_out(especie, entrada)
    suppliers = Reclamado.objects.filter(atendimento=atendimento).select_related("fornecedor")
    documento = issue(
        Documento.Tipo.MEMORIA_DE_CALCULO,
        titulo=f"Memória de cálculo – atendimento {atendimento.protocolo}",
        dados={
            **case_data(atendimento),
            **memoria,
            "fornecedores": [supplier_data(item.fornecedor) for item in suppliers],
            "atendente": by.nome,
        },
        unidade=atendimento.unidade,
        historico=atendimento.historico,
        by=by,
        at=at,
    )
    made = Calculo.objects.create(
        atendimento=atendimento,
        especie=especie,
        entrada=freeze(entrada),
        resultado=freeze(memoria),
        versao=rules.VERSION,
        documento=documento,
        por=by,
        quando=at,
    )
    record(atendimento, "CALCULAR", by=by, at=at, especie=especie, documento=documento.codigo)
    return made


def work_out(especie: str, entrada: dict[str, Any]) -> dict[str, Any]:
    """The calculation in the shape of its memória (documents: MemoriaDeCalculo), stored nowhere."""
    work = _WORK.get(especie)
    if work is None:
        raise ContentRefused("Escolha na lista o que calcular.", errors={"especie": "Escolha na lista."})
    _check_units(entrada)
    try:
        return {"calculo": str(Calculo.Especie(especie).label), "observacao": ROUNDING, **work(**entrada)}
    except rules.NotCalculableError as impossible:
        raise ContentRefused(str(impossible)) from impossible
    except ArithmeticError as overflow:
        raise ContentRefused(
            "O resultado não cabe em nenhuma conta real. Confira a taxa (ao dia, ao mês ou ao ano?) e o prazo."
        ) from overflow


def _check_units(entrada: Mapping[str, Any]) -> None:
    """Refuse a unit of time, or a kind of rate, that the formulas do not know."""
    known = {"periodo": _TIME, "unidade_prazo": _TIME, "tipo_taxa": (rules.EFFECTIVE, rules.NOMINAL, "")}
    unknown = [name for name, values in known.items() if entrada.get(name, next(iter(values))) not in values]
    if unknown:
        raise ContentRefused(
            "Escolha na lista o período e o tipo da taxa.", errors=dict.fromkeys(unknown, "Escolha na lista.")
        )


def _interest(
    count: Callable[[Decimal, Rate, Decimal, str], Decimal],
    formula: str,
    *,
    principal: Decimal,
    rate: Rate,
    prazo: Decimal,
    unidade_prazo: str,
) -> dict[str, Any]:
    interest = count(principal, rate, prazo, unidade_prazo)
    one, many = _TIME[unidade_prazo]
    return {
        "entradas": [
            _given("Valor", _brl(principal)),
            _given("Taxa de juros", _rate(rate)),
            _given("Tempo", f"{_number(prazo)} {one if prazo == 1 else many}"),
        ],
        "formula": formula,
        "resultados": [
            _given("Juros", _brl(interest)),
            _given("Valor com os juros", _brl(principal + interest)),
        ],
    }


def _simple(
    *, principal: Decimal, taxa: Decimal, periodo: str, prazo: Decimal, unidade_prazo: str, tipo_taxa: str = ""
) -> dict[str, Any]:
    rate = Rate(taxa, periodo, rules.NOMINAL)
    formula = "juros = valor × taxa × tempo"
    return _interest(
        rules.simple_interest, formula, principal=principal, rate=rate, prazo=prazo, unidade_prazo=unidade_prazo
    )


def _compound(
    *, principal: Decimal, taxa: Decimal, periodo: str, tipo_taxa: str, prazo: Decimal, unidade_prazo: str
) -> dict[str, Any]:
    rate = Rate(taxa, periodo, tipo_taxa)
    formula = "juros = valor × ((1 + taxa)ᵗ − 1), t = tempo na unidade escolhida"
    return _interest(
        rules.compound_interest, formula, principal=principal, rate=rate, prazo=prazo, unidade_prazo=unidade_prazo
    )


def _price(
    *, principal: Decimal, taxa: Decimal, periodo: str, tipo_taxa: str, parcelas: int, primeiro_vencimento: date
) -> dict[str, Any]:
    rate = Rate(taxa, periodo, tipo_taxa)
    lines = rules.price_table(principal, rate.as_fraction(rules.MONTH), parcelas, primeiro_vencimento)
    paid = sum((line.amount for line in lines), Decimal(0))
    return {
        "entradas": [
            _given("Valor financiado", _brl(principal)),
            _given("Taxa de juros", _rate(rate)),
            _given("Parcelas", f"{parcelas} mensais, a primeira em {primeiro_vencimento:%d/%m/%Y}"),
        ],
        "formula": "parcela = valor × taxa ÷ (1 − (1 + taxa)⁻ⁿ)",
        "explicacao": "A última parcela leva a diferença dos arredondamentos.",
        "parcelas": [
            {
                "numero": line.number,
                "vencimento": line.due,
                "valor": line.amount,
                "juros": line.interest,
                "amortizacao": line.amortisation,
                "saldo": line.balance,
            }
            for line in lines
        ],
        "totais": {"valor": paid, "juros": paid - principal, "amortizacao": principal},
        "resultados": [
            _given("Parcela", _brl(lines[0].amount)),
            _given("Total a pagar", _brl(paid)),
            _given("Total de juros", _brl(paid - principal)),
        ],
    }


def _settlement(
    *,
    parcela: Decimal,
    restantes: int,
    proximo_vencimento: date,
    taxa: Decimal,
    periodo: str,
    tipo_taxa: str,
    liquidacao: date,
) -> dict[str, Any]:
    rate = Rate(taxa, periodo, tipo_taxa)
    left = [(index + 1, rules.add_months(proximo_vencimento, index), parcela) for index in range(restantes)]
    lines = rules.settle(left, rate.as_fraction(rules.MONTH), liquidacao)
    full, worth = parcela * restantes, sum((line.present for line in lines), Decimal(0))
    return {
        "entradas": [
            _given("Parcela", _brl(parcela)),
            _given("Parcelas que faltam", f"{restantes} mensais, a próxima em {proximo_vencimento:%d/%m/%Y}"),
            _given("Taxa de juros do contrato", _rate(rate)),
            _given("Dia da liquidação", f"{liquidacao:%d/%m/%Y}"),
        ],
        "formula": "valor presente = parcela ÷ (1 + taxa)ᵗ, t = meses que faltam até o vencimento",
        "explicacao": (
            "O consumidor que paga antes tem direito à redução proporcional dos juros e dos demais acréscimos. Cada "
            "parcela que falta é trazida ao dia do pagamento pela taxa do próprio contrato; parcela já vencida entra "
            "pelo seu valor, sem mora."
        ),
        "parcelas": [
            {
                "numero": line.number,
                "vencimento": line.due,
                "valor": line.amount,
                "desconto": line.discount,
                "valor_presente": line.present,
            }
            for line in lines
        ],
        "totais": {"valor": full, "desconto": full - worth, "valor_presente": worth},
        "resultados": [
            _given("Soma das parcelas que faltam", _brl(full)),
            _given("Redução dos juros", _brl(full - worth)),
            _given("Valor para liquidar", _brl(worth)),
        ],
        "fonte": CDC_52,
    }


def _implied(*, principal: Decimal, parcela: Decimal, parcelas: int) -> dict[str, Any]:
    monthly = rules.implied_rate(principal, parcela, parcelas)
    return {
        "entradas": [
            _given("Valor à vista ou financiado", _brl(principal)),
            _given("Parcela", _brl(parcela)),
            _given("Parcelas", f"{parcelas} mensais, a primeira um mês depois"),
        ],
        "formula": "a taxa em que a soma de parcela ÷ (1 + taxa)ᵏ, k = 1 a n, é o valor financiado",
        "explicacao": "Achada por aproximações sucessivas (bisseção), com oito casas.",
        "resultados": [
            _given("Taxa efetiva ao mês", _percent(monthly * 100)),
            _given("Taxa efetiva ao ano", _percent(rules.yearly(monthly) * 100)),
            _given("Total das parcelas", _brl(parcela * parcelas)),
            _given("Juros embutidos", _brl(parcela * parcelas - principal)),
        ],
    }


_WORK: dict[str, Callable[..., dict[str, Any]]] = {
    Calculo.Especie.JUROS_SIMPLES: _simple,
    Calculo.Especie.JUROS_COMPOSTOS: _compound,
    Calculo.Especie.PRICE: _price,
    Calculo.Especie.LIQUIDACAO: _settlement,
    Calculo.Especie.TAXA: _implied,
}


def _given(label: str, value: str) -> dict[str, str]:
    return {"rotulo": label, "valor": value}


def _brl(amount: Decimal) -> str:
    return "R$ " + f"{cents(amount):,.2f}".translate(str.maketrans(",.", ".,"))


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def _percent(value: Decimal) -> str:
    """With two places at least, six at most."""
    whole, _, rest = f"{value:.6f}".rstrip("0").partition(".")
    return f"{whole},{rest:0<2}%"


def _rate(rate: Rate) -> str:
    kind = "" if rate.per == rules.MONTH else f" ({rate.kind})"
    return f"{_percent(rate.percent)} {_PER[rate.per]}{kind}"
