"""Work in every state, so that each page has something to show: for the looks at the pages and for the pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import Page

from access.rules import code_of
from access.services.factors import enrol_application
from access.services.typed import keep_typed
from accounts.models import Unidade, User
from cases.models import Assunto, Atendimento, Classificacao, Parcela, Proposta, Reclamacao
from cases.services import (
    attach,
    decide,
    issue_cip,
    make_agreement,
    notify_reclamado,
    open_reclamacao,
    receive_defence,
    receive_notice,
    record_contact,
    register,
    send_cip,
    serve_decision,
    write_opinion,
)
from cases.services.appeal import lodge_appeal
from cases.services.drafts import save_draft
from cases.services.privacy import register_request
from cases.services.queue import call_next, issue_ticket
from cases.services.saved import save_filter
from documents.codes import new_code, seeded
from hearings.models import Audiencia
from hearings.services import announce, first_day, free_slots, note_impediment, party_key, request_move, schedule
from hearings.services.parties import read_party_key
from parties.models import (
    Consumidor,
    Fornecedor,
    Fusao,
    FusaoDeConsumidores,
    GrupoDeConsumidores,
    GrupoDeDuplicados,
)
from parties.services import merge_consumers, merge_suppliers, register_consumer, register_supplier, request_search
from parties.services.suppliers import add_contact, add_spelling, enroll_supplier, set_group
from parties.tasks import search_duplicates
from tests.cases.files import picture

#: What an application of codes was given.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@dataclass
class Staff:
    """Who does what, and for whom."""

    unidade: Unidade
    clerk: User
    authority: User
    people: list[Consumidor]
    suppliers: list[Fornecedor]
    assunto: Assunto
    now: datetime
    auditor: User
    encarregado: User
    #: The names of what was made, for the addresses.
    made: dict[str, object] = field(default_factory=dict)


def new_case(staff: Staff, person: int, *suppliers: int, days_ago: int, **facts: object) -> Atendimento:
    """A preliminary atendimento of one of the people."""
    return register(
        by=staff.clerk,
        at=staff.now - timedelta(days=days_ago),
        unidade=staff.unidade,
        tipo="atendimento_preliminar",
        canal="pessoal",
        consumidor=staff.people[person],
        fornecedores=[staff.suppliers[number] for number in suppliers],
        assunto=staff.assunto,
        relato="Comprei em 12 parcelas e a fatura veio com o valor dobrado. Liguei duas vezes e não resolveram.",
        pedido="Devolução do que paguei a mais.",
        valor=Decimal("389.90"),
        **facts,
    )


def complaint(staff: Staff, person: int, *suppliers: int, decided: bool) -> Reclamacao:
    """A reclamação with its opinion; decided, served and appealed against if asked for."""
    case = new_case(staff, person, *suppliers, days_ago=30)
    at = staff.now - timedelta(days=20)
    opened = open_reclamacao(atendimento=case, by=staff.clerk, at=at, motivo="O fornecedor não devolveu.")
    parties = list(case.reclamados.order_by("pk"))
    for party in parties:
        turn = notify_reclamado(reclamado=party, meio="em_maos", by=staff.clerk, at=at)
        turn = receive_notice(defesa=turn, on=timezone.localdate(at), by=staff.clerk, at=at)
        receive_defence(defesa=turn, texto="A cobrança está no contrato.", by=staff.clerk, at=at + timedelta(days=2))
    opened.refresh_from_db()
    proposals = [Proposta(reclamado=one, valor="fundamentada_nao_atendida", motivo="Não devolveu.") for one in parties]
    write_opinion(
        reclamacao=opened,
        analise="A cobrança em dobro está provada pela fatura.",
        base_legal="CDC, art. 42, parágrafo único",
        propostas=proposals,
        by=staff.clerk,
        at=at + timedelta(days=5),
    )
    if decided:
        _decide(staff, opened)
    opened.refresh_from_db()
    return opened


def _decide(staff: Staff, opened: Reclamacao) -> None:
    at = staff.now - timedelta(days=12)
    decisions: list[Classificacao] = []
    for party in opened.atendimento.reclamados.order_by("pk"):
        made = decide(
            reclamado=party,
            valor="fundamentada_nao_atendida",
            motivo="Cobrou em dobro e não devolveu.",
            base_legal="CDC, art. 42, parágrafo único",
            by=staff.authority,
            at=at,
        )
        decisions.append(serve_decision(classificacao=made, on=timezone.localdate(at), by=staff.clerk, at=at))
    at += timedelta(days=2)
    lodge_appeal(
        classificacao=decisions[0],
        de_quem="fornecedor",
        on=timezone.localdate(at),
        texto="A cobrança era devida.",
        by=staff.clerk,
        at=at,
    )


def agreement(staff: Staff, person: int, supplier: int) -> Atendimento:
    """A case with an agreement in three instalments, the first of them due today, and two papers attached."""
    case = new_case(staff, person, supplier, days_ago=10)
    party, at = case.reclamados.get(), staff.now - timedelta(days=9)
    record_contact(reclamado=party, resultado="nao_resolvido", by=staff.clerk, at=at, relato="Ofereceram três vezes.")
    today = timezone.localdate(staff.now)
    days = [today + timedelta(days=30 * number) for number in range(3)]
    make_agreement(
        reclamado=party,
        origem="atendimento",
        texto="A empresa devolve R$ 300,00 em três parcelas, por Pix.",
        firmado_em=timezone.localdate(at),
        total=Decimal(300),
        parcelas=[Parcela(vencimento=day, valor=Decimal(100)) for day in days],
        by=staff.clerk,
        at=at,
    )
    paper = SimpleUploadedFile("fatura.jpg", picture(size=(320, 200)), "image/jpeg")
    staff.made["anexo"] = attach(
        atendimento=case, arquivo=paper, nome="Fatura de outubro", origem="balcao", by=staff.clerk, at=at
    )
    return case


def mailed_letter(staff: Staff, person: int, supplier: int) -> str:
    """A CIP sent by e-mail an hour ago; the code of its letter."""
    case, at = new_case(staff, person, supplier, days_ago=1), staff.now - timedelta(hours=1)
    with seeded("carta"):
        cip = issue_cip(reclamado=case.reclamados.get(), by=staff.clerk, at=at)
    send_cip(cip=cip, meio="email", by=staff.clerk, at=at)
    with seeded("carta"):
        return new_code(4)


def counter(staff: Staff) -> None:
    """People waiting, one called, a draft, a kept filter."""
    for ordem in (3, 1, 0, 0):
        issue_ticket(
            unidade=staff.unidade, ordem=ordem, by=staff.clerk, at=staff.now - timedelta(minutes=5 * ordem + 2)
        )
    staff.made["senha"] = call_next(unidade=staff.unidade, guiche="2", by=staff.clerk, at=staff.now)
    save_draft(
        envio=uuid4(),
        dados={"tipo": ["atendimento_preliminar"], "nome": ["Beatriz Lima"], "relato": ["Cobraram duas vezes."]},
        by=staff.clerk,
        at=staff.now - timedelta(minutes=20),
    )
    save_filter(nome="Por vencer no balcão", consulta="status=aberto&canal=pessoal", by=staff.clerk)


def registers(staff: Staff) -> None:
    """A supplier with all that its page keeps; a merge, a group of possible duplicates; a request about one's data."""
    at, shop = staff.now - timedelta(days=2), staff.suppliers[0]
    add_spelling(supplier=shop, nome="Loja do Exemplo", by=staff.auditor, at=at)
    set_group(supplier=shop, nome="Grupo Modelo", by=staff.auditor, at=at)
    add_contact(
        supplier=shop,
        nome="Marina do Atendimento",
        email="marina@example.org",
        recebe_cip=True,
        recebe_audiencia=True,
        by=staff.auditor,
        at=at,
    )
    today = timezone.localdate(at)
    if not shop.cip_eletronica:
        enroll_supplier(
            supplier=shop, termo="Termo 12", assinado_por="Rui Diretor", assinado_em=today, by=staff.auditor, at=at
        )
    other = register_supplier(razao_social="Comércio de Móveis Aurora Filial")
    kept = register_supplier(razao_social="Comércio de Móveis Aurora")
    staff.made["fusao"] = merge_suppliers(survivor=kept, others=[other], motivo="Mesma casa.", by=staff.auditor, at=at)
    register_supplier(razao_social=f"{shop.razao_social} ME")
    request_search(by=staff.auditor, at=at)
    search_duplicates()
    staff.made["grupo"] = GrupoDeDuplicados.objects.first()
    same_people(staff, at)
    staff.made["solicitacao"] = register_request(
        solicitante=staff.people[0].nome,
        pedido="acesso",
        texto="Quero saber o que consta sobre mim.",
        recebida_em=today,
        by=staff.encarregado,
        at=at,
        consumidor=staff.people[0],
    )


