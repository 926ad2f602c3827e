"""What a merge of suppliers and one of people have in common, as steps that both are tested by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Atribuicao, Papel, User
from parties.selfcheck import wrong_merges
from parties.services import undo_merge
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed

LATER = NOW + timedelta(days=1)


def auditor(cast: Cast) -> User:
    """Iara, an auditor of the centre."""
    user = User.objects.create_user("iara", "senha-de-teste-1", nome="Iara Auditora", email="iara@example.org")
    Atribuicao.objects.create(user=user, unidade=cast.unidade, papel=Papel.AUDITOR)
    return user


def says_who_when_and_why(fusao: Any, survivor: Any, merged: Any, motivo: str, by: User) -> None:
    """The pointer stands, and the record beside it says everything."""
    merged.refresh_from_db()
    assert merged.fundido_em == survivor
    assert (fusao.sobrevivente, list(fusao.fundidos.all()), fusao.motivo) == (survivor, [merged], motivo)
    assert (fusao.feita_por, fusao.feita_em, fusao.desfeita_em) == (by, NOW, None)
    assert list(wrong_merges()) == []


def is_undone_once(fusao: Any, merged: Any, by: User) -> None:
    """Undone with a reason, the pointer is gone; a second time is refused."""
    undone = undo_merge(fusao=fusao, motivo=" Outra rua. ", by=by, at=LATER)

    merged.refresh_from_db()
    assert merged.fundido_em is None
    assert (undone.desfeita_por, undone.desfeita_em, undone.motivo_de_desfazer) == (by, LATER, "Outra rua.")
    with pytest.raises(ActNotAllowed, match="já foi desfeita"):
        undo_merge(fusao=fusao, motivo="De novo.", by=by, at=LATER)


def no_chain_on_any_path(survivor: Any, merged: Any, third: Any) -> None:
    """With `merged` pointing to `survivor`, whatever way the rows are written: nobody points to who points."""
    rows = type(survivor).objects
    rows.filter(pk=merged.pk).update(fundido_em=survivor)
    for key, after in ((third.pk, merged.pk), (survivor.pk, third.pk), (third.pk, third.pk)):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.filter(pk=key).update(fundido_em=after)
    assert rows.filter(fundido_em__isnull=False).count() == 1


def won_of_a_ring(ring: Sequence[Any], merge: Callable[..., Any], by: User) -> int:
    """How many succeed where each, on a connection of its own, takes in its neighbour at the same moment."""

    def attempt(place: int) -> bool:
        try:
            merge(survivor=ring[place], others=[ring[place - 1]], motivo="Corrida.", by=by, at=NOW)
        except ActNotAllowed:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(ring)) as pool:
        return sum(pool.map(attempt, range(len(ring))))
