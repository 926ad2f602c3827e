"""Making people anonymous when retention ends: totals stay to the unit, nobody can be named any more (decision 42)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from accounts.models import User
from cases import storage
from cases.models import Anexo, Anonimizacao, Atendimento, PerfilAnonimo, PrazoDeGuarda, SolicitacaoDoTitular
from cases.rules.attachments import EXTENSIONS
from cases.rules.privacy import age_bracket, kept_since
from cases.services.drafts import forget_drafts_about
from cases.services.privacy import require_encarregado, rows_of_person
from deadlines.models import Prazo
from deadlines.services import forget_reasons
from documents.models import Documento
from documents.services import erase
from parties.models import Consumidor, FusaoDeConsumidores
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole
from workflow.models import GONE
from workflow.services import forget_texts, forget_versions

#: What stays of the short fields that people or the office fill in, because it names nobody; all other text goes.
_KEPT = {
    "cases.FormularioDeContingencia.codigo",
    "cases.Atendimento.protocolo", "cases.Atendimento.chave_hash", "cases.CIP.codigo_hash", "cases.CIP.recibo",
    "cases.CIP.rastreio", "cases.Calculo.entrada", "cases.Calculo.resultado", "cases.ItemDoLote.rastreio",
    "cases.PerfilAnonimo.faixa_etaria", "cases.Senha.guiche", "hearings.AssinaturaDoTermo.conteudo_sha256",
    "hearings.Confirmacao.parte", "hearings.NotificacaoDaAudiencia.parte", "hearings.PedidoDeRemarcacao.parte",
    "hearings.Reserva.recurso", "hearings.Termo.conteudo_sha256", "hearings.Termo.homologacao",
    "notifications.Mensagem.chave", "notifications.Mensagem.documento", "notifications.Mensagem.parte",
    "notifications.Mensagem.referencia", "notifications.Mensagem.tipo", "notifications.Mensagem.vez",
}  # fmt: skip
#: Packages that take out themselves what somebody wrote (the history, the terms), or hold nobody's data but ours.
_OFFICE = {"deadlines", "workflow", "accounts"}
#: Rows that are nothing but a way back to the person.
_DELETED = {"cases.NumeroExterno"}


def due(*, today: date) -> models.QuerySet[Consumidor]:
    """The people whose every case is closed and past its retention, and who wait for no answer about their data.

    A person with several registrations is here once, as the one that stands, when the cases of all of them are past.
    """
    past = Q(pk__in=[])
    for row in PrazoDeGuarda.objects.all():
        past |= Q(tipo=row.tipo, status="encerrado", encerrado_em__date__lt=kept_since(today, row.anos))
    whose = Coalesce("consumidor__fundido_em", "consumidor")
    own = Atendimento.objects.alias(pessoa=whose).filter(pessoa=OuterRef("pk")).order_by()
    asked = SolicitacaoDoTitular.objects.alias(pessoa=whose)
    waiting = asked.filter(pessoa=OuterRef("pk"), respondida_em__isnull=True)
    return (
        Consumidor.objects.standing()
        .filter(Exists(own), anonimizacao__isnull=True)
        .exclude(Exists(own.exclude(past)) | Exists(waiting))
    )


@whole
def anonymise(*, consumidor: Consumidor, by: User, at: datetime) -> Anonimizacao:
    """Take out of every table what names a person. Sex, district and the age bracket stay; so does every count.

    Letters and attachments keep number, kind, date and hash, and lose data and file. There is no way back.
    Raises ActNotAllowed where retention has not ended.
    """
    require_encarregado(by)
    person = Consumidor.objects.select_for_update().filter(pk=consumidor.pk).first()
    if person is None or not due(today=localdate(at)).filter(pk=person.pk).exists():
        raise ActNotAllowed(
            "O prazo de guarda desta pessoa não terminou, ou ela já foi anonimizada. Atualize a lista e confira."
        )
    rows = rows_of_person(person)
    cases = Atendimento.objects.filter(pk__in=rows[Atendimento]).order_by("pk")
    family = Consumidor.objects.in_bulk(rows[Consumidor])
    PerfilAnonimo.objects.bulk_create(
        PerfilAnonimo(atendimento=case, faixa_etaria=age_bracket(_birth(case, family), localdate(case.aberto_em)))
        for case in cases
    )
    for case in cases:
        forget_texts(case, by=by, at=at)
    forget_reasons(rows.get(Prazo, set()), word=GONE)
    _forget_files(rows, by)
    for somebody in family.values():
        forget_drafts_about(somebody)
    for model, numbers in rows.items():
        _scrub(model, numbers)
    # A merge that was undone belongs to whom it made the survivor; its reasons speak of this person all the same.
    _scrub(FusaoDeConsumidores, FusaoDeConsumidores.objects.filter(fundidos__in=family).values_list("pk", flat=True))
    Consumidor.objects.filter(pk__in=family).update(
        nome="Consumidor anonimizado", cpf=None, nascimento=None, prioridades=[], cep="", logradouro="", numero="",
        complemento="",
    )  # fmt: skip
    _forget_versions(person, by)
    done = {key: Anonimizacao(consumidor=row, feita_em=at, feita_por=by) for key, row in family.items()}
    Anonimizacao.objects.bulk_create(done.values())
    return done[person.pk]


@whole
def change_retention(*, tipo: str, anos: int, fonte: str, by: User) -> PrazoDeGuarda:
    """Set for how many years the cases of one tipo name their consumer, with the norm that says so."""
    require_encarregado(by)
    if not fonte.strip():
        raise ContentRefused("Escreva a norma em que o prazo se apoia.", errors={"fonte": "Escreva a norma."})
    with refusals_from(PrazoDeGuarda):
        row, _ = PrazoDeGuarda.objects.update_or_create(tipo=tipo, defaults={"anos": anos, "fonte": fonte.strip()})
    return row


def _birth(case: Atendimento, family: dict[int, Consumidor]) -> date | None:
    """The birth date of the case's consumer: as registered with it, else as any registration of the person has it."""
    known = (row.nascimento for row in family.values() if row.nascimento)
    return family[case.consumidor_id or 0].nascimento or next(known, None)