def same_people(staff: Staff, at: datetime) -> None:
    """A person registered three times: one registration is merged already, one waits for the auditor."""
    person, born = staff.people[0], date(1978, 4, 12)
    Consumidor.objects.filter(pk=person.pk).update(nascimento=born)
    alike = [
        register_consumer(nome=person.nome.upper(), nascimento=born, telefone="11 98888-7777", bairro="Centro"),
        register_consumer(nome=f"{person.nome} Lima", nascimento=born, email="outra@example.org"),
    ]
    for somebody in (person, *alike):
        register(
            by=staff.clerk, at=at, unidade=staff.unidade, tipo="simples_consulta", canal="pessoal",
            consumidor=somebody, fornecedores=staff.suppliers[:1],
        )  # fmt: skip
    staff.made["fusao_de_pessoas"] = merge_consumers(
        survivor=person, others=alike[1:], motivo="Mesma data de nascimento; nome de casada.", by=staff.auditor, at=at
    )
    request_search(by=staff.auditor, at=at, alvo="consumidores")
    search_duplicates()
    staff.made["pessoas"] = GrupoDeConsumidores.objects.filter(itens__consumidor=person).first()


def hearing(staff: Staff, case: Atendimento) -> Audiencia:
    """A hearing of the case, on the first day that the minimum lead allows."""
    start = first_day(today=timezone.localdate(staff.now))
    slot = free_slots(unidade=staff.unidade, start=start, limit=1, consumidor=case.consumidor)[0]
    made = schedule(
        atendimento=case,
        reclamados=list(case.reclamados.all()),
        sala=slot.sala,
        conciliador=slot.conciliador,
        inicio=slot.inicio,
        by=staff.clerk,
        at=staff.now,
    )
    announce(audiencias=[made], by=staff.clerk, at=staff.now)
    return made


