"""Appeals: each refusal, another authority judges, and what the judgement leaves standing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from cases.models import Classificacao, Reclamacao, Recurso
from cases.services import (
    archive,
    finalize_due,
    judge_appeal,
    lodge_appeal,
    serve_decision,
)
from documents.models import Documento
from notifications.models import Mensagem
from tests.cases.conftest import also_authority
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused

Opened = Callable[..., Reclamacao]
Decided = Callable[..., list[Classificacao]]
NORM = "CDC, art. 42, parágrafo único"
#: Received on Wednesday 4 March 2026; ten days end on Saturday 14, so on Monday 16.
AFTER_APPEAL = NOW + timedelta(days=13)


def appeal(cast: Cast, made: Classificacao, *, at: object = NOW, **other: object) -> Recurso:
    call = {"de_quem": "fornecedor", "on": NOW.date(), "texto": "Devolvemos.", "by": cast.bruno, "at": at}
    return lodge_appeal(classificacao=made, **{**call, **other})


def test_an_appeal_is_refused_late_empty_twice_or_from_nobody(cast: Cast, decided: Decided) -> None:
    (made,) = decided()
    tuesday = NOW + timedelta(days=13)

    with pytest.raises(ContentRefused, match="Diga quem recorre"):
        appeal(cast, made, de_quem="vizinho")
    with pytest.raises(ContentRefused, match="Escreva o texto"):
        appeal(cast, made, texto=" ")
    with pytest.raises(ContentRefused, match="O recurso entra entre"):
        appeal(cast, made, on=date(2026, 3, 3))
    with pytest.raises(ActNotAllowed, match=r"terminou em 16/03/2026, e este chegou em 17/03/2026"):
        appeal(cast, made, on=tuesday.date(), at=tuesday)
    appeal(cast, made)
    with pytest.raises(ActNotAllowed, match="já recorreu"):
        appeal(cast, made)


def test_the_first_authority_does_not_judge(cast: Cast, decided: Decided, frida: User) -> None:
    (made,) = decided()
    lodged = appeal(cast, made)
    bruno = also_authority(cast)
    call = {"recurso": lodged, "resultado": "negado", "motivo": "Não convence.", "at": NOW}

    with pytest.raises(ActNotAllowed, match="quem decidiu não julga"):
        judge_appeal(**call, by=cast.edu)
    with pytest.raises(ActNotAllowed, match="quem opina não julga"):
        judge_appeal(**call, by=bruno)
    with pytest.raises(ContentRefused, match="Escolha o resultado"):
        judge_appeal(**{**call, "resultado": "talvez"}, by=frida)
    with pytest.raises(ContentRefused, match="escolha a nova"):
        judge_appeal(**{**call, "resultado": "provido"}, valor=made.valor, base_legal=NORM, by=frida)
    with pytest.raises(IntegrityError, match="recurso_outra_autoridade_julga"), transaction.atomic():
        Recurso.objects.filter(pk=lodged.pk).update(julgado_por=cast.edu, julgado_em=NOW, resultado="negado")
    kept = judge_appeal(**call, by=frida)

    assert (kept.pk, kept.valor, kept.transitada_em) == (made.pk, "fundamentada_nao_atendida", NOW.date())
    with pytest.raises(ActNotAllowed, match="já foi julgado"):
        judge_appeal(**call, by=frida)
    with pytest.raises(ActNotAllowed, match="é definitiva desde 04/03/2026"):
        appeal(cast, made, de_quem="consumidor")


def test_an_appeal_that_changes_the_class_keeps_the_old_one(cast: Cast, decided: Decided, frida: User) -> None:
    (made,) = decided()
    lodged = appeal(cast, made)
    assert finalize_due(today=AFTER_APPEAL.date(), at=AFTER_APPEAL) == 0

    new = judge_appeal(
        recurso=lodged,
        resultado="provido",
        valor="fundamentada_atendida",
        motivo="Provou a devolução.",
        base_legal=NORM,
        by=frida,
        at=AFTER_APPEAL,
    )

    made.refresh_from_db()
    assert made.substituida_em == AFTER_APPEAL
    assert (new.autoridade, new.transitada_em) == (frida, AFTER_APPEAL.date())
    assert Classificacao.objects.current().get(reclamado=made.reclamado) == new
    with pytest.raises(ActNotAllowed, match="foi substituída por outra"):
        serve_decision(classificacao=made, on=NOW.date(), by=cast.bruno, at=NOW)
    case = archive(reclamacao=Reclamacao.objects.get(), by=cast.bruno, at=AFTER_APPEAL)
    assert case.desfecho == "fundamentada_atendida"


@pytest.mark.parametrize(
    ("resultado", "changed"),
    [("negado", {}), ("provido", {"valor": "fundamentada_atendida", "base_legal": NORM})],
)
def test_the_judgement_of_an_appeal_offers_no_other(
    cast: Cast, decided: Decided, frida: User, resultado: str, changed: dict[str, str]
) -> None:
    (made,) = decided()
    lodged = appeal(cast, made)
    judge_appeal(recurso=lodged, resultado=resultado, motivo="Visto.", by=frida, at=NOW, **changed)

    first, second = Documento.objects.filter(tipo="decisao").order_by("pk")
    assert [("recurso" in row.dados["dados"], "irrecorrivel" in row.dados["dados"]) for row in (first, second)] == [
        (True, False),
        (False, True),
    ]
    assert second.dados["dados"]["autoridade"]["nome"] == frida.nome
    assert Classificacao.objects.current().get().documento == (first if resultado == "negado" else second)
    told = Mensagem.objects.filter(tipo="recurso")
    assert sorted(told.values_list("endereco", flat=True)) == sorted([cast.ana.email, cast.loja.email])
    assert ["não cabe outro recurso" in row.corpo for row in told] == [True, True]
