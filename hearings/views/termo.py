"""The pages of the termo: writing it, reading and signing it, closing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.models import Reclamado, TextoPadrao
from cases.services.texts import filled
from hearings import acts, services
from hearings.forms import CloseForm, SignForm, TermoForm, VersionForm
from hearings.models import Audiencia, Presenca, Termo
from hearings.queries import PENDING
from hearings.views.hearing import fetch_hearing, hearing_page
from workflow.errors import ActNotAllowed, Refusal
from workflow.services import require_papel

#: What the page sends besides the fields that are kept.
_NOT_KEPT = {"csrfmiddlewaretoken", "edicao", "pagina", "vez", "acao"}


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the termo; each button keeps what is typed first."""
    audiencia = fetch_hearing(request, pk)
    require_papel(request.user, audiencia.unidade_id, acts.FECHAR_TERMO.roles, "escrever o termo")
    parties = _parties(audiencia)
    if request.method == "GET":
        return _show(request, audiencia, _kept_form(audiencia, parties))
    data = request.POST.copy()
    form = TermoForm(data, parties=parties)
    action, _, which = data.get("acao", "guardar").partition(":")
    form.is_valid()
    _do(action, which, form, data, request)
    try:
        termo = _keep(request, audiencia, data)
        if action == "ver":
            return _preview(audiencia, termo, form)
        if action == "conferir" and form.is_valid():
            services.settle_termo(audiencia=audiencia, conteudo=form.conteudo(), by=request.user, at=_now())
            return redirect("termo_assinar", audiencia.pk)
    except Refusal as refusal:
        form.show(refusal)
        return _show(request, audiencia, form, status=refusal.status_code, sent=data)
    if form.errors and action != "guardar":
        return _show(request, audiencia, form, status=422, sent=data)
    messages.success(request, "Termo guardado.")
    return redirect(f"{termo.get_absolute_url()}{f'#parte-{which}' if which else ''}")


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed so far; the page's script sends it every few seconds and shows the answer."""
    audiencia = fetch_hearing(request, pk)
    try:
        termo = _keep(request, audiencia, request.POST)
    except Refusal as refusal:
        return HttpResponse(refusal.message, status=refusal.status_code, content_type="text/plain; charset=utf-8")
    told = f"Guardado às {timezone.localtime(termo.alterado_em):%H:%M:%S}."
    return HttpResponse(told, content_type="text/plain; charset=utf-8")


@require_GET
def sign_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it, sign it, close it."""
    audiencia = fetch_hearing(request, pk)
    require_papel(request.user, audiencia.unidade_id, acts.FECHAR_TERMO.roles, "colher assinaturas")
    return _signing(request, audiencia)


@require_GET
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """What had been typed in a termo that its hearing left void: to be read and copied."""
    audiencia = fetch_hearing(request, pk)
    require_papel(request.user, audiencia.unidade_id, acts.FECHAR_TERMO.roles, "ler o termo sem efeito")
    termos = audiencia.termos.filter(status=Termo.Status.SEM_EFEITO).select_related("alterado_por")
    termo = termos.order_by("-versao").first()
    if termo is None:
        raise Http404
    parties = list(audiencia.reclamados.order_by("pk"))
    told = TermoForm(parties=parties).told(termo.dados)
    context = {"audiencia": audiencia, "termo": termo, "partes": told}
    return render(request, "hearings/termo_sem_efeito.html", context)


@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF as it would be now."""
    audiencia = fetch_hearing(request, pk)
    require_papel(request.user, audiencia.unidade_id, acts.FECHAR_TERMO.roles, "ver o termo em redação")
    termo = _current(audiencia)
    form = _kept_form(audiencia, _parties(audiencia))
    return _preview(audiencia, termo, form)


