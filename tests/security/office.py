"""One office with something in every state, and an address of ours for each pattern of the URLs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from access.models import FormularioGuardado
from access.services.typed import keep_typed
from accounts.models import Atribuicao, Papel, Unidade, User
from cases import models as cases
from cases.services import add_number, issue_espelho
from cases.services.cip_lots import ask_closing
from cases.services.contingency import reserve_forms
from cases.services.texts import write_text
from deadlines.models import Feriado, Suspensao
from documents.models import Documento
from hearings import models as hearings
from hearings.services import block, note_impediment, open_feed, open_window, party_key
from notifications.models import Mensagem
from parties import models as parties
from parties.models import Consumidor
from portal.models import Integracao
from reports.models import PedidoDeCorrecao
from reports.register.services.corrections import Asked, ask_correction
from reports.register.services.publishing import Gazette, publish
from tests.browser import portal, stage
from tests.browser.stage import Staff
from tests.browser.webhooks import webhook_paths
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from tests.reports.conftest import at
from tests.reports.register.conftest import UNMET, decided

#: Papéis that people hold; the two others are machines'.
PEOPLE = [papel for papel in Papel if papel not in (Papel.INTEGRACAO, Papel.SISTEMA)]


def furnish(cast: Cast) -> Staff:
    """Work in every state, done by Zilda, who holds every papel of our unidade."""
    call_command("carregar_calendario", verbosity=0)
    zilda = User.objects.create_user("zilda", nome="Zilda de Tudo", email="zilda@example.org")
    for papel in PEOPLE:
        Atribuicao.objects.create(user=zilda, unidade=cast.unidade, papel=papel)
    subject = cases.Assunto.objects.create(codigo=187, area="Serviços Essenciais", descricao="Telefonia Celular")
    people = [cast.ana, *(Consumidor.objects.create(nome=name) for name in ("Beto Lima", "Célia Prado", "Davi Reis"))]
    staff = Staff(
        cast.unidade, zilda, cast.edu, people, [cast.loja, cast.banco], subject, NOW, auditor=zilda, encarregado=zilda
    )
    _cases(cast, staff)
    _agenda(cast, staff)
    stage.registers(staff)
    webhook_paths(cast, NOW)
    _register(cast, staff)
    Suspensao.objects.create(
        de=date(2026, 12, 20), ate=date(2027, 1, 20), motivo="recesso", fonte="Decreto 3", poupa=["cip_resposta"]
    )
    return staff


def _cases(cast: Cast, staff: Staff) -> None:
    stage.complaint(staff, 1, 0, 1, decided=False)
    stage.complaint(staff, 2, 0, decided=True)
    stage.agreement(staff, 3, 0)
    stage.counter(staff)
    case = portal.answered_case(staff)
    how: dict[str, Any] = {"by": staff.clerk, "at": NOW}
    add_number(atendimento=case, sistema="processo", numero="1", **how)
    issue_espelho(atendimento=case, **how)
    write_text(uso="relato", titulo="Cobrança", texto="Cobraram.", **how)
    reserve_forms(unidade=staff.unidade, quantidades={"calculo": 1}, **how)
    ask_closing(cips=list(cases.CIP.objects.all()), resultado="acordo", **how)
    keep_typed(caminho="/atendimentos/novo/", fields={"nome": ["Ana Souza"]}, files=[], by=staff.clerk, at=NOW)


def _agenda(cast: Cast, staff: Staff) -> None:
    made = stage.hearing(staff, stage.complaint(staff, 0, 0, decided=False).atendimento)
    away = made.inicio + timedelta(days=3)
    how: dict[str, Any] = {"by": staff.clerk, "at": NOW}
    block(
        unidade=staff.unidade, conciliador=made.conciliador, inicio=away, fim=away + timedelta(hours=4),
        motivo="férias", **how,
    )  # fmt: skip
    stage.ask_for_another_date(made, NOW)
    note_impediment(atendimento=made.atendimento, ate_as=time(12), motivo="Trabalha de manhã", **how)
    open_window(
        unidade=staff.unidade, dia_da_semana=1, das=time(9), ate=time(17), vigente_de=NOW.date(),
        conciliador=made.conciliador, by=staff.clerk,
    )  # fmt: skip
    staff.made["agenda"] = open_feed(unidade=staff.unidade, conciliador=made.conciliador, **how)[1]


def _register(cast: Cast, staff: Staff) -> None:
    decided(cast, cast.loja, UNMET, date(2025, 4, 25), told=date(2025, 4, 10), opened=at(2025, 2, 3))
    version = publish(ano=2025, diario=Gazette("1.234", NOW.date(), "12"), by=staff.auditor, at=NOW, today=NOW.date())
    asked = Asked("retificacao", "fornecedor", "Rui Preposto", NOW.date(), "Foi atendida.", version.linhas.first())
    ask_correction(cadastro=version, pedido=asked, by=staff.auditor, at=NOW)


#: Django tells these apart by what they take.
SAME_NAME = {"/atendimentos/triagem/senhas/<int:pk>/": "senha_da_fila"}


def patterns(found: list[Any] | None = None, head: str = "/") -> Iterator[tuple[str, str]]:
    """The name and the pattern of every address, the API's left out: it has a matrix of its own (tests/portal)."""
    for item in get_resolver().url_patterns if found is None else found:
        here = f"{head}{item.pattern}"
        if isinstance(item, URLResolver):
            yield from patterns(item.url_patterns, here)
        elif isinstance(item, URLPattern) and not here.startswith(("/api/", "/oauth/")):
            yield SAME_NAME.get(here, item.name or here), here


