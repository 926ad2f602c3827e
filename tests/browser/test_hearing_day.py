"""The hearing's day in a browser: at the door, the termo with instalments for one of two, signatures, the closed file.

By keyboard but for the drawn signature. Each page is looked at for accessibility at both widths; with SHOTS_DIR set,
its pictures for the manual are taken.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from playwright.sync_api import Page

from cases.models import Acordo, Reclamado
from cases.services.texts import load_texts
from documents.services import read_pdf
from hearings.models import AssinaturaDoTermo, Audiencia, Presenca, Sala, Termo
from hearings.services import announce, schedule, send_notice
from tests.browser.gallery import take
from tests.browser.test_accessibility import at_both_widths
from tests.conftest import NOW, Cast
from tests.hearings.conftest import make_case, moment


@pytest.fixture
def booked(office: Cast) -> Iterator[Audiencia]:
    """Ana's hearing with shop and bank, and the clock at five past its beginning."""
    call_command("carregar_calendario", verbosity=0)
    load_texts()
    case = make_case(office, 1)
    parties = [Reclamado.objects.create(atendimento=case, fornecedor=one) for one in (office.loja, office.banco)]
    made = schedule(
        atendimento=case,
        reclamados=parties,
        sala=Sala.objects.create(unidade=office.unidade, nome="Sala 1"),
        conciliador=office.carla,
        inicio=moment("10:00"),
        by=office.bruno,
        at=NOW,
    )
    announce(audiencias=[made], by=office.bruno, at=NOW)
    party = f"fornecedor:{office.loja.pk}"
    send_notice(
        audiencia=made, parte=party, meio="ar", rastreio="BR123456789BR", on=NOW.date(), by=office.bruno, at=NOW
    )
    with time_machine.travel(moment("10:05")):
        yield made


def looked_at(page: Page, name: str) -> list[str]:
    """What is wrong with the page; its picture, if pictures are taken."""
    found = at_both_widths(page)
    if os.environ.get("SHOTS_DIR"):
        take(page, name)
    return found


def row(page: Page, number: int, nome: str, papers: tuple[str, ...] = ()) -> None:
    """Somebody who has just come: the name, «chegou agora» and the papers by the space bar."""
    if page.locator(f"#id_p-{number}-nome").input_value() == "":
        page.locator(f"#id_p-{number}-nome").focus()
        page.keyboard.type(nome)
    page.locator(f"#id_p-{number}-agora").focus()
    page.keyboard.press("Space")
    for paper in papers:
        page.locator(f"input[name=p-{number}-papeis][value={paper}]").focus()
        page.keyboard.press("Space")


def draw(page: Page, person: Presenca) -> None:
    """A signature drawn with the mouse."""
    part = page.locator(f"#assina-{person.pk}")
    part.locator("summary").click()
    canvas = part.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 90)
    page.mouse.down()
    for step in range(1, 25):
        page.mouse.move(box["x"] + 40 + step * 14, box["y"] + 90 + (40 if step % 4 < 2 else -40))
    page.mouse.up()


def test_the_whole_day(booked: Audiencia, office: Cast, open_page: Callable[..., Page]) -> None:
    page = open_page(office.carla)
    wrong: dict[str, list[str]] = {}
    at_the_door(page, booked, wrong)
    written(page, booked, wrong)
    signed(page, wrong)
    page.get_by_role("button", name="Fechar o termo").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Termo fechado.").wait_for()
    wrong["closed"] = looked_at(page, "audiencia-fechada")

    termo, acordo = Termo.objects.select_related("documento").get(), Acordo.objects.get()
    assert termo.documento is not None
    shop = booked.reclamados.order_by("pk")[0]
    assert (termo.status, acordo.reclamado, acordo.total) == ("fechado", shop, Decimal(200))
    assert list(acordo.parcelas.values_list("vencimento", "valor")) == [
        (date(2026, 4, 15), Decimal(100)),
        (date(2026, 5, 15), Decimal(100)),
    ]
    answer = page.request.get(termo.documento.get_absolute_url())
    assert (answer.ok, answer.body()) == (True, read_pdf(termo.documento))
    if os.environ.get("SHOTS_DIR"):
        Path(os.environ["SHOTS_DIR"], "termo.pdf").write_bytes(answer.body())
    assert {name: lines for name, lines in wrong.items() if lines} == {}


