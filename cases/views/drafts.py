"""What is being typed is kept: drafts of the registration page, and ready texts put into it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.views.decorators.http import require_POST

from cases.forms.intake import IntakeForm
from cases.models import Rascunho, TextoPadrao
from cases.services.drafts import KEPT_FOR, discard_draft, save_draft
from cases.services.texts import filled, text_called

#: How many drafts the page offers.
OFFERED = 10
#: The uses whose text goes into a field of the registration page, which has the same name.
INSERTED = (TextoPadrao.Uso.RELATO, TextoPadrao.Uso.PEDIDO, TextoPadrao.Uso.ORIENTACAO)
#: What the page sends of itself, not of the case.
_OF_THE_PAGE = frozenset({"envio", "pagina", "vez"})


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what was typed so far; the page sends it every few seconds."""
    page = page_number(request.POST)
    if page is None:
        return HttpResponse(status=204)
    kept = [name for name in IntakeForm.base_fields if name not in _OF_THE_PAGE and name in request.POST]
    draft = save_draft(
        envio=page,
        dados={name: request.POST.getlist(name) for name in kept},
        by=request.user,
        at=_now(),
        pagina=page_number(request.POST, "pagina"),
        vez=_count(request.POST.get("vez", "")),
    )
    return render(request, "cases/_rascunho.html", {"rascunho": draft})


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw a draft away."""
    if discard_draft(envio=page_number(request.POST), by=request.user):
        messages.info(request, "Rascunho descartado.")
    return redirect("atendimento_novo")


@require_POST
def ready_text(request: HttpRequest) -> HttpResponse:
    """The ready text that was called, filled in; the page's script puts it where it belongs."""
    form = IntakeForm(request.POST, user=request.user)
    found = called(request.POST.get("texto", ""))
    text = filled(found, values_of(form)) if found else ""
    context = {"achado": found, "pronto": text, "pedido": request.POST.get("texto", "").strip()}
    return render(request, "cases/_texto_pronto.html", context)


def with_ready_text(request: HttpRequest) -> QueryDict:
    """What was typed with the called text put in: the way without JavaScript."""
    data = request.POST.copy()
    found = called(data.get("texto", ""))
    if found is None:
        messages.info(request, "Nenhum texto-padrão com este título. Escolha um da lista.")
        return data
    before = data.get(found.uso, "").rstrip()
    text = filled(found, values_of(IntakeForm(request.POST, user=request.user)))
    data[found.uso] = f"{before}\n\n{text}" if before else text
    data["texto"] = ""
    return data


def called(title: str) -> TextoPadrao | None:
    """The text that this title names, in any use of the page."""
    use, mark, rest = title.partition(":")
    chosen = [item for item in INSERTED if mark and item.label.casefold() == use.strip().casefold()]
    found = [text_called(rest if chosen else title, use=item) for item in chosen or INSERTED]
    named = [item for item in found if item is not None]
    return named[0] if len(named) == 1 else None


def values_of(form: IntakeForm) -> dict[str, str]:
    """What the placeholders stand for, from what is typed so far."""
    form.is_valid()
    told = form.cleaned_data
    suppliers = [str(item) for item in told.get("fornecedores") or []]
    suppliers += [told["novo_nome"]] if told.get("novo_nome") else []
    value, bought = told.get("valor"), told.get("data_compra")
    return {
        "consumidor": told.get("nome_social") or told.get("nome", ""),
        "fornecedor": " e ".join(suppliers),
        "assunto": str(told.get("assunto") or ""),
        "problema": str(told.get("problema") or ""),
        "valor": f"R$ {number_format(value, 2, use_l10n=True, force_grouping=True)}" if value is not None else "",
        "data_compra": f"{bought:%d/%m/%Y}" if bought else "",
        "contrato": told.get("contrato", ""),
        "data": f"{timezone.localdate(_now()):%d/%m/%Y}",
        "atendente": str(form.user),
        "unidade": str(told.get("unidade") or ""),
        "orgao": told["orgao"].nome if told.get("orgao") else "",
    }


def offered_texts() -> list[TextoPadrao]:
    """The texts that the page suggests."""
    return list(TextoPadrao.objects.filter(aposentado_em__isnull=True, uso__in=INSERTED))


def drafts_of(request: HttpRequest) -> list[Rascunho]:
    """The person's own drafts that are still fresh, the newest first."""
    return list(Rascunho.objects.visible_to(request.user).fresh(since=_now() - KEPT_FOR)[:OFFERED])


def restored(request: HttpRequest) -> QueryDict | None:
    """What the draft that the address names holds, as if it were sent; None where there is none of one's own."""
    page = page_number(request.GET, "rascunho")
    mine = Rascunho.objects.visible_to(request.user).fresh(since=_now() - KEPT_FOR)
    draft = mine.filter(envio=page).first() if page else None
    if draft is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in draft.dados.items():
        data.setlist(name, values)
    data["envio"] = str(draft.envio)
    data["pagina"], data["vez"] = str(uuid4()), "0"
    return data


def page_number(data: Any, name: str = "envio") -> UUID | None:
    """The number of the page that sent this, if it is one."""
    try:
        return UUID(data.get(name, ""))
    except ValueError:
        return None


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  the edge reads the clock
