"""Paper for the days without the system: reserve, print, type in, void; the list of every number."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.forms.contingency import ChooseForm, ReserveForm, RunForm, VoidForm
from cases.models import FormularioDeContingencia, Tipo
from cases.rules.contingency import AT_MOST, blanks_of
from cases.services.contingency import RESERVERS, VOIDERS, AlreadyTyped, reserve_forms, void_form
from documents.render import blank_forms
from listing.pages import keyset_page
from workflow.errors import ActNotAllowed, Refusal


@require_http_methods(["GET", "POST"])
def contingency(request: HttpRequest) -> HttpResponse:
    """The drawer: how many blanks of each tipo it holds, every number with what became of it. POST reserves."""
    _require_counter(request)
    form = ReserveForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = reserve_forms(
                unidade=form.cleaned_data["unidade"], quantidades=form.quantities(), by=request.user, at=_now()
            )
        except Refusal as refusal:
            form.show(refusal)
            return _page(request, form, status=refusal.status_code)
        first, last = made[0].codigo, made[-1].codigo
        messages.success(request, f"Reservados {len(made)} formulários, de {first} a {last}. Imprima-os agora.")
        return redirect(f"{request.path}?{urlencode({'de': first, 'ate': last})}")
    return _page(request, form, status=422 if form.errors else 200)


@require_GET
def blanks(request: HttpRequest) -> HttpResponse:
    """The blank forms of a run of numbers on paper; what was typed in or voided is left out."""
    _require_counter(request)
    form = RunForm(request.GET)
    if not form.is_valid():
        raise Http404("no such run")
    run = FormularioDeContingencia.objects.visible_to(request.user).blank().select_related("unidade")
    found = list(run.between(form.cleaned_data["de"], form.cleaned_data["ate"])[:AT_MOST])
    if not found:
        raise ActNotAllowed("Nenhum destes formulários está em branco. Reserve outros, ou confira os números.")
    dados = {
        "formularios": [
            {
                "codigo": item.codigo,
                "tipo": item.get_tipo_display(),
                "unidade": str(item.unidade),
                **blanks_of(item.tipo),
            }
            for item in found
        ]
    }
    answer = HttpResponse(blank_forms(dados, at=_now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="contingencia-{found[0].codigo}.pdf"'
    return answer


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Begin to type in the form whose number was given: the registration page, with it at its head."""
    _require_counter(request)
    form = ChooseForm(request.POST)
    if form.is_valid():
        code = form.cleaned_data["formulario"]
        if FormularioDeContingencia.objects.visible_to(request.user).filter(codigo=code).exists():
            return redirect(f"{reverse('atendimento_novo')}?{urlencode({'contingencia': code})}")
        form.add_error("formulario", f"Não há formulário {code} nas suas unidades. Confira o número no alto da folha.")
    return _page(request, ReserveForm(user=request.user), choose=form, status=422)


@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a spoiled or lost form out of the drawer, with the reason."""
    paper = get_object_or_404(FormularioDeContingencia.objects.visible_to(request.user).for_list(), pk=pk)
    form = VoidForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            void_form(formulario=paper, motivo=form.cleaned_data["motivo"], by=request.user, at=_now())
        except AlreadyTyped as typed:
            return typed_already(request, typed)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status_code
        else:
            messages.success(request, f"Formulário {paper} anulado. O número não será usado de novo.")
            return redirect("contingencia")
    return render(request, "cases/contingencia_anular.html", {"formulario": paper, "form": form}, status=status)


def typed_already(request: HttpRequest, typed: AlreadyTyped) -> HttpResponse:
    """The refusal to type a form in again, with the way to the case that it became."""
    return render(request, "cases/contingencia_digitada.html", {"recusa": typed}, status=typed.status_code)


def _page(
    request: HttpRequest, form: ReserveForm, *, choose: ChooseForm | None = None, status: int = 200
) -> HttpResponse:
    papers = FormularioDeContingencia.objects.visible_to(request.user)
    held = dict(papers.blank().order_by().values_list("tipo").annotate(Count("pk")))
    run = RunForm(request.GET)
    only_blank = request.GET.get("so") == "em_branco"
    context: dict[str, Any] = {
        "form": form,
        "escolher": choose or ChooseForm(),
        "tipos": [(Tipo(field.name.removeprefix("quantos_")), held.get(field.name.removeprefix("quantos_"), 0), field)
                  for field in form.amounts()],
        "em_branco": sum(held.values()),
        "so_em_branco": only_blank,
        "imprimir": run.cleaned_data if run.is_valid() else None,
        "pode_anular": request.user.has_papel(*VOIDERS),
        "pagina": keyset_page((papers.blank() if only_blank else papers).for_list(), ("-id",), request.GET),
    }  # fmt: skip
    return render(request, "cases/contingencia.html", context, status=status)


def _require_counter(request: HttpRequest) -> None:
    if not request.user.unidades_com(RESERVERS):
        raise ActNotAllowed("A contingência cabe a Atendente ou Coordenador. Peça a quem tenha esse papel.")


def _now() -> Any:
    return timezone.now()  # noqa: TID251  the edge reads the clock
