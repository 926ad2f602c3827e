"""The administrador's pages of the programs that call the API. A secret is shown once, on the answer that made it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Papel
from portal.conf import LIMITS
from portal.forms import AlterarIntegracaoForm, IntegracaoForm, RevogarForm, SegredoForm
from portal.models import Integracao
from portal.scopes import SCOPES
from portal.services import (
    Credentials,
    change_integration,
    create_integration,
    restore_integration,
    revoke_integration,
    rotate_secret,
)
from workflow.errors import Refusal

View = Callable[..., HttpResponse]
#: What an event of an integration is called.
ACTS = {
    "CRIAR_INTEGRACAO": "Criou a integração",
    "TROCAR_SEGREDO": "Trocou o segredo",
    "ALTERAR_INTEGRACAO": "Mudou escopos ou limite",
    "REVOGAR_INTEGRACAO": "Revogou",
    "REATIVAR_INTEGRACAO": "Reativou com segredo novo",
}


def administrador(view: View) -> View:
    """Only for whoever is administrador somewhere; for others there is no such page."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_papel(Papel.ADMINISTRADOR):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@administrador
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All of them, with their last use; the revoked ones last."""
    found = Integracao.objects.visible_to(request.user).order_by("-revogada_em", "name")
    context = {"integracoes": sorted(found, key=lambda one: one.revogada_em is not None), "comum": LIMITS["integracao"]}
    return render(request, "portal/integracoes.html", context)


@administrador
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Create one; its secret stands on the answer."""
    form = IntegracaoForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()  # noqa: TID251  the edge reads the clock
        try:
            made = create_integration(by=request.user, at=now, **form.cleaned_data)
        except Refusal as refusal:
            _tell(form, refusal)
        else:
            return _page(request, made.integracao, credentials=made)
    context = {"form": form, "comum": LIMITS["integracao"]}
    return render(request, "portal/integracao_nova.html", context, status=422 if form.errors else 200)


@administrador
@require_safe
def integration(request: HttpRequest, pk: int) -> HttpResponse:
    """One: what it may do, in words; its use; what was done with it."""
    return _page(request, _of(request, pk))


@administrador
@require_POST
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret, on the answer; the old one as long as chosen."""
    found, form = _of(request, pk), SegredoForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, troca=form)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    overlap = timedelta(hours=form.cleaned_data["horas"])
    made = rotate_secret(integracao=found, overlap=overlap, by=request.user, at=now)
    return _page(request, made.integracao, credentials=made)


@administrador
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Other scopes, another limit."""
    found, form = _of(request, pk), AlterarIntegracaoForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, mudanca=form)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    change_integration(integracao=found, by=request.user, at=now, **form.cleaned_data)
    messages.success(request, "Escopos e limite gravados. Valem desde já.")
    return redirect("integracao", found.pk)


@administrador
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End it at once, with a reason and a confirmation."""
    found, form = _of(request, pk), RevogarForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, fim=form)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    revoke_integration(integracao=found, motivo=form.cleaned_data["motivo"], by=request.user, at=now)
    messages.success(request, "Integração revogada: nenhum token, segredo ou pedido dela vale mais.")
    return redirect("integracao", found.pk)


@administrador
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the revocation back, with a new secret on the answer."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    made = restore_integration(integracao=_of(request, pk), by=request.user, at=now)
    return _page(request, made.integracao, credentials=made)


def _details(dados: dict[str, Any]) -> str:
    """What an event says besides its name."""
    if dados.get("antigo_ate"):
        until = timezone.localtime(datetime.fromisoformat(dados["antigo_ate"]))
        return f"O segredo antigo valeu até {until:%d/%m/%Y %H:%M}."
    if "escopos" in dados:
        limit = f"; {dados['limite']} pedidos por minuto" if dados.get("limite") else ""
        return f"{', '.join(dados['escopos'])}{limit}."
    return ""


def _of(request: HttpRequest, pk: int) -> Integracao:
    found = Integracao.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _tell(form: Form, refusal: Refusal) -> None:
    for field, message in (refusal.errors or {"": refusal.message}).items():
        form.add_error(field if field in form.fields else None, message)


def _page(
    request: HttpRequest,
    found: Integracao,
    *,
    status: int = 200,
    credentials: Credentials | None = None,
    troca: SegredoForm | None = None,
    mudanca: AlterarIntegracaoForm | None = None,
    fim: RevogarForm | None = None,
) -> HttpResponse:
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    events = found.historico.eventos.select_related("autor").order_by("-sequencia")
    initial = {"escopos": found.escopos, "limite": found.limite_por_minuto}
    context = {
        "integracao": found,
        "segredo": credentials.client_secret if credentials else "",
        "antigo_ate": found.segredo_anterior_ate if found.earlier_secret(at=now) else None,
        "escopos": [(name, SCOPES[name]) for name in found.escopos],
        "unidades": [row.unidade for row in found.user.atribuicoes_lidas],
        "historico": [(event, ACTS.get(event.ato, event.ato), _details(event.dados)) for event in events],
        "comum": LIMITS["integracao"],
        "troca": troca or SegredoForm(),
        "mudanca": mudanca or AlterarIntegracaoForm(initial=initial),
        "fim": fim or RevogarForm(),
        "erros": troca or mudanca or fim,
    }
    return render(request, "portal/integracao.html", context, status=status)
