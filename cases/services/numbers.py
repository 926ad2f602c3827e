"""The numbers that a case has in other systems: written down, and taken back where they were wrong."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from cases import acts
from cases.models import Anonimizacao, Atendimento, NumeroExterno
from cases.rules.numbers import LONGEST, has_digits
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole
from workflow.services import record, require_papel

NUMBERERS = frozenset(acts.COUNTER)


@whole
def add_number(*, atendimento: Atendimento, sistema: str, numero: str, by: User, at: datetime) -> NumeroExterno:
    """Write down the number that the same case has in another system; the search finds the case by it.

    Also of a closed case: people come back years later with the old number. Raises ContentRefused for an unknown
    system and for a number without digits, ActNotAllowed for one that stands in this case already.
    """
    require_papel(by, atendimento.unidade_id, NUMBERERS, "Anotar número de outro sistema")
    number = " ".join(numero.split())
    if sistema not in dict(NumeroExterno.Sistema.by_hand()):
        raise ContentRefused("Escolha na lista de que sistema é o número.", errors={"sistema": "Escolha o sistema."})
    if not has_digits(number):
        words = "Escreva o número como está no outro sistema, com os seus algarismos."
        raise ContentRefused(words, errors={"numero": words})
    if len(number) > LONGEST:
        words = f"Um número tem até {LONGEST} letras e algarismos. Confira o que escreveu."
        raise ContentRefused(words, errors={"numero": words})
    if Anonimizacao.objects.filter(consumidor=atendimento.consumidor_id).exists():
        raise ActNotAllowed(
            "Os dados deste caso foram anonimizados ao fim da guarda. Um número levaria de volta a quem."
        )
    with refusals_from(NumeroExterno):
        made = NumeroExterno.objects.create(
            atendimento=atendimento, sistema=sistema, numero=number, anotado_em=at, anotado_por=by
        )
    record(atendimento, "ANOTAR_NUMERO", by=by, at=at, sistema=sistema, numero=made.pk)
    return made


@whole
def take_number_back(*, numero: NumeroExterno, motivo: str, by: User, at: datetime) -> NumeroExterno:
    """Take a wrong number out of the case and out of the search, with the reason; the row stays as it was written."""
    case = numero.atendimento
    require_papel(by, case.unidade_id, NUMBERERS, "Retirar número de outro sistema")
    if not motivo.strip():
        raise ContentRefused("Escreva por que o número é retirado.", errors={"motivo": "Escreva o motivo."})
    if numero.sistema == NumeroExterno.Sistema.CONTINGENCIA:
        raise ActNotAllowed("O número do formulário de contingência fica com o caso que nasceu dele: não se retira.")
    if not NumeroExterno.objects.standing().filter(pk=numero.pk).update(retirado_em=at):
        raise ActNotAllowed("Este número já foi retirado. Atualize a página.")
    numero.retirado_em = at
    record(case, "RETIRAR_NUMERO", by=by, at=at, motivo=motivo.strip(), sistema=numero.sistema, numero=numero.pk)
    return numero
