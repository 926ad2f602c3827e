"""The office's own people: who works here, where, as what; their first way in; taking somebody's access away.

By an administrador. Papéis are given within the unidades that the administrador administers; what holds everywhere
(name, e-mail, the way in, whether the account works) is for who administers all unidades of that person: whoever may
change an e-mail may also read the link for a new password.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from axes.utils import reset
from django.db.models import Prefetch, Q, QuerySet

from access.services.journal import Fato, note
from access.services.passwords import link_of, send_first_link
from access.services.sessions import end_sessions
from accounts.models import SYSTEM_LOGIN, Atribuicao, Papel, Unidade, User
from listing.order import by_name
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole

#: Papéis that no person holds: they are the city's programs' and the office's own clock's.
_MACHINES = frozenset({Papel.INTEGRACAO, Papel.SISTEMA})
GIVEN = tuple(papel for papel in Papel if papel not in _MACHINES)
SHORTEST_REASON = 10


def administered(by: User) -> QuerySet[Unidade]:
    """The unidades that this person administers."""
    return Unidade.objects.filter(pk__in=by.unidades_com({Papel.ADMINISTRADOR})).order_by(by_name("nome"))


def people(by: User) -> QuerySet[User]:
    """Whom an administrador sees: who works in the same unidades, and who works in none; never a program."""
    here = Atribuicao.objects.exclude(papel__in=_MACHINES).filter(unidade__in=administered(by))
    nowhere = ~Q(pk__in=Atribuicao.objects.values("user")) & ~Q(usuario=SYSTEM_LOGIN)
    rows = Atribuicao.objects.select_related("unidade").order_by(by_name("unidade__nome"), "papel")
    found = User.objects.filter(Q(pk__in=here.values("user")) | nowhere)
    return found.prefetch_related(Prefetch("atribuicoes", rows))


def over_all(pessoa: User, by: User) -> bool:
    """Whether `by` administers every unidade where this person works, so that nobody else has a say."""
    return set(pessoa.papeis_por_unidade) <= set(by.unidades_com({Papel.ADMINISTRADOR}))


@whole
def create_person(
    *, usuario: str, nome: str, email: str, unidade: Unidade, papeis: Collection[str], by: User, at: datetime
) -> User:
    """Register somebody who will work here; a link to choose a password goes to their e-mail.

    Raises ActNotAllowed and ContentRefused (a user name that is taken, no e-mail, no papel).
    """
    _administers(by, unidade)
    _check(nome, email)
    _check_papeis(papeis)
    usuario = usuario.strip().lower()
    if not usuario or ":" in usuario or usuario == SYSTEM_LOGIN or len(usuario.split()) > 1:
        raise ContentRefused("O usuário é uma palavra só.", errors={"usuario": "Escreva uma palavra, como ana.souza."})
    if User.objects.filter(usuario__iexact=usuario).exists():
        raise ContentRefused(f"Já há o usuário «{usuario}».", errors={"usuario": "Já existe. Escolha outro."})
    with refusals_from(User):
        pessoa = User.objects.create_user(usuario, nome=nome.strip(), email=email.strip())
    Atribuicao.objects.bulk_create(Atribuicao(user=pessoa, unidade=unidade, papel=papel) for papel in set(papeis))
    told = f"{unidade.nome}: {_words(papeis)}, por {by.nome}"
    note(usuario=pessoa, fato=Fato.CONTA_CRIADA, by=by, at=at, detalhe=told)
    send_first_link(usuario=pessoa, by=by, at=at)
    return pessoa


@whole
def install_administrador(*, usuario: str, nome: str, email: str, unidade: Unidade, at: datetime) -> tuple[User, str]:
    """Whoever runs the machine makes an administrador, the first one above all; and the unidade, where it is new.

    Returns the person and the link to choose a password: an office that begins may have no e-mail yet.
    Raises ContentRefused as `create_person` does, and for a unidade that cannot be.
    """
    if unidade.pk is None:
        with refusals_from(Unidade):
            unidade.full_clean()
            unidade.save(force_insert=True)
    by = User.objects.system()
    pessoa = create_person(
        usuario=usuario, nome=nome, email=email, unidade=unidade, papeis=[Papel.ADMINISTRADOR], by=by, at=at
    )
    return pessoa, link_of(pessoa)


@whole
def change_person(*, pessoa: User, nome: str, email: str, by: User, at: datetime) -> None:
    """Correct somebody's name or e-mail; it is the old address that is told of it."""
    pessoa = _whole_person(pessoa, by)
    _check(nome, email)
    before = f"{pessoa.nome}, {pessoa.email or 'sem e-mail'}"
    after = f"{nome.strip()}, {email.strip()}"
    if before == after:
        return
    note(usuario=pessoa, fato=Fato.CONTA_ALTERADA, by=by, at=at, detalhe=f"{before} → {after}, por {by.nome}")
    pessoa.nome, pessoa.email = nome.strip(), email.strip()
    pessoa.save(update_fields=["nome", "email"])


