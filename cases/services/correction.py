"""Correcting what was written about a case: on the day of registration an atendente, later a coordenador with a reason.

Letters already issued stay as they are; the earlier values stay in the time line (decision 41, decision 46).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import Papel, User
from cases.models import Anonimizacao, Atendimento, Compra, Representante
from cases.services.content import Content, find_errors
from cases.services.purchase import PURCHASE, representative_values
from cases.tipos import RULES
from parties.identifiers import mask_cpf
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import whole
from workflow.models import Evento
from workflow.services import record, told_of

#: What of the case itself may be corrected; its tipo, protocol, parties and status may not.
OWN = ("canal", "assunto", "problema", "relato", "pedido", "orientacao", "valor", "data_compra", "orgao")
_REP = tuple(field.name for field in Representante._meta.concrete_fields if field.name != "atendimento")
#: Everything that may be corrected, under the name that the form gives it.
CORRECTABLE = (*OWN, *PURCHASE, *(f"rep_{name}" for name in _REP))
#: Fields that the law reads together: whoever changes one answers for all of them.
_TOGETHER = (
    frozenset({"assunto", "problema"}),
    frozenset({"data_compra", *PURCHASE}),
    frozenset(f"rep_{name}" for name in _REP),
)
#: The event of a correction.
CORRECTED = "CORRIGIR_ATENDIMENTO"
#: A long text is quoted up to here.
_QUOTED = 200


class ChangedMeanwhile(ContentRefused):
    """Somebody else corrected the case after the page was shown; `errors` says what each field says now."""

    status_code = 409


def may_correct_case(atendimento: Atendimento, *, by: User, today: date) -> bool:
    """An atendente on the day of registration; a coordenador always."""
    papeis = by.papeis_em(atendimento.unidade_id)
    if Papel.COORDENADOR in papeis:
        return True
    return Papel.ATENDENTE in papeis and timezone.localdate(atendimento.aberto_em) == today


def needs_reason(atendimento: Atendimento, *, today: date) -> bool:
    """Whether the correction must say why: after the day of registration."""
    return timezone.localdate(atendimento.aberto_em) != today


def require_correction(atendimento: Atendimento, *, by: User, at: datetime, motivo: str) -> None:
    """The rule of the first day, for the case's data and for its suppliers."""
    today = timezone.localdate(at)
    if not may_correct_case(atendimento, by=by, today=today):
        raise ActNotAllowed(
            "Corrigir um atendimento cabe a Atendente da unidade no dia do registro e, depois, ao Coordenador, com "
            "motivo. Peça a quem tenha esse papel."
        )
    if Anonimizacao.objects.filter(consumidor=atendimento.consumidor_id).exists():
        raise ActNotAllowed("Este atendimento foi anonimizado: seus dados não se corrigem mais.")
    if needs_reason(atendimento, today=today) and not motivo.strip():
        raise ContentRefused(
            "O registro não é de hoje: escreva por que é corrigido.", errors={"motivo": "Escreva o motivo da correção."}
        )


def current_values(atendimento: Atendimento) -> dict[str, Any]:
    """What is stored, by the names of the form; the defaults where nothing was told."""
    bought = Compra.objects.filter(atendimento=atendimento).first() or Compra()
    acting = Representante.objects.filter(atendimento=atendimento).first() or Representante()
    return (
        {name: getattr(atendimento, name) for name in OWN}
        | {name: getattr(bought, name) for name in PURCHASE}
        | {f"rep_{name}": getattr(acting, name) for name in _REP}
    )


def marks_of(values: Mapping[str, Any]) -> dict[str, str]:
    """A short mark of each value, by which a later look knows whether it changed."""
    return {name: sha256(repr(_comparable(value)).encode()).hexdigest()[:12] for name, value in values.items()}


@whole
def correct_case(
    *,
    atendimento: Atendimento,
    told: Mapping[str, Any],
    by: User,
    at: datetime,
    motivo: str = "",
    seen: Mapping[str, str] | None = None,
) -> Evento | None:
    """Write the corrected data, with the names of the changed fields in the history; None where nothing changed.

    `told` holds every field of CORRECTABLE that was on the page, `seen` the marks of what the page showed. What the
    tipo asks for at registration is asked for again, of the fields that changed. Raises ActNotAllowed (who, when),
    ContentRefused (by field), and ChangedMeanwhile where a field no longer says what the page showed.
    """
    case = Atendimento.objects.select_for_update(of=("self",)).select_related("consumidor").get(pk=atendimento.pk)
    require_correction(case, by=by, at=at, motivo=motivo)
    before = current_values(case)
    _require_seen(case, before, seen, by=by)
    fresh = {**before, **{name: value for name, value in told.items() if name in CORRECTABLE}}
    changed = _checked(case, fresh, before, today=timezone.localdate(at))
    if not changed:
        return None
    _write(case, fresh, changed)
    return record(case, CORRECTED, by=by, at=at, motivo=motivo.strip(), campos=changed)