def _scrub(model: type[models.Model], numbers: Iterable[Any]) -> None:
    """Empty what may name a person in these rows: every text, and whatever is kept as JSON, that is not in `_KEPT`."""
    rows = model._base_manager.filter(pk__in=list(numbers))
    if model._meta.label in _DELETED:
        rows.delete()
        return
    if (
        model._meta.app_label in _OFFICE
        or model in (Anexo, Documento, Consumidor)
        or hasattr(model, "pgh_tracked_model")
    ):
        if model is Consumidor:
            rows.update(nome_social="", email="", telefone="")
        return
    for item in model._meta.concrete_fields:
        if item.choices or item.primary_key or item.generated or f"{model._meta.label}.{item.name}" in _KEPT:
            continue
        if isinstance(item, models.TextField | models.CharField):
            _empty(rows, item)
        elif isinstance(item, models.JSONField):
            rows.update(**{item.name: item.get_default()})


def _empty(rows: models.QuerySet[Any], item: models.TextField[Any, Any] | models.CharField[Any, Any]) -> None:
    """Nothing where nothing may stand; else the word that says what became of it, where something stood."""
    if item.null:
        rows.update(**{item.name: None})
    elif item.blank and isinstance(item, models.CharField):
        rows.update(**{item.name: ""})
    else:
        rows.exclude(**{item.name: ""}).update(**{item.name: GONE[: item.max_length]})


def _forget_files(rows: dict[type[models.Model], set[Any]], by: User) -> None:
    """Take the files away once the transaction stands; one that another case also has stays for that case."""
    erase(rows.get(Documento, set()), by=by)
    files = set()
    for anexo in Anexo.objects.filter(pk__in=rows.get(Anexo, set())):
        files.add(anexo.arquivo)
        removal = GONE if anexo.motivo_da_remocao else ""
        Anexo.objects.filter(pk=anexo.pk).update(
            nome=f"anexo{EXTENSIONS.get(anexo.tipo, '')}", descricao="", motivo_da_remocao=removal, arquivo=""
        )
    for name in files - {""}:
        if not Anexo.objects.filter(arquivo=name).exists():
            transaction.on_commit(partial(storage.remove, name))


def _forget_versions(person: Consumidor, by: User) -> None:
    """The earlier rows say what was taken out, those just written by taking it out too: all of them go."""
    for model, numbers in rows_of_person(person).items():
        if hasattr(model, "pgh_tracked_model"):
            forget_versions(model, numbers, by=by)
