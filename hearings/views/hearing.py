"""The page of one hearing, and its acts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm, BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Papel
from cases.forms.typed import typed_into
from hearings import acts, services
from hearings.forms import (
    ArchiveForm,
    CancelForm,
    ConfirmForm,
    DenyForm,
    JustifyForm,
    NoticeForm,
    NotifyForm,
    OutcomeForm,
    PapersForm,
    PresenceFormSet,
    ProofForm,
    RefusableForm,
    ReturnForm,
    VersionForm,
    expected_people,
)
from hearings.models import Audiencia, Justificativa, PedidoDeRemarcacao, Termo
from notifications.models import Mensagem
from workflow.errors import Refusal

#: The forms that stand on the page while the act is allowed; a new date has a page of its own.
_BY_ACT = {"notificar": "NOTIFICAR", "confirmar": "CONFIRMAR", "cancelar": "CANCELAR"}
RESULT_ACTS = {acts.REALIZAR.name, acts.REGISTRAR_AUSENCIA.name}


@require_GET
def hearing(request: HttpRequest, pk: int) -> HttpResponse:
    """One hearing: parties, attendance, letters, messages, and what may be done."""
    return hearing_page(request, fetch_hearing(request, pk))


@require_POST
def notify(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the parties were notified."""
    return _simple(request, pk, "notificar", NotifyForm, services.notify, "Notificação registrada.")


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a confirmation."""
    return _simple(request, pk, "confirmar", ConfirmForm, services.confirm, "Confirmação registrada.")


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel the hearing."""
    done = "Audiência cancelada. As partes serão avisadas."
    return _simple(request, pk, "cancelar", CancelForm, services.cancel, done)


@require_POST
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what came of it with each supplier, or the absence: who is here decides which of the two."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    audiencia = fetch_hearing(request, pk)
    present = services.present(audiencia)
    form = OutcomeForm(request.POST, auto_id="resultado-%s", audiencia=audiencia, present=present)
    if not form.is_valid():
        return hearing_page(request, audiencia, status=422, resultado=form)
    note = form.cleaned_data["observacao"]
    who: dict[str, Any] = {"audiencia": audiencia, "by": request.user, "at": now, "observacao": note}
    try:
        if form.parties:
            services.hold(resultados=form.results(), **who)
        else:
            services.record_absence(resultado=services.absence_of(audiencia, present), **who)
    except Refusal as refusal:
        form.show(refusal)
        page = {"recusa": refusal, "resultado": form}
        return hearing_page(request, fetch_hearing(request, pk), status=refusal.status_code, **page)
    if audiencia.resultado in services.AGREED:
        messages.success(request, "Resultado registrado. Registre agora o acordo com cada fornecedor, abaixo.")
    else:
        messages.success(request, "Resultado registrado. O documento está na lista abaixo.")
    return redirect(audiencia)