def _require_seen(case: Atendimento, stored: Mapping[str, Any], seen: Mapping[str, str] | None, *, by: User) -> None:
    if seen is None:
        return
    now = marks_of(stored)
    stale = [name for name in CORRECTABLE if name in seen and seen[name] != now[name]]
    if stale:
        last = Evento.objects.filter(historico=case.historico_id, ato=CORRECTED).order_by("-sequencia").first()
        who = f" ({told_of(last, by)})" if last else ""
        raise ChangedMeanwhile(
            f"Outra pessoa corrigiu este atendimento enquanto você escrevia{who}. Nada do que você escreveu se "
            "perdeu: veja o que mudou e grave de novo.",
            errors={name: f"Outra pessoa gravou aqui: «{in_words(name, stored[name])}»." for name in stale},
        )


def _checked(case: Atendimento, fresh: dict[str, Any], before: Mapping[str, Any], *, today: date) -> list[str]:
    """The names of the fields that differ; `fresh` in its stored form. Refuses what breaks the rule of the tipo."""
    content = Content(
        tipo=case.tipo,
        consumidor=case.consumidor,
        fornecedores=[party.fornecedor for party in case.reclamados.select_related("fornecedor")],
        refere_a=case.refere_a,
        nfp_desbloqueada=case.nfp_desbloqueada,
        compra={name: fresh[name] for name in PURCHASE},
        representante=representative_values({name: fresh[f"rep_{name}"] for name in _REP}),
        **{name: _stored(fresh[name]) for name in OWN if name != "orientacao"},
    )
    find_errors(content, RULES[case.tipo], today=today)
    meta: Any = Representante._meta
    blank = {name: meta.get_field(name).get_default() for name in _REP}
    fresh.update({f"rep_{name}": value for name, value in {**blank, **content.representante}.items()})
    changed = sorted(name for name in CORRECTABLE if _comparable(fresh[name]) != _comparable(before[name]))
    touched = set(changed).union(*(group for group in _TOGETHER if group & set(changed)))
    errors = {name: text for name, text in content.errors.items() if name in touched}
    if errors:
        raise ContentRefused(
            f"A correção tem dados que faltam ou não servem: {' '.join(errors.values())}", errors=errors
        )
    return changed


def _write(case: Atendimento, fresh: Mapping[str, Any], changed: list[str]) -> None:
    own = {name: _stored(fresh[name]) for name in changed if name in OWN}
    if own:
        for name, value in own.items():
            setattr(case, name, value)
        case.save(update_fields=list(own))
    if any(name in PURCHASE for name in changed):
        told = {name: _stored(fresh[name]) for name in PURCHASE}
        Compra.objects.update_or_create(atendimento=case, defaults=told)
    if any(name.startswith("rep_") for name in changed):
        acting = {name: fresh[f"rep_{name}"] for name in _REP}
        if any(acting.values()):
            Representante.objects.update_or_create(atendimento=case, defaults=acting)
        else:
            Representante.objects.filter(atendimento=case).delete()


def _stored(value: Any) -> Any:
    """Text as it is kept: without blanks around it, one kind of line end."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _comparable(value: Any) -> Any:
    """Two values that say the same are the same."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, list):
        return sorted(value)
    return _stored(value)


def field_called(name: str) -> models.Field[Any, Any]:
    """The model's field behind a name of the form."""
    if name.startswith("rep_"):
        model, name = Representante, name.removeprefix("rep_")
    else:
        model = Atendimento if name in OWN else Compra  # type: ignore[assignment]
    return model._meta.get_field(name)  # type: ignore[return-value]


def in_words(name: str, value: Any) -> str:
    """A stored value as people read it; a CPF masked, a long text cut."""
    if value in (None, "", []):
        return "(vazio)"
    if name == "rep_cpf":
        return mask_cpf(value)
    if isinstance(value, bool):
        return "sim" if value else "não"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    labels = dict(Representante.Papeis.choices if name == "rep_documentos" else field_called(name).flatchoices or ())
    text = ", ".join(str(labels.get(item, item)) for item in (value if isinstance(value, list) else [value]))
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