def mutirao(staff: Staff, supplier: int) -> str:
    """Several cases of one supplier that wait for a hearing, one of whose consumers cannot come in the morning."""
    cases = [complaint(staff, person, supplier, decided=False).atendimento for person in range(len(staff.people))]
    note_impediment(atendimento=cases[0], ate_as=time(12), motivo="Trabalha de manhã", by=staff.clerk, at=staff.now)
    return f"/audiencias/mutirao/{staff.unidade.pk}/{staff.suppliers[supplier].pk}/"


def preview(page: Page, place: str) -> None:
    """From the page of a mutirão to its preview, by keyboard alone."""
    page.goto(place)
    for name in ("salas", "conciliadores"):
        page.locator(f"input[name={name}]").first.focus()
        page.keyboard.press("Space")
    last = date.fromisoformat(page.locator("input[name=de]").input_value()) + timedelta(days=5)
    page.locator("input[name=ate]").fill(last.isoformat())
    page.get_by_role("button", name="Ver a prévia").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Prévia do mutirão").wait_for()


def ask_for_another_date(booked: Audiencia, at: datetime) -> str:
    """The consumer asks for another date by the link of the notice; the address of that page."""
    key = party_key(booked, f"consumidor:{booked.atendimento.consumidor_id}")
    found = read_party_key(key)
    assert found
    request_move(audiencia=found[0], party=found[1], motivo="Trabalho neste horário.", at=at)
    return f"/audiencias/parte/{key}/"


def register_paths(staff: Staff) -> list[str]:
    """The pages of what `registers` made."""
    shop, person = staff.suppliers[0], staff.people[0]
    merge, found, request = staff.made["fusao"], staff.made["grupo"], staff.made["solicitacao"]
    assert isinstance(merge, Fusao)
    assert isinstance(found, GrupoDeDuplicados)
    base = "/cadastros/fornecedores"
    several = [f"{base}/{shop.pk}/", f"{base}/{shop.pk}/fundir/", f"{base}/{merge.sobrevivente_id}/", f"{base}/novo/"]
    several += [f"/cadastros/fusoes/{merge.pk}/desfazer/", "/cadastros/grupos/", f"/cadastros/grupos/{shop.grupo_id}/"]
    several += ["/cadastros/duplicados/", f"/cadastros/duplicados/{found.pk}/"]
    people, same = staff.made["pessoas"], staff.made["fusao_de_pessoas"]
    assert isinstance(people, GrupoDeConsumidores)
    assert isinstance(same, FusaoDeConsumidores)
    base = "/cadastros/consumidores"
    several += [f"{base}/{person.pk}/", f"{base}/{person.pk}/fundir/", f"{base}/fusoes/{same.pk}/desfazer/"]
    several += [f"{base}/duplicados/", f"{base}/duplicados/{people.pk}/"]
    several += [f"/atendimentos/consumidores/{person.pk}/alteracoes/"]
    several += [f"/cadastros/consumidores/{person.pk}/corrigir/", "/privacidade/", f"/privacidade/pessoas/{person.pk}/"]
    several += ["/privacidade/solicitacoes/", f"/privacidade/solicitacoes/{request.pk}/"]  # type: ignore[attr-defined]
    return [*several, "/privacidade/anonimizacao/"]


def account_paths(staff: Staff) -> list[str]:
    """One's own account, with an application and a form whose session had ended."""
    enrol_application(
        secret=SECRET, code=code_of(SECRET, int(staff.now.timestamp()) // 30), by=staff.clerk, at=staff.now
    )
    kept = keep_typed(
        caminho="/atendimentos/novo/", fields={"nome": ["Ana Souza"], "relato": ["Comprei um telefone, e não veio."]},
        files=["nota.pdf"], by=staff.clerk, at=staff.now,
    )  # fmt: skip
    assert kept
    mine = ("", "senha/", "confirmar/", "segundo-fator/", "segundo-fator/aplicativo/", "segundo-fator/chave/")
    return [*(f"/conta/{part}" for part in mine), f"/conta/digitado/{kept.pk}/"]