@whole
def set_papeis(*, pessoa: User, unidade: Unidade, papeis: Collection[str], by: User, at: datetime) -> None:
    """What somebody is in one unidade, from now on; no papéis: they do not work there any more."""
    _administers(by, unidade)
    if pessoa.pk == by.pk:
        raise ActNotAllowed("Ninguém muda os próprios papéis. Peça a outro administrador.")
    if set(papeis) - set(GIVEN):
        raise ContentRefused("Papel desconhecido.", errors={"papeis": "Escolha entre os papéis da lista."})
    _write_papeis(pessoa, unidade, set(papeis), by=by, at=at)


@whole
def deactivate(*, pessoa: User, motivo: str, by: User, at: datetime) -> None:
    """Take somebody's access away at once, with the reason. What they did stays under their name."""
    if pessoa.pk == by.pk:
        raise ActNotAllowed("Ninguém desativa a própria conta. Peça a outro administrador.")
    pessoa = _whole_person(pessoa, by)
    if len(motivo.strip()) < SHORTEST_REASON:
        raise ContentRefused(
            "Escreva o motivo, como «deixou o Procon».", errors={"motivo": "Escreva o motivo, como «deixou o Procon»."}
        )
    if not User.objects.filter(pk=pessoa.pk, is_active=True).update(is_active=False):
        raise ActNotAllowed(f"A conta de {pessoa.nome} já está desativada. Atualize a página.")
    end_sessions(usuario=pessoa, by=by, at=at)
    note(usuario=pessoa, fato=Fato.CONTA_DESATIVADA, by=by, at=at, detalhe=f"{by.nome}: {motivo.strip()}")


@whole
def reactivate(*, pessoa: User, by: User, at: datetime) -> None:
    """Give the access back, with a new link: the old password is not taken for granted."""
    pessoa = _whole_person(pessoa, by)
    if not User.objects.filter(pk=pessoa.pk, is_active=False).update(is_active=True):
        raise ActNotAllowed(f"A conta de {pessoa.nome} já está ativa. Atualize a página.")
    note(usuario=pessoa, fato=Fato.CONTA_REATIVADA, by=by, at=at, detalhe=f"por {by.nome}")
    pessoa.is_active = True
    pessoa.set_unusable_password()
    pessoa.save(update_fields=["password"])
    send_first_link(usuario=pessoa, by=by, at=at)


@whole
def resend_link(*, pessoa: User, by: User, at: datetime) -> None:
    """Send the link to choose a password once more, and open a door that errors had shut."""
    pessoa = _whole_person(pessoa, by)
    if not pessoa.is_active:
        raise ActNotAllowed(f"A conta de {pessoa.nome} está desativada. Reative-a antes.")
    reset(username=pessoa.usuario)
    send_first_link(usuario=pessoa, by=by, at=at)


def _write_papeis(pessoa: User, unidade: Unidade, papeis: set[str], *, by: User, at: datetime) -> None:
    rows = Atribuicao.objects.filter(user=pessoa, unidade=unidade)
    held = set(rows.values_list("papel", flat=True))
    if held & _MACHINES:
        raise ActNotAllowed("Esta conta é de um programa, não de uma pessoa. Veja em Integrações.")
    rows.filter(papel__in=held - papeis).delete()
    Atribuicao.objects.bulk_create(
        Atribuicao(user=pessoa, unidade=unidade, papel=papel) for papel in sorted(papeis - held)
    )
    if held != papeis:
        told = f"{unidade.nome}: {_words(held)} → {_words(papeis)}, por {by.nome}"
        note(usuario=pessoa, fato=Fato.PAPEIS, by=by, at=at, detalhe=told)


def _words(papeis: Collection[str]) -> str:
    return ", ".join(str(Papel(papel).label) for papel in sorted(papeis)) or "nenhum papel"


def _administers(by: User, *unidades: Unidade) -> None:
    """Refuse who administers not all of these, as the database has it now.

    The unidades are locked, so that of two administradores who take each other's papel away one is left.
    """
    wanted = {unidade.pk for unidade in unidades}
    if by.usuario == SYSTEM_LOGIN:  # who runs the machine, by a command
        return
    list(Unidade.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    held = Atribuicao.objects.filter(user=by, user__is_active=True, papel=Papel.ADMINISTRADOR, unidade__in=wanted)
    if wanted - set(held.values_list("unidade", flat=True)) or not by.has_papel(Papel.ADMINISTRADOR):
        raise ActNotAllowed("Cabe ao administrador de todas as unidades em que a pessoa trabalha. Peça a ele.")


def _whole_person(pessoa: User, by: User) -> User:
    """The person as the database has them, held; refused to who does not administer all their unidades."""
    fresh = User.objects.select_for_update().get(pk=pessoa.pk)
    if fresh.usuario == SYSTEM_LOGIN or fresh.papeis & _MACHINES:
        raise ActNotAllowed("Esta conta é de um programa, não de uma pessoa. Veja em Integrações.")
    _administers(by, *(row.unidade for row in fresh.atribuicoes_lidas))
    return fresh


def _check(nome: str, email: str) -> None:
    errors = {}
    if not nome.strip():
        errors["nome"] = "Escreva o nome."
    if not email.strip():
        errors["email"] = "Escreva o e-mail: é por ele que a pessoa define a senha."
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)


def _check_papeis(papeis: Collection[str]) -> None:
    if not papeis or set(papeis) - set(GIVEN):
        raise ContentRefused("Escolha ao menos um papel.", errors={"papeis": "Escolha ao menos um papel."})
