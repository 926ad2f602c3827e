"""Second factors: enrolled, used once, taken away, reset."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from access.conf import MANDATORY, RECOVERY_CODES, RECOVERY_LENGTH
from access.models import CodigoDeRecuperacao, Fator
from access.rules import new_recovery_code, recovery_code, step_of
from access.sealing import seal, unseal
from access.services.journal import NOWHERE, Fato, Place, note
from access.services.people import over_all
from access.services.sessions import end_sessions
from accounts.models import SYSTEM_LOGIN, Papel, User
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import whole

WRONG_CODE = "O código não confere. Confira se o relógio do celular está certo e digite o código que aparece agora."
SHORTEST_REASON = 10


def is_mandatory(user: User) -> bool:
    """Whether this person cannot work here without a second factor."""
    return settings.PROCON["SEGUNDO_FATOR"] == "obrigatorio" and bool(user.papeis & MANDATORY)


def has_factor(user: User) -> bool:
    """Whether this person has a second factor; recovery codes alone are none."""
    return Fator.objects.filter(usuario=user).exists()


@whole
def enrol_application(*, secret: str, code: str, by: User, at: datetime, place: Place = NOWHERE) -> list[str]:
    """Enrol the application that shows this code; returns the recovery codes where it is the first factor.

    Raises ContentRefused for a wrong code, and where there is an application already.
    """
    step = step_of(secret, code, at.timestamp())
    if step is None:
        raise ContentRefused(WRONG_CODE, errors={"codigo": WRONG_CODE})
    _alone(by)
    if Fator.objects.filter(usuario=by, tipo=Fator.Tipo.APLICATIVO).exists():
        raise ActNotAllowed("Já há um aplicativo de códigos nesta conta. Retire-o antes de incluir outro.")
    values = {"nome": Fator.Tipo.APLICATIVO.label, "segredo": seal(secret), "ultimo_passo": step}
    return _enrol(Fator(usuario=by, tipo=Fator.Tipo.APLICATIVO, criado_em=at, **values), at=at, place=place)


@whole
def enrol_key(
    *, nome: str, credencial: str, segredo: str, contador: int, by: User, at: datetime, place: Place = NOWHERE
) -> list[str]:
    """Enrol a key whose registration was checked; returns the recovery codes where it is the first factor."""
    _alone(by)
    if Fator.objects.filter(credencial=credencial).exists():
        raise ActNotAllowed("Esta chave de segurança já está cadastrada. Use outra.")
    row = Fator(
        usuario=by, tipo=Fator.Tipo.CHAVE, nome=nome or Fator.Tipo.CHAVE.label, credencial=credencial,
        segredo=seal(segredo), contador=contador, criado_em=at,
    )  # fmt: skip
    return _enrol(row, at=at, place=place)


def use_code(*, code: str, by: User, at: datetime, place: Place = NOWHERE) -> str:
    """Take a code of the application, or a recovery code; what it was, or empty where it is none or was used."""
    row = Fator.objects.filter(usuario=by, tipo=Fator.Tipo.APLICATIVO).first()
    secret = unseal(row.segredo) if row else None
    step = step_of(secret, code, at.timestamp()) if secret else None
    if row and step is not None:
        fresh = Fator.objects.filter(pk=row.pk, ultimo_passo__lt=step).update(ultimo_passo=step, usado_em=at)
        return Fator.Tipo.APLICATIVO.value if fresh else ""
    return _use_recovery_code(code, by, at, place)


def use_key(*, fator: Fator, contador: int, at: datetime) -> bool:
    """Write down that a key answered; false where its counter did not rise, as a copied key's would not."""
    rose = {"contador__lt": contador} if contador else {"contador": 0}  # a key that does not count says 0 for ever
    return bool(Fator.objects.filter(pk=fator.pk, **rose).update(contador=contador, usado_em=at))


@whole
def remove_factor(*, fator: Fator, by: User, at: datetime, place: Place = NOWHERE) -> None:
    """Take one of one's own factors away. The last one of who must have one stays; with the last go the codes."""
    _alone(by)
    others = Fator.objects.filter(usuario=by).exclude(pk=fator.pk)
    if not others.exists():
        if is_mandatory(by):
            raise ActNotAllowed("Seu papel exige segundo fator, e este é o único. Inclua outro antes de retirá-lo.")
        CodigoDeRecuperacao.objects.filter(usuario=by).delete()
    if Fator.objects.filter(pk=fator.pk, usuario=by).delete()[0]:
        note(usuario=by, fato=Fato.FATOR_RETIRADO, by=by, at=at, place=place, detalhe=fator.nome)