def at_the_door(page: Page, booked: Audiencia, wrong: dict[str, list[str]]) -> None:
    """Three people arrive, with what papers they have."""
    page.goto(booked.get_absolute_url())
    wrong["door"] = looked_at(page, "audiencia-porta")
    row(page, 0, "Ana Souza", ("identidade",))
    row(page, 1, "Pedro Preposto", ("identidade", "carta_de_preposicao"))
    row(page, 2, "Bia Banco", ("identidade",))
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Escrever o termo").wait_for()
    wrong["here"] = looked_at(page, "audiencia-presencas")
    page.get_by_role("link", name="Escrever o termo").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/termo/")


def written(page: Page, booked: Audiencia, wrong: dict[str, list[str]]) -> None:
    """The shop pays in two instalments, the bank agrees to nothing; what is typed is kept meanwhile."""
    shop, bank = booked.reclamados.order_by("pk")
    page.locator("[name=relato]").focus()
    page.keyboard.type("A loja propôs devolver em duas vezes, e a consumidora aceitou. O banco nada propôs.")
    page.get_by_text("Guardado às").wait_for()
    assert Termo.objects.get().dados["relato"][0].startswith("A loja propôs")
    for party, result in ((shop, "acordo"), (bank, "sem_acordo")):
        page.locator(f"[name=resultado_{party.pk}][value={result}]").focus()
        page.keyboard.press("Space")
    page.locator(f"[name=texto_{shop.pk}]").focus()
    page.keyboard.type("Devolve R$ 200,00 por Pix, em duas parcelas.")
    page.locator(f"[name=total_{shop.pk}]").fill("200,00")
    page.locator(f"[name=quantas_{shop.pk}]").fill("2")
    page.locator(f"[name=primeiro_{shop.pk}]").fill("2026-04-15")
    page.get_by_role("button", name="Gerar parcelas de Loja").focus()
    page.keyboard.press("Enter")
    field = f"document.querySelector('[name=parcelas_{shop.pk}]')"
    page.wait_for_function(f"() => {field}.value.includes('15/05/2026 100,00')")
    wrong["termo"] = looked_at(page, "termo")
    page.get_by_role("button", name="Conferir e assinar").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/assinar/")


def signed(page: Page, wrong: dict[str, list[str]]) -> None:
    """Two draw, one types the name by keyboard."""
    ana, pedro, bia = Presenca.objects.order_by("pk")
    draw(page, ana)
    page.locator(f"#assina-{ana.pk} button[type=submit]").click()
    page.get_by_text("Ana Souza assinou.").wait_for()
    draw(page, pedro)
    wrong["signing"] = looked_at(page, "termo-assinar")
    page.locator(f"#assina-{pedro.pk} button[type=submit]").click()
    page.get_by_text("Pedro Preposto assinou.").wait_for()
    part = page.locator(f"#assina-{bia.pk}")
    part.locator("summary").focus()
    page.keyboard.press("Enter")
    part.locator("[name=nome]").focus()
    page.keyboard.type("Bia Banco")
    part.locator("[name=consente]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_text("Bia Banco assinou.").wait_for()
    forms = AssinaturaDoTermo.objects.order_by("pk").values_list("forma", flat=True)
    assert list(forms) == ["desenhada", "desenhada", "digitada"]


def test_without_javascript(booked: Audiencia, office: Cast, open_page: Callable[..., Page]) -> None:
    page = open_page(office.carla, java_script_enabled=False)
    page.goto(booked.get_absolute_url())
    for number, nome in ((1, "Pedro"), (2, "Bia")):
        page.locator(f"#id_p-{number}-nome").fill(nome)
    for number in range(3):
        page.locator(f"label[for=id_p-{number}-agora]").click()
    page.get_by_role("button", name="Registrar chegadas").click()
    page.get_by_role("link", name="Escrever o termo").click()
    shop, bank = booked.reclamados.order_by("pk")
    page.locator("[name=relato]").fill("Nada se acertou.")
    for one in (shop, bank):
        page.locator(f"[name=resultado_{one.pk}][value=sem_acordo] + label").click()
    page.get_by_role("button", name="Conferir e assinar").click()
    for person in Presenca.objects.order_by("pk"):
        part = page.locator(f"#assina-{person.pk}")
        part.locator("summary").click()
        assert part.locator("canvas").is_visible() is False
        part.locator("[name=nome]").fill(person.nome)
        part.locator("[name=consente] + label").click()
        part.locator("button[type=submit]").click()
    page.get_by_role("button", name="Fechar o termo").click()

    assert page.get_by_text("Termo fechado.").count() == 1
    assert (Termo.objects.get().status, Audiencia.objects.get(pk=booked.pk).resultado) == ("fechado", "sem_acordo")
