"""The outbox as the office sees it, and the local mail folder."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Papel
from listing.pages import keyset_page
from notifications import services, storage
from notifications.forms import UNREACHED, MessageFilter, ResendForm
from notifications.models import Mensagem
from notifications.queries import UNDELIVERED
from notifications.transport import key_of, message_id, number_of
from workflow.errors import Refusal
from workflow.services import log_reading

READERS_OF_FOLDER = (Papel.COORDENADOR, Papel.ADMINISTRADOR)
FOLDER_PAGE = 50


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The messages of one's unidades, newest first, with every try."""
    form = MessageFilter(request.GET)
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    rows = Mensagem.objects.visible_to(request.user).prefetch_related("tentativas").defer("corpo")
    if "q" in chosen:
        rows = rows.search(chosen["q"])
    if chosen.get("situacao") == UNREACHED:
        rows = rows.undelivered()
        del chosen["situacao"]
    rows = rows.filter(**{name: value for name, value in chosen.items() if name != "q"})
    query = request.GET.copy()
    for name in ("depois", "antes"):
        query.pop(name, None)
    context = {
        "form": form,
        "pagina": keyset_page(rows, ("-id",), request.GET),
        "consulta": query.urlencode(),
        "filtrado": any(form.cleaned_data.values()),
        "ve_correio": request.user.has_papel(*READERS_OF_FOLDER) and storage.folder() is not None,
    }
    return render(request, "notifications/mensagens.html", context)


@require_GET
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message: what it says, to whom, where it stands and why, every try, and sending it again."""
    mensagem = _fetch(request, pk)
    log_reading(by=request.user, pagina="mensagem", objeto=mensagem, historico_id=mensagem.historico_id)
    return _page(request, mensagem, ResendForm())


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a message that failed or came back into the outbox again."""
    mensagem = _fetch(request, pk)
    form = ResendForm(request.POST)
    if not form.is_valid():
        return _page(request, mensagem, form, status=422)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    try:
        services.resend(mensagem=mensagem, by=request.user, at=now, **form.cleaned_data)
    except Refusal as refusal:
        for name, sentence in refusal.errors.items():
            form.add_error(name, sentence)
        return _page(request, _fetch(request, pk), form, status=refusal.status_code, recusa=refusal)
    messages.success(request, "A mensagem será enviada de novo no próximo minuto.")
    return redirect("mensagem", pk)


@require_GET
def mail_folder(request: HttpRequest) -> HttpResponse:
    """The e-mails that stayed here because no server is configured."""
    path = _folder(request)
    page = Paginator(storage.names(path), FOLDER_PAGE).get_page(request.GET.get("pagina"))
    found = [letter for letter in (storage.read(path, name) for name in page) if letter]
    letters = _own(request, found)
    context = {"pagina": page, "cartas": letters, "de_outros": len(found) - len(letters)}
    return render(request, "notifications/correio.html", context)


@require_GET
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One e-mail of the folder."""
    letter = storage.read(_folder(request), name)
    if letter is None or not _own(request, [letter]):
        raise Http404
    return render(request, "notifications/carta.html", {"carta": letter})


def _own(request: HttpRequest, letters: list[storage.Letter]) -> list[storage.Letter]:
    """Those whose message this person may see; what is no message of the outbox concerns nobody in particular."""
    numbers = {letter.name: number_of(letter.message_id) for letter in letters}
    asked = {number for number in numbers.values() if number is not None}
    seen = set(Mensagem.objects.visible_to(request.user).filter(pk__in=asked).values_list("pk", flat=True))
    return [letter for letter in letters if numbers[letter.name] is None or numbers[letter.name] in seen]


def _fetch(request: HttpRequest, pk: int) -> Mensagem:
    return get_object_or_404(Mensagem.objects.visible_to(request.user).select_related("unidade"), pk=pk)


def _page(
    request: HttpRequest, mensagem: Mensagem, form: ResendForm, *, status: int = 200, **more: object
) -> HttpResponse:
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    resends = services.RESENDERS & request.user.papeis_em(mensagem.unidade_id)
    context = {
        "mensagem": mensagem,
        "tentativas": mensagem.tentativas.all(),
        "identidade": message_id(mensagem) if mensagem.canal == Mensagem.Canal.EMAIL else key_of(mensagem),
        "nao_chegou": mensagem.situacao in UNDELIVERED,
        "vencida": mensagem.vale_ate is not None and mensagem.vale_ate <= now,
        "pode_reenviar": bool(resends),
        "form": form,
    }
    return render(request, "notifications/mensagem.html", context | more, status=status)


def _folder(request: HttpRequest) -> storage.Path:
    path = storage.folder()
    if path is None or not request.user.has_papel(*READERS_OF_FOLDER):
        raise Http404
    return path
