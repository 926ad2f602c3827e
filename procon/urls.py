"""Every address starts here; each package owns its own branch."""

from allauth.socialaccount.providers.openid_connect.views import login as openid_login
from django.urls import include, path

from cases.urls import privacidade, unidades_do_procon
from procon import errors, finding, identity, permissions, views
from procon.health import livez, readyz
from procon.metrics import metrics
from reports.urls import api as estatisticas
from reports.urls import publico as balanco_publico

handler500 = errors.server_error

urlpatterns = [
    # The API first: programs ask more often than people do, and every address before theirs is tried each time.
    path("", include("reports.register.urls")),
    path("", include(estatisticas)),
    path("api/v1/", include("portal.api.urls")),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metricas"),
    path("sem-rede/", errors.offline, name="sem_rede"),
    path("sem-rede.js", errors.offline_worker, name="sem_rede_js"),
    path("", views.home, name="inicio"),
    path("copias/", views.copies, name="copias"),
    path("busca/", finding.search, name="busca"),
    path("busca/<str:busca>/", finding.results, name="busca_resultados"),
    path("quem-pode/", permissions.matrix, name="quem_pode"),
    path("", include("access.urls")),
    path("identidade/<str:provider_id>/login/", openid_login, name="openid_connect_login"),
    path("identidade/<str:provider_id>/login/callback/", identity.callback, name="openid_connect_callback"),
    path("atendimentos/", include("cases.urls")),
    path("privacidade/", include(privacidade)),
    path("cadastros/unidades/", include(unidades_do_procon)),
    path("audiencias/", include("hearings.urls")),
    path("cadastros/", include("parties.urls")),
    path("documentos/", include("documents.urls")),
    path("mensagens/", include("notifications.urls")),
    path("prazos/", include("deadlines.urls")),
    path("relatorios/", include("reports.urls")),
    path("publico/balanco/", include(balanco_publico)),
    path("", include("opendata.urls")),
    path("", include("portal.urls")),
]