@whole
def renew_codes(*, by: User, at: datetime, place: Place = NOWHERE) -> list[str]:
    """New recovery codes; the old ones are dead."""
    _alone(by)
    if not has_factor(by):
        raise ActNotAllowed(
            "Códigos de recuperação vêm com o segundo fator. Inclua primeiro um aplicativo ou uma chave."
        )
    codes = _new_codes(by)
    note(usuario=by, fato=Fato.CODIGOS, by=by, at=at, place=place)
    return codes


@whole
def reset_second_factor(*, usuario: User, motivo: str, by: User, at: datetime) -> None:
    """Take every second factor of another person away, with a reason, and end their sessions.

    By an administrador of every unidade where that person works (of any, where they work in none), or by the machine's
    operator through the command. The person is told, and enrols anew at the next log-in where the papel demands it.
    """
    _may_reset(usuario, by)
    if len(motivo.split()) < 2 or len(motivo.strip()) < SHORTEST_REASON:
        sentence = "Escreva o motivo em palavras, como «perdeu o celular, conferi o documento no balcão»."
        raise ContentRefused(sentence, errors={"motivo": sentence})
    _alone(usuario)
    gone = Fator.objects.filter(usuario=usuario).delete()[0]
    CodigoDeRecuperacao.objects.filter(usuario=usuario).delete()
    if not gone:
        raise ActNotAllowed(f"{usuario.nome} não tem segundo fator: nada há para redefinir.")
    end_sessions(usuario=usuario, by=by, at=at)
    note(usuario=usuario, fato=Fato.FATOR_REDEFINIDO, by=by, at=at, detalhe=f"{by.nome}: {motivo.strip()}")


def codes_left(user: User) -> int:
    """How many recovery codes are still good."""
    return CodigoDeRecuperacao.objects.filter(usuario=user, usado_em=None).count()


def _may_reset(usuario: User, by: User) -> None:
    if by.usuario == SYSTEM_LOGIN:
        return
    if usuario.pk == by.pk:
        raise ActNotAllowed("Ninguém redefine o próprio segundo fator. Peça a outro administrador.")
    if not by.unidades_com({Papel.ADMINISTRADOR}) or not over_all(User.objects.get(pk=usuario.pk), by):
        raise ActNotAllowed(
            "Só um administrador de todas as unidades desta pessoa redefine o segundo fator dela. Peça a ele."
        )


def _alone(user: User) -> None:
    """One change of one person's factors at a time."""
    User.objects.select_for_update().get(pk=user.pk)


def _enrol(row: Fator, *, at: datetime, place: Place) -> list[str]:
    first = not has_factor(row.usuario)
    row.save(force_insert=True)
    note(usuario=row.usuario, fato=Fato.FATOR_INCLUIDO, by=row.usuario, at=at, place=place, detalhe=row.nome)
    return _new_codes(row.usuario) if first else []


def _new_codes(user: User) -> list[str]:
    CodigoDeRecuperacao.objects.filter(usuario=user).delete()
    codes = [new_recovery_code(RECOVERY_LENGTH) for _ in range(RECOVERY_CODES)]
    CodigoDeRecuperacao.objects.bulk_create(_hashed(user, codes))
    return codes


def _hashed(user: User, codes: Sequence[str]) -> list[CodigoDeRecuperacao]:
    return [CodigoDeRecuperacao(usuario=user, resumo=make_password(code)) for code in codes]


def _use_recovery_code(typed: str, by: User, at: datetime, place: Place) -> str:
    code = recovery_code(typed, RECOVERY_LENGTH)
    if not code:
        return ""
    for row in CodigoDeRecuperacao.objects.filter(usuario=by, usado_em=None):
        if check_password(code, row.resumo):
            with transaction.atomic():
                fresh = CodigoDeRecuperacao.objects.filter(pk=row.pk, usado_em=None).update(usado_em=at)
                if fresh:
                    left = f"restam {codes_left(by)}"
                    note(usuario=by, fato=Fato.CODIGO_USADO, by=by, at=at, place=place, detalhe=left)
            return "recuperacao" if fresh else ""
    return ""
