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
from notifications.forms import MessageFilter
from notifications.models import Mensagem

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
    rows = rows.filter(**{name: value for name, value in chosen.items() if name != "q"})
    query = request.GET.copy()
    for name in ("depois", "antes"):
        query.pop(name, None)
    context = {
        "form": form,
        "pagina": keyset_page(rows, ("-id",), request.GET),
        "consulta": query.urlencode(),
        "filtrado": bool(chosen),
        "unidades_de_reenvio": request.user.unidades_com(services.RESENDERS),
        "ve_correio": request.user.has_papel(*READERS_OF_FOLDER) and storage.folder() is not None,
    }
    return render(request, "notifications/mensagens.html", context)


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a failed message back into the outbox."""
    mensagem = get_object_or_404(Mensagem.objects.visible_to(request.user), pk=pk)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    services.resend(mensagem=mensagem, by=request.user, at=now)
    messages.success(request, "A mensagem será enviada de novo no próximo minuto.")
    return redirect("mensagens")


@require_GET
def mail_folder(request: HttpRequest) -> HttpResponse:
    """The e-mails that stayed here because no server is configured."""
    path = _folder(request)
    page = Paginator(storage.names(path), FOLDER_PAGE).get_page(request.GET.get("pagina"))
    letters = [letter for letter in (storage.read(path, name) for name in page) if letter]
    return render(request, "notifications/correio.html", {"pagina": page, "cartas": letters})


@require_GET
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One e-mail of the folder."""
    letter = storage.read(_folder(request), name)
    if letter is None:
        raise Http404
    return render(request, "notifications/carta.html", {"carta": letter})


def _folder(request: HttpRequest) -> storage.Path:
    path = storage.folder()
    if path is None or not request.user.has_papel(*READERS_OF_FOLDER):
        raise Http404
    return path
