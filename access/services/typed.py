"""What was typed into a form whose session had ended: kept sealed, for that person, for two hours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from access.conf import REMEMBERED_FOR, TYPED_AT_MOST, TYPED_FOR, TYPED_LONGEST
from access.models import FormularioGuardado, Sessao
from access.sealing import seal, unseal
from access.sessions import digest
from accounts.models import User

Fields = list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Typed:
    """A kept form, opened: where it was going, its fields in order, the names of the files that were not kept."""

    row: FormularioGuardado
    fields: Fields
    files: list[str]


def whose(key: str | None, *, at: datetime) -> User | None:
    """Whose session this key was, where it was one of somebody active and ended within a day."""
    if not key:
        return None
    rows = Sessao.objects.filter(session_key=digest(key), usuario__is_active=True).select_related("usuario")
    row = rows.filter(expire_date__gt=at - REMEMBERED_FOR).first()
    return row.usuario if row else None


def keep_typed(
    *, caminho: str, fields: Mapping[str, Sequence[str]], files: Sequence[str], by: User, at: datetime
) -> FormularioGuardado | None:
    """Keep a form; None where nothing was typed, or more than a page can hold. The oldest goes when there are many."""
    told = [(name, list(values)) for name, values in fields.items() if name != "csrfmiddlewaretoken"]
    written = json.dumps([told, list(files)])
    if not any(any(values) for _, values in told) or len(written) > TYPED_LONGEST:
        return None
    row = FormularioGuardado.objects.create(usuario=by, caminho=caminho, campos=seal(written), criado_em=at)
    kept = FormularioGuardado.objects.filter(usuario=by).order_by("-criado_em", "-pk")
    FormularioGuardado.objects.filter(pk__in=list(kept.values_list("pk", flat=True)[TYPED_AT_MOST:])).delete()
    return row


def open_typed(*, pk: UUID, by: User, at: datetime) -> Typed | None:
    """One's own kept form; None for anybody else's, or one that has lapsed."""
    row = FormularioGuardado.objects.filter(pk=pk, usuario=by, criado_em__gt=at - TYPED_FOR).first()
    written = unseal(row.campos) if row else None
    if row is None or written is None:
        return None
    fields, files = json.loads(written)
    return Typed(row, [(name, values) for name, values in fields], files)


def mark_sent(*, row: FormularioGuardado, at: datetime) -> None:
    """It went on its way; kept a while longer, should the way have failed."""
    FormularioGuardado.objects.filter(pk=row.pk).update(enviado_em=at)


def discard_typed(*, pk: UUID, by: User) -> int:
    """Throw one's own kept form away; how many there were."""
    return FormularioGuardado.objects.filter(pk=pk, usuario=by).delete()[0]