@require_POST
def justify(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the absent consumer's justification, with its papers."""
    done = "Justificativa registrada. O caso continua: marque outra audiência."
    return _simple(request, pk, "justificar", JustifyForm, services.justify_absence, done)


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Archive the case of a consumer who did not justify the absence."""
    done = "Caso arquivado por ausência do consumidor."
    return _simple(request, pk, "arquivar", ArchiveForm, services.archive_absent, done)


@require_POST
def deny(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a party's request for another date."""
    asked = (
        PedidoDeRemarcacao.objects.filter(pk=pk, audiencia__in=Audiencia.objects.visible_to(request.user))
        .select_related("audiencia__atendimento")
        .first()
    )
    if asked is None:
        raise Http404
    form = DenyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Escreva por que o pedido é negado; a parte lê.")
        return redirect(asked.audiencia)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    services.deny_move(pedido=asked, by=request.user, at=now, **form.cleaned_data)
    messages.success(request, "Pedido negado. A parte é avisada, e lê o motivo no endereço que recebeu.")
    return redirect(asked.audiencia)


def _simple(
    request: HttpRequest, pk: int, name: str, form_class: type[RefusableForm], act: Any, done: str
) -> HttpResponse:
    """An act with one form: fetch by permission, form, service, answer."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    audiencia = fetch_hearing(request, pk)
    form = form_class(request.POST, request.FILES, auto_id=f"{name}-%s")
    if not form.is_valid():
        return hearing_page(request, audiencia, status=422, **{name: form})
    try:
        act(audiencia=audiencia, by=request.user, at=now, **form.cleaned_data)
    except Refusal as refusal:
        form.show(refusal)
        return hearing_page(
            request, fetch_hearing(request, pk), status=refusal.status_code, recusa=refusal, **{name: form}
        )
    messages.success(request, done)
    return redirect(audiencia)


def fetch_hearing(request: HttpRequest, pk: int) -> Audiencia:
    """The hearing, if one may see its case; otherwise there is none."""
    hearings = Audiencia.objects.visible_to(request.user).with_everything()
    audiencia = hearings.select_related("anterior", "seguinte").filter(pk=pk).first()
    if audiencia is None:
        raise Http404
    return audiencia


def party_choices(audiencia: Audiencia) -> list[tuple[str, str]]:
    """The parties that are told of the hearing, for a list to choose from."""
    return [(party.parte, party.nome) for party in services.notices_of(audiencia)]


def hearing_page(request: HttpRequest, audiencia: Audiencia, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The hearing's page, with the forms that came back with errors in place of fresh ones."""
    held, sent = request.user.papeis_em(audiencia.atendimento.unidade_id), dict(forms)
    allowed = {act.name for act in acts.AUDIENCIA.available(audiencia.status, held)}
    context: dict[str, Any] = {
        "audiencia": audiencia,
        "atendimento": audiencia.atendimento,
        "atos": allowed,
        "da_mesa": bool(held & set(acts.TABLE)),
        "confirmacoes": audiencia.confirmacoes.all(),
        "pedidos": [(asked, DenyForm(auto_id=f"negar{asked.pk}-%s")) for asked in audiencia.pedidos.all()],
        "mensagens": Mensagem.objects.filter(referencia=audiencia.referencia).order_by("devida_em", "pk"),
        "documentos": services.letters_of(audiencia).defer("dados"),
        "notificar": NotifyForm(auto_id="notificar-%s"),
        "confirmar": ConfirmForm(auto_id="confirmar-%s"),
        "cancelar": CancelForm(auto_id="cancelar-%s"),
        **_door(audiencia, bool(allowed & RESULT_ACTS)),
        **_notices(audiencia, forms),
        **_termo(audiencia, held),
        **_absence(audiencia, held),
        **_agreements(audiencia, held),
    }
    if "recusa" in forms:
        context |= _left_over(context, sent)
    return render(request, "hearings/audiencia.html", context | forms, status=status)


def _left_over(fresh: dict[str, Any], forms: dict[str, Any]) -> dict[str, Any]:
    """After a refusal: what was typed into a form for which the page has no place any more, and why it has none."""
    offered = {name for name, act in _BY_ACT.items() if act in fresh["atos"]}
    offered |= {name for name in ("resultado", "justificar", "arquivar") if name in fresh}
    if fresh.get("porta_aberta"):
        offered.add("pessoas")
    if fresh["registra_resultado"]:
        offered |= {"enviar", "provas", "voltas", "resultado"}
    lost = [form for name, form in forms.items() if not name.startswith("recusa") and name not in offered]
    return {
        "recusada": bool(lost),
        "digitado": [row for one in lost for form in _each(one) for row in typed_into(form)],
    }


def _each(one: Any) -> list[BaseForm]:
    """The forms of a form, of a formset, or of several by number."""
    found = list(one.values()) if isinstance(one, dict) else list(one) if isinstance(one, BaseFormSet) else [one]
    return [form for form in found if form.is_bound and form.has_changed()]


def _door(audiencia: Audiencia, open_: bool) -> dict[str, Any]:
    """Who is here and who is late; the forms of the door while it is open."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    rows = services.present(audiencia)
    consumer, came = services.sides(audiencia, rows)
    today = timezone.localdate(now) == timezone.localdate(audiencia.inicio)
    shown: dict[str, Any] = {
        "presencas": [(row, services.missing_papers(row), PapersForm(auto_id=f"papeis{row.pk}-%s")) for row in rows],
        "aceita_documentos": today,
        "registra_resultado": open_,
        "dois_lados": consumer and bool(came),
        "resultados": audiencia.resultados.select_related("reclamado__fornecedor", "acordo__documento"),
    }
    if open_:
        shown["relogio"] = services.clock_of(audiencia, at=now)
        shown["partes"] = services.awaited(audiencia, rows, at=now)
        shown["anda"] = True
        shown["porta_aberta"] = today
        if timezone.localdate(now) >= timezone.localdate(audiencia.inicio):
            shown["resultado"] = OutcomeForm(auto_id="resultado-%s", audiencia=audiencia, present=rows)
        shown["pessoas"] = PresenceFormSet(
            prefix="p",
            initial=expected_people(audiencia, rows, at=now),
            form_kwargs={"audiencia": audiencia, "now": now},
        )
    return shown


def _notices(audiencia: Audiencia, forms: dict[str, Any]) -> dict[str, Any]:
    """Each party's notice and its proof, with the forms of each notice that has not come back yet."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    today = timezone.localdate(now)
    proofs, returns = forms.pop("provas", {}), forms.pop("voltas", {})
    found = services.notices_of(audiencia)
    shown = []
    for party in found:
        sent = [
            (
                item,
                proofs.get(item.pk) or ProofForm(auto_id=f"prova{item.pk}-%s", initial={"on": today}),
                returns.get(item.pk) or ReturnForm(auto_id=f"volta{item.pk}-%s", initial={"on": today}),
            )
            for item in party.enviadas
        ]
        shown.append((party, sent))
    choices = [(party.parte, party.nome) for party in found]
    return {
        "notificacoes": shown,
        "sem_prova": [party.nome for party in found if not party.prova],
        "avisos_devidos": audiencia.espera_avisos,
        "avisos_perdidos": audiencia.espera_avisos and audiencia.inicio <= now,
        "enviar": NoticeForm(auto_id="envio-%s", parties=choices, initial={"on": today}),
    }


def _termo(audiencia: Audiencia, held: frozenset[str]) -> dict[str, Any]:
    """The versions of the termo, and the way to a new one."""
    termos = list(audiencia.termos.select_related("documento", "fechado_por", "alterado_por").order_by("-versao"))
    writing = next((termo for termo in termos if termo.status == Termo.Status.EM_REDACAO), None)
    closed = [termo for termo in termos if termo.documento]
    void = [termo for termo in termos if termo.status == Termo.Status.SEM_EFEITO]
    shown: dict[str, Any] = {"termos": closed, "termo_em_redacao": writing, "termos_sem_efeito": void}
    if closed and not writing and held & set(acts.TABLE):
        shown["nova_versao"] = VersionForm(auto_id="versao-%s")
    return shown


def _absence(audiencia: Audiencia, held: frozenset[str]) -> dict[str, Any]:
    """The consumer's absence: what was said of it, and what may still be done."""
    found = Justificativa.objects.select_related("prazo", "registrada_por").filter(audiencia=audiencia).first()
    if found is None or found.apresentada_em or found.prazo.cumprido_em:
        return {"justificativa": found}
    today = timezone.localdate(timezone.now())  # noqa: TID251  the edge reads the clock
    shown: dict[str, Any] = {"justificativa": found}
    if held & set(acts.TABLE):
        shown["justificar"] = JustifyForm(auto_id="justificar-%s", initial={"on": today})
    if Papel.COORDENADOR in held and found.prazo.vence_em < today:
        shown["arquivar"] = ArchiveForm(auto_id="arquivar-%s")
    return shown


def _agreements(audiencia: Audiencia, held: frozenset[str]) -> dict[str, Any]:
    """After a hearing with agreement: each supplier who agreed, with the agreement made there or the way to make it."""
    if audiencia.resultado not in services.AGREED:
        return {}
    agreed = audiencia.resultados.filter(resultado__in=services.AGREED).order_by("reclamado")
    rows = agreed.select_related("reclamado__fornecedor", "acordo__documento")
    return {"acordos": rows, "pode_acordar": bool(held & set(acts.TABLE))}
