"""The hearing's day on its page: arrivals, papers, the clock, declarations, and the proof of notices."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hearings import acts, services
from hearings.forms import (
    NoticeForm,
    PapersForm,
    PostForm,
    PresenceFormSet,
    ProofForm,
    RefusableForm,
    ReturnForm,
    expected_people,
)
from hearings.models import Audiencia, NotificacaoDaAudiencia, Presenca
from hearings.queries import PENDING
from hearings.views.hearing import fetch_hearing, hearing_page, party_choices
from workflow.errors import Refusal
from workflow.services import require_papel


@require_GET
def clock(request: HttpRequest, pk: int) -> HttpResponse:
    """The tolerance as it stands now, and who is here; the page asks for it again and again."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    audiencia = fetch_hearing(request, pk)
    shown = {
        "audiencia": audiencia,
        "relogio": services.clock_of(audiencia, at=now),
        "partes": services.awaited(audiencia, services.present(audiencia), at=now),
        "anda": audiencia.status in PENDING,
    }
    return render(request, "hearings/_relogio.html", shown)


@require_POST
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down who arrived."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    audiencia = fetch_hearing(request, pk)
    expected = expected_people(audiencia, services.present(audiencia), at=now)
    people = PresenceFormSet(
        request.POST, prefix="p", initial=expected, form_kwargs={"audiencia": audiencia, "now": now}
    )
    if not people.is_valid():
        return hearing_page(request, audiencia, status=422, pessoas=people)
    came = [(form.row(), form.cleaned_data["papeis"]) for form in people if form.came]
    rows = [row for row, _ in came if row]
    papers = {place: papeis for place, (_, papeis) in enumerate(came)}
    try:
        services.check_in(audiencia=audiencia, presencas=rows, papeis=papers, by=request.user, at=now)
    except Refusal as refusal:
        page = {"pessoas": people, "recusa_na_porta": refusal, "recusa": refusal}
        return hearing_page(request, fetch_hearing(request, pk), status=refusal.status_code, **page)
    messages.success(request, f"Chegada registrada: {', '.join(row.nome for row in rows)}.")
    return redirect(f"{audiencia.get_absolute_url()}#porta")


@require_POST
def take_back(request: HttpRequest, pk: int, presenca: int) -> HttpResponse:
    """Take back an arrival."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    row = _person(request, pk, presenca)
    services.take_back_arrival(presenca=row, by=request.user, at=now)
    messages.info(request, f"Chegada de {row.nome} retirada.")
    return redirect(f"{row.audiencia.get_absolute_url()}#porta")


@require_POST
def papers(request: HttpRequest, pk: int, presenca: int) -> HttpResponse:
    """Write down papers handed in later on the day."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    row = _person(request, pk, presenca)
    form = PapersForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Marque ao menos um documento da lista.")
        return redirect(f"{row.audiencia.get_absolute_url()}#porta")
    services.see_papers(presenca=row, by=request.user, at=now, **form.cleaned_data)
    messages.success(request, f"Documentos de {row.nome} registrados.")
    return redirect(f"{row.audiencia.get_absolute_url()}#porta")


@require_POST
def declare(request: HttpRequest, pk: int, presenca: int) -> HttpResponse:
    """Issue one person's declaração de comparecimento."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    row = _person(request, pk, presenca)
    made = services.declare_attendance(presenca=row, by=request.user, at=now)
    return redirect(made)


@require_POST
def send_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice went out."""
    audiencia = fetch_hearing(request, pk)
    form = NoticeForm(request.POST, auto_id="envio-%s", parties=party_choices(audiencia))
    return _noticed(
        request, audiencia, "enviar", form, services.send_notice, "Notificação registrada.", audiencia=audiencia
    )


@require_http_methods(["GET", "POST"])
def labels(request: HttpRequest, pk: int) -> HttpResponse:
    """AR labels for the parties that are still to be told: choose whose and the first free place, then the PDF."""
    audiencia = fetch_hearing(request, pk)
    require_papel(request.user, audiencia.unidade_id, frozenset(acts.TABLE), "imprimir etiquetas de AR")
    people = services.addressees(audiencia)
    reachable = [one for one in people if one.reachable]
    untold = {notice.parte for notice in services.notices_of(audiencia) if not notice.prova}
    form = PostForm(
        request.POST or None,
        people=reachable,
        initial={"partes": [one.parte for one in reachable if one.parte in untold]},
    )
    if form.is_valid():
        pdf = services.print_notice_labels(
            audiencia=audiencia,
            partes=form.cleaned_data["partes"],
            start=form.cleaned_data["inicio"],
            by=request.user,
        )
        headers = {"Content-Disposition": 'inline; filename="etiquetas.pdf"', "Cache-Control": "no-store"}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)
    context = {"audiencia": audiencia, "form": form, "com": reachable}
    context["sem"] = [one for one in people if not one.reachable]
    return render(request, "hearings/etiquetas.html", context, status=422 if form.errors else 200)


@require_POST
def prove(request: HttpRequest, pk: int, notificacao: int) -> HttpResponse:
    """It arrived."""
    audiencia = fetch_hearing(request, pk)
    notice = get_object_or_404(
        NotificacaoDaAudiencia.objects.select_related("audiencia"), pk=notificacao, audiencia=audiencia
    )
    form = ProofForm(request.POST, auto_id=f"prova{notice.pk}-%s")
    return _noticed(
        request, audiencia, "provas", form, services.prove_notice, "Recebimento registrado.", notificacao=notice
    )


@require_POST
def came_back(request: HttpRequest, pk: int, notificacao: int) -> HttpResponse:
    """It came back."""
    audiencia = fetch_hearing(request, pk)
    notice = get_object_or_404(
        NotificacaoDaAudiencia.objects.select_related("audiencia"), pk=notificacao, audiencia=audiencia
    )
    form = ReturnForm(request.POST, auto_id=f"volta{notice.pk}-%s")
    done = "Devolução registrada. A parte ainda precisa ser notificada."
    return _noticed(request, audiencia, "voltas", form, services.return_notice, done, notificacao=notice)


def _noticed(
    request: HttpRequest, shown_of: Audiencia, name: str, form: RefusableForm, act: Any, done: str, /, **what: Any
) -> HttpResponse:
    """An act on notices: form, service, answer; forms of single notices are shown by the notice's number."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    notice = what.get("notificacao")
    shown = {name: {notice.pk: form} if notice else form}
    if not form.is_valid():
        return hearing_page(request, shown_of, status=422, **shown)
    try:
        act(by=request.user, at=now, **what, **form.cleaned_data)
    except Refusal as refusal:
        form.show(refusal)
        told = {"recusa_da_notificacao": refusal, "recusa": refusal}
        return hearing_page(request, fetch_hearing(request, shown_of.pk), status=refusal.status_code, **shown, **told)
    messages.success(request, done)
    return redirect(f"{shown_of.get_absolute_url()}#notificacoes")


def _person(request: HttpRequest, pk: int, presenca: int) -> Presenca:
    audiencia = fetch_hearing(request, pk)
    found = Presenca.objects.select_related("reclamado__fornecedor").filter(pk=presenca, audiencia=audiencia).first()
    if found is None:
        raise Http404
    found.audiencia = audiencia
    return found
