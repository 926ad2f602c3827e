"""The office's service posts: made, changed, closed down. By an administrador of them."""

from __future__ import annotations

from datetime import datetime, time

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from access.models import RegistroDeAcesso
from access.services.journal import note
from access.services.people import administered
from accounts.models import Atribuicao, Papel, Unidade, User
from cases.models import Atendimento
from cases.rules.domicile import cities
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole


def with_open_cases(by: User) -> QuerySet[Unidade]:
    """The unidades that this person administers, each with how many of its cases are not closed (`abertos`)."""
    return administered(by).annotate(abertos=_open_cases()).order_by("codigo")


@whole
def create_unidade(
    *,
    codigo: str,
    nome: str,
    municipio: str,
    endereco: str,
    telefone: str,
    email: str,
    abre_as: time,
    fecha_as: time,
    by: User,
    at: datetime,
) -> Unidade:
    """Open a service post, whose code heads every protocol that it will give and never changes.

    Whoever opens it is its administrador, for nobody else could give papéis there. Raises ActNotAllowed for somebody
    who administers nothing, and ContentRefused: a code that is taken or malformed, no name, hours that end too early.
    """
    if not by.has_papel(Papel.ADMINISTRADOR):
        raise ActNotAllowed("Cabe ao administrador criar unidades. Peça a ele.")
    codigo = codigo.strip()
    if Unidade.objects.filter(codigo=codigo).exists():
        raise _refused("codigo", f"Já há uma unidade com o código {codigo}. Confira na lista.")
    made = Unidade(codigo=codigo)
    _fill(made, nome, municipio, endereco, telefone, email, abre_as, fecha_as)
    Atribuicao.objects.create(user=by, unidade=made, papel=Papel.ADMINISTRADOR)
    told = f"{made.nome}: Administrador, por ter criado a unidade"
    note(usuario=by, fato=RegistroDeAcesso.Fato.PAPEIS, by=by, at=at, detalhe=told)
    return made


@whole
def change_unidade(
    *,
    unidade: Unidade,
    nome: str,
    municipio: str,
    endereco: str,
    telefone: str,
    email: str,
    abre_as: time,
    fecha_as: time,
    by: User,
) -> Unidade:
    """Correct what is said of a service post; hearings that are booked stay as they are, and letters as issued."""
    found = _held(unidade, by)
    _fill(found, nome, municipio, endereco, telefone, email, abre_as, fecha_as)
    return found


@whole
def deactivate_unidade(*, unidade: Unidade, by: User) -> None:
    """Close a service post down: nothing more is registered there, and what was stays readable.

    Refused while cases are open there, and where no other unidade would be left.
    """
    found = _held(unidade, by)
    if not found.ativa:
        raise ActNotAllowed(f"{found.nome} já está desativada. Atualize a página.")
    waiting = Atendimento.objects.filter(unidade=found).exclude(status=Atendimento.Status.ENCERRADO).count()
    if waiting:
        many = "há 1 atendimento que não está encerrado" if waiting == 1 else f"há {waiting} que não estão encerrados"
        raise ActNotAllowed(f"{found.nome} não pode ser desativada: {many}. Encerre os atendimentos antes.")
    if not Unidade.objects.filter(ativa=True).exclude(pk=found.pk).exists():
        raise ActNotAllowed("Esta é a única unidade ativa, e sem ela o Procon não registra nada. Crie outra antes.")
    found.ativa = False
    found.save(update_fields=["ativa"])


@whole
def reactivate_unidade(*, unidade: Unidade, by: User) -> None:
    """Open it again."""
    found = _held(unidade, by)
    if found.ativa:
        raise ActNotAllowed(f"{found.nome} já está ativa. Atualize a página.")
    found.ativa = True
    found.save(update_fields=["ativa"])


def _fill(
    unidade: Unidade, nome: str, municipio: str, endereco: str, telefone: str, email: str, abre_as: time, fecha_as: time
) -> None:
    errors = {}
    if not nome.strip():
        errors["nome"] = "Escreva o nome, como «Procon Centro»."
    if municipio not in cities():
        errors["municipio"] = "Escreva o município atendido, como «Suzano (SP)»."
    if abre_as >= fecha_as:
        errors["fecha_as"] = "O expediente termina antes de começar. Confira os dois horários."
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)
    unidade.nome, unidade.municipio, unidade.endereco = nome.strip(), municipio, " ".join(endereco.split())
    unidade.telefone, unidade.email = telefone.strip(), email.strip()
    unidade.abre_as, unidade.fecha_as = abre_as, fecha_as
    with refusals_from(Unidade):
        unidade.save()


def _held(unidade: Unidade, by: User) -> Unidade:
    """The row, locked also against the cases that would be registered there; refused to who does not administer it."""
    found = Unidade.objects.select_for_update().get(pk=unidade.pk)
    if Papel.ADMINISTRADOR not in by.papeis_em(found.pk):
        raise ActNotAllowed(f"Cabe ao administrador de {found.nome}. Peça a ele.")
    return found


def _open_cases() -> Coalesce:
    waiting = Atendimento.objects.filter(unidade=OuterRef("pk")).exclude(status=Atendimento.Status.ENCERRADO)
    counted = waiting.order_by().values("unidade").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _refused(field: str, message: str) -> ContentRefused:
    return ContentRefused(message, errors={field: message})
