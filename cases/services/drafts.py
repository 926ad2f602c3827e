"""Drafts of the registration page: kept every few seconds, seen by their owner alone, gone when the case is there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import User
from cases.models import Atendimento, Rascunho
from cases.services.registration import REGISTRARS
from parties.identifiers import normalise_name
from parties.models import Consumidor
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import whole

#: A draft that nobody touched for so long is forgotten: it is personal data without a case.
KEPT_FOR = timedelta(days=7)
#: How many one person may have, and how many characters one may hold.
AT_MOST, LONGEST = 20, 120_000
#: Digits as people write a CPF, with points, blanks and the dash between them.
_RUNS, _NOT_DIGIT = re.compile(r"\d(?:[ .\-]?\d)*"), re.compile(r"\D")
#: Filled in before anybody types; these alone are no draft.
_STANDING = frozenset({"tipo", "canal", "unidade", "sexo", "municipio", "data_compra", "senha", "contingencia"})


class AlreadyRegistered(ActNotAllowed):
    """This very page was registered before; `protocolo` is the case that it became."""

    def __init__(self, protocolo: str) -> None:
        super().__init__(f"Este registro já tinha sido gravado: é o atendimento {protocolo}.")
        self.protocolo = protocolo


@whole
def save_draft(
    *,
    envio: UUID,
    dados: Mapping[str, Sequence[str]],
    by: User,
    at: datetime,
    pagina: UUID | None = None,
    vez: int = 0,
) -> Rascunho | None:
    """Keep what was typed so far in the page `envio`; None where nothing was typed yet, or it is registered already.

    `vez` counts what one window (`pagina`) sends: what arrives after something that it sent later changes nothing.
    The oldest goes when one person has too many. Raises ActNotAllowed for whoever may not register, ContentRefused
    for more text than a page can hold.
    """
    if not by.unidades_com(REGISTRARS):
        raise ActNotAllowed("Guardar rascunho cabe a Atendente ou Coordenador. Peça a quem tenha esse papel.")
    told = {name: [value.replace("\x00", "") for value in values] for name, values in dados.items() if any(values)}
    if not told.keys() - _STANDING:
        return None
    if len(json.dumps(told)) > LONGEST:
        raise ContentRefused("O rascunho ficou longo demais para ser guardado. Encurte o relato, ou anexe um arquivo.")
    draft, new = _held(envio, by, {"dados": told, "pagina": pagina, "vez": vez}, at)
    if draft.atendimento_id:
        return None
    if not new and not (pagina and pagina == draft.pagina and vez < draft.vez):
        draft.dados, draft.pagina, draft.vez, draft.alterado_em = told, pagina, vez, at
        draft.save(update_fields=["dados", "pagina", "vez", "alterado_em"])
    surplus = Rascunho.objects.visible_to(by).order_by("-alterado_em", "-id").values_list("pk", flat=True)[AT_MOST:]
    Rascunho.objects.filter(pk__in=list(surplus)).delete()
    return draft


def hold_draft(*, envio: UUID, by: User, at: datetime) -> Rascunho:
    """Hold the draft of the page that is being registered, to the commit; one is made where none was kept yet.

    Whoever comes second with the same page waits, and is told that it is registered (`AlreadyRegistered`).
    """
    draft, _ = _held(envio, by, {"dados": {}}, at)
    if draft.atendimento:
        raise AlreadyRegistered(draft.atendimento.protocolo)
    return draft


def end_draft(draft: Rascunho, *, atendimento: Atendimento, at: datetime) -> None:
    """The case is there: what was typed is gone, and the page says which case it became."""
    draft.dados, draft.atendimento, draft.alterado_em = {}, atendimento, at
    draft.save(update_fields=["dados", "atendimento", "alterado_em"])


def discard_draft(*, envio: UUID | None, by: User) -> int:
    """Throw one's own draft away; how many there were."""
    return Rascunho.objects.visible_to(by).filter(envio=envio).delete()[0] if envio else 0


def forget_old_drafts(*, at: datetime) -> int:
    """Delete the drafts that nobody touched in time; how many. May run any number of times."""
    return Rascunho.objects.filter(alterado_em__lte=at - KEPT_FOR).delete()[0]


def forget_drafts_about(person: Consumidor) -> int:
    """Delete everybody's drafts that hold this person's CPF or full name, in whatever field; how many.

    A name of one word names nobody alone: it counts only where the name is asked for.
    """
    gone = [draft.pk for draft in Rascunho.objects.iterator() if _speaks_of(draft.dados, person)]
    return Rascunho.objects.filter(pk__in=gone).delete()[0]


def _speaks_of(dados: Mapping[str, Sequence[str]], person: Consumidor) -> bool:
    texts = [text for values in dados.values() for text in values]
    if person.cpf and any(person.cpf in _NOT_DIGIT.sub("", run) for text in texts for run in _RUNS.findall(text)):
        return True
    for name in map(normalise_name, filter(None, (person.nome, person.nome_social))):
        where = texts if " " in name else dados.get("nome", [])
        if any(f" {name} " in f" {_words(text)} " for text in where):
            return True
    return False


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", normalise_name(text)))


def _held(envio: UUID, by: User, first: Mapping[str, Any], at: datetime) -> tuple[Rascunho, bool]:
    """The draft of this page as it stands now, locked; made with `first`, and then true, where there was none."""
    return Rascunho.objects.select_for_update().get_or_create(
        usuario=by, envio=envio, defaults={**first, "criado_em": at, "alterado_em": at}
    )
