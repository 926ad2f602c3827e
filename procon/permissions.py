"""Who may do what: the tables of acts, as the office reads them."""

from __future__ import annotations

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import Papel
from workflow.acts import ActTable

#: In the order in which the office meets them.
MODELS = ("cases.Atendimento", "cases.CIP", "cases.Reclamacao", "cases.Acordo", "hearings.Audiencia", "hearings.Termo")


@require_GET
def matrix(request: HttpRequest) -> HttpResponse:
    """Every act by papel, from the tables that decide it; one's own papéis are marked."""
    context = {"tabelas": [_table(label) for label in MODELS], "papeis": list(Papel), "meus": request.user.papeis}
    return render(request, "procon/quem_pode.html", context)


def _table(label: str) -> dict[str, object]:
    model = apps.get_model(label)
    names = dict(model._meta.get_field("status").flatchoices)
    acts = [
        {
            "nome": act.label,
            "de": ", ".join(str(name) for value, name in names.items() if value in act.sources),
            "para": names[act.target],
            "quem": [(papel, papel.value in act.roles) for papel in Papel],
        }
        for act in ActTable.registry[label]
    ]
    words = str(model._meta.verbose_name_plural)
    return {"id": label.replace(".", "-").lower(), "titulo": words[:1].upper() + words[1:], "atos": acts}