#: What stands before a key, and the model of ours whose first row fills it.
ROWS: dict[str, Any] = {
    "/conta/segundo-fator/": None,
    "/cadastros/usuarios/": lambda: User.objects.get(usuario="bruno"),
    "/papeis/": Unidade, "/cadastros/unidades/": Unidade, "/agenda/": Unidade, "/audiencias/mutirao/": Unidade,
    "/atendimentos/filtros/": cases.FiltroSalvo,
    "/triagem/senhas/": cases.Senha, "/atendimentos/contingencia/": cases.FormularioDeContingencia,
    "/atendimentos/textos/": cases.TextoPadrao, "/reclamados/": cases.Reclamado, "/consumidores/": Consumidor,
    "/atendimentos/numeros/": cases.NumeroExterno, "/atendimentos/anexos/": cases.Anexo,
    "/cips/lotes/": cases.Lote, "/cips/": cases.CIP, "/defesas/": cases.Defesa,
    "/atendimentos/reclamacoes/": cases.Reclamacao, "/decisoes/": cases.Classificacao, "/recursos/": cases.Recurso,
    "/parcelas/": cases.Parcela, "/atendimentos/acordos/": cases.Acordo, "/privacidade/pessoas/": Consumidor,
    "/privacidade/solicitacoes/": cases.SolicitacaoDoTitular, "/impedimentos/": hearings.Impedimento,
    "/salas/": hearings.Sala, "/disponibilidades/": hearings.Disponibilidade, "/ausencias/": hearings.Ausencia,
    "/assinaturas/": hearings.AssinaturaDeAgenda, "/audiencias/pedidos/": hearings.PedidoDeRemarcacao,
    "/audiencias/": hearings.Audiencia, "/chegadas/": None, "/termo/assinaturas/": None, "/notificacoes/": None,
    "/consumidores/canais/": None, "/fornecedores/": parties.Fornecedor, "/fornecedores/grafias/": parties.Grafia,
    "/fornecedores/contatos/": parties.ContatoDeFornecedor, "/fornecedores/adesoes/": parties.AdesaoCipEletronica,
    "/cadastros/grupos/": parties.GrupoEconomico, "/cadastros/fusoes/": parties.Fusao,
    "/cadastros/duplicados/": parties.GrupoDeDuplicados, "/consumidores/fusoes/": parties.FusaoDeConsumidores,
    "/consumidores/duplicados/": parties.GrupoDeConsumidores, "/mensagens/": Mensagem, "/dias/": Feriado,
    "/suspensoes/": Suspensao, "/pedidos/": PedidoDeCorrecao, "/versao/": None, "/integracoes/": Integracao,
    "/integracoes/webhooks/": lambda: Integracao.objects.exclude(webhooks=None).first().webhooks.first(),
    "/acompanhamento/meus/": cases.Atendimento, "/caso/respostas/": cases.CIP, "/caso/audiencias/": hearings.Audiencia,
    "/caixa/cips/": cases.CIP, "/caso/anexos/": cases.Anexo,
}  # fmt: skip


class Filler:
    """Patterns as addresses of what is ours."""

    def __init__(self, staff: Staff) -> None:
        hearing = hearings.Audiencia.objects.order_by("pk").last()
        assert hearing
        self.case, self.hearing = hearing.atendimento, hearing
        self.words = {
            "busca": "x", "uid": "x", "prova": "x", "lote": "x", "uso": "relato", "nome": "cip_resposta",
            "codigo": Documento.objects.order_by("pk").first().codigo, "ano": "2025", "arquivo": "x", "token": "x",
            "name": "x", "provider_id": "x", "protocolo": self.case.protocolo, "chave": staff.made["agenda"],
            "ficha": party_key(hearing, f"consumidor:{self.case.consumidor_id}"),
            "fornecedor": str(staff.suppliers[0].pk),
        }  # fmt: skip

    def __call__(self, pattern: str) -> str:
        """The address."""
        while found := re.search(r"<(?:(\w+):)?(\w+)>", pattern):
            pattern = (
                pattern[: found.start()]
                + self._value(pattern[: found.start()], *found.groups())
                + pattern[found.end() :]
            )
        return pattern

    def _value(self, before: str, kind: str, name: str) -> str:
        if kind == "uuid":
            row = FormularioGuardado.objects.get() if "digitado" in before else None
            return str(row.pk) if row else "00000000-0000-4000-8000-000000000000"
        if name in self.words:
            return str(self.words[name])
        before = re.sub(r"/\d+/", "/", before)
        source = ROWS[max((one for one in ROWS if before.endswith(one)), key=len)]
        return str(self._row(source).pk if source else 1)

    def _row(self, source: Any) -> Any:
        if source in (hearings.Audiencia,):
            return self.hearing
        rows = source() if not isinstance(source, type) else source._base_manager.order_by("pk").first()
        assert rows, source
        return rows


class Office:
    """The cast, what they work on, and who asks: one browser for each papel, here and elsewhere."""

    def __init__(self, cast: Cast, staff: Staff) -> None:
        self.cast, self.staff, self.fill = cast, staff, Filler(staff)
        self.here = {papel.value: self._browser(papel, cast.unidade) for papel in PEOPLE}
        self.elsewhere = {papel.value: self._browser(papel, cast.outra) for papel in PEOPLE}

    @staticmethod
    def _browser(papel: str, unidade: Unidade) -> Client:
        user = User.objects.create_user(f"{papel}{unidade.pk}", "senha-de-teste-1", nome=f"{papel} de {unidade}")
        Atribuicao.objects.create(user=user, unidade=unidade, papel=papel)
        client = logged_in(user)
        client.raise_request_exception = False
        return client