@require_POST
def sign(request: HttpRequest, pk: int, presenca: int) -> HttpResponse:
    """One person signs on the screen."""
    audiencia = fetch_hearing(request, pk)
    person = Presenca.objects.filter(pk=presenca, audiencia=audiencia).first()
    if person is None:
        raise Http404
    person.audiencia = audiencia
    form = SignForm(request.POST, auto_id=f"assina{person.pk}-%s")
    status = 422
    if form.is_valid():
        try:
            services.sign_on_screen(presenca=person, by=request.user, at=_now(), **form.cleaned_data)
        except Refusal as refusal:
            form.show(refusal)
            status = refusal.status_code
        else:
            messages.success(request, f"{person.nome} assinou.")
            return redirect("termo_assinar", audiencia.pk)
    return _signing(request, audiencia, status=status, signing={person.pk: form})


@sensitive_post_parameters("senha")
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the termo: the hearing is held, agreements are made, the letter is frozen and goes out."""
    audiencia = fetch_hearing(request, pk)
    _current(audiencia)
    form = CloseForm(request.POST, request.FILES, auto_id="fechar-%s", people=audiencia.presencas.all())
    written = _kept_form(audiencia, _parties(audiencia))
    status = 422
    if form.is_valid() and written.is_valid():
        try:
            services.close_termo(
                audiencia=audiencia, conteudo=written.conteudo(), by=request.user, at=_now(), **form.arguments()
            )
        except Refusal as refusal:
            form.show(refusal)
            status = refusal.status_code
        else:
            messages.success(request, "Termo fechado. As cópias vão às partes; o documento está na lista abaixo.")
            return redirect(audiencia)
    return _signing(request, fetch_hearing(request, pk), status=status, fechar=form)


@require_POST
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a new version, with its reason."""
    audiencia = fetch_hearing(request, pk)
    form = VersionForm(request.POST, auto_id="versao-%s")
    if not form.is_valid():
        return hearing_page(request, audiencia, status=422, nova_versao=form)
    services.begin_version(audiencia=audiencia, by=request.user, at=_now(), **form.cleaned_data)
    return redirect("termo", audiencia.pk)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a new version away."""
    audiencia = fetch_hearing(request, pk)
    services.discard_version(audiencia=audiencia, by=request.user, at=_now())
    messages.info(request, "Nova versão descartada. Vale o termo fechado.")
    return redirect(audiencia)


def _do(action: str, which: str, form: TermoForm, data: QueryDict, request: HttpRequest) -> None:
    """The buttons that put something into the page: a ready text, a plan of instalments."""
    item = next((one for one in form.parties if str(one.pk) == which), None)
    if action == "inserir":
        field, chosen = (f"texto_{which}", f"pronto_{which}") if item else ("relato", "pronto_relato")
        text = form.cleaned_data.get(chosen)
        if text is None:
            form.add_error(chosen, "Escolha um texto da lista.")
            return
        before = data.get(field, "").rstrip()
        put = filled(text, _values(form, text, item, request))
        data[field], data[chosen] = f"{before}\n\n{put}" if before else put, ""
    elif action == "gerar" and item:
        plan = form.plan(item)
        if plan is not None:
            data[f"parcelas_{item.pk}"] = plan


def _values(form: TermoForm, text: TextoPadrao, item: Reclamado | None, request: HttpRequest) -> dict[str, str]:
    """What the placeholders stand for at a hearing."""
    one = item or (form.parties[0] if form.parties else None)
    case = one.atendimento if one else None
    suppliers = [item] if item else form.parties
    bought = getattr(case, "compra", None)
    return {
        "consumidor": str(case.consumidor or "") if case else "",
        "fornecedor": " e ".join(str(party.fornecedor) for party in suppliers),
        "assunto": str(case.assunto or "") if case else "",
        "problema": str(case.problema or "") if case else "",
        "contrato": bought.contrato if bought else "",
        "protocolo": case.protocolo if case else "",
        "data": f"{timezone.localdate(_now()):%d/%m/%Y}",
        "atendente": str(request.user),
        "unidade": str(case.unidade) if case else "",
    }


def _keep(request: HttpRequest, audiencia: Audiencia, data: QueryDict) -> Termo:
    typed = {name: data.getlist(name) for name in data if name not in _NOT_KEPT}
    return services.write_termo(
        audiencia=audiencia,
        dados=typed,
        edicao=_number(data.get("edicao", "")),
        pagina=_page_number(data.get("pagina", "")),
        vez=_number(data.get("vez", "")),
        by=request.user,
        at=_now(),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _page_number(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _parties(audiencia: Audiencia) -> list[Reclamado]:
    """The suppliers who came, while the first version is written; a new version brings no clauses."""
    if audiencia.status not in PENDING:
        return []
    _, came = services.sides(audiencia, services.present(audiencia))
    found = Reclamado.objects.filter(pk__in=[item.pk for item in came]).order_by("pk")
    return list(found.select_related("fornecedor", "atendimento__consumidor", "atendimento__compra"))


def _kept_form(audiencia: Audiencia, parties: list[Reclamado]) -> TermoForm:
    """The form as it was kept; empty where nothing was."""
    termo = services.termo_of(audiencia)
    if termo is None or not termo.dados:
        return TermoForm(parties=parties)
    data = QueryDict(mutable=True)
    for name, values in termo.dados.items():
        data.setlist(name, values)
    return TermoForm(data, parties=parties)


def _current(audiencia: Audiencia) -> Termo:
    termo = services.termo_of(audiencia)
    if termo is None:
        raise ActNotAllowed(
            "Não há termo em redação nesta audiência: ainda não foi escrito, ou alguém já o fechou. Volte à audiência."
        )
    return termo


def _preview(audiencia: Audiencia, termo: Termo, form: TermoForm) -> HttpResponse:
    form.is_valid()
    if not form.is_bound:
        raise ActNotAllowed("Ainda não há nada escrito para ver. Escreva o termo e guarde.")
    pdf = services.preview_termo(audiencia=audiencia, termo=termo, conteudo=form.conteudo(), at=_now())
    headers = {"Content-Disposition": 'inline; filename="termo-em-redacao.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _show(
    request: HttpRequest, audiencia: Audiencia, form: TermoForm, *, status: int = 200, sent: QueryDict | None = None
) -> HttpResponse:
    termo = services.termo_of(audiencia)
    if termo is None and audiencia.status not in PENDING:
        raise ActNotAllowed("Não há termo em redação nesta audiência. Volte à audiência e veja o que há.")
    rows = services.present(audiencia)
    consumer, came = services.sides(audiencia, rows)
    context: dict[str, Any] = {
        "audiencia": audiencia,
        "termo": termo,
        "form": form,
        "mostra_erros": status != 200,
        "presencas": rows,
        "dois_lados": consumer and bool(came),
        "edicao": termo.edicao if termo else 0,
        "pagina": (sent or {}).get("pagina") or str(uuid4()),
        "vez": _number((sent or {}).get("vez", "")),
    }
    if status == 200 and form.is_bound:
        form.errors.clear()  # what is not finished yet is not wrong
    return render(request, "hearings/termo.html", context, status=status)


def _signing(
    request: HttpRequest,
    audiencia: Audiencia,
    *,
    status: int = 200,
    signing: dict[int, SignForm] | None = None,
    **forms: Any,
) -> HttpResponse:
    termo = _current(audiencia)
    rows = services.present(audiencia)
    signed = {item.presenca_id: item for item in termo.assinaturas.all()}
    people = []
    for row in rows:
        blank = SignForm(auto_id=f"assina{row.pk}-%s", initial={"conteudo_sha256": termo.conteudo_sha256})
        people.append((row, signed.get(row.pk), (signing or {}).get(row.pk, blank)))
    written = _kept_form(audiencia, _parties(audiencia))
    written.full_clean()
    context = {
        "audiencia": audiencia,
        "termo": termo,
        "pessoas": people,
        "conteudo": written.conteudo() if written.is_bound else None,
        "fechar": CloseForm(auto_id="fechar-%s", people=audiencia.presencas.all()),
        "faltam": [row.nome for row in rows if row.qualidade in services.SIGNERS and row.pk not in signed],
    }
    return render(request, "hearings/termo_assinar.html", context | forms, status=status)


def _now() -> Any:
    return timezone.now()  # noqa: TID251  the edge reads the clock
