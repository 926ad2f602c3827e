"""TEMP look"""

from pathlib import Path

from tests.browser.conftest import NARROW, WIDE

OUT = Path("/tmp/shots")
OUT.mkdir(exist_ok=True)


def shot(page, name):
    page.screenshot(path=OUT / f"{name}.png", full_page=True)


def test_look(office, open_page):
    for size, tag in ((WIDE, "w"), (NARROW, "n")):
        page = open_page(None, size)
        page.goto("/entrar/")
        shot(page, f"entrar-{tag}")
        page = open_page(office.bruno, size)
        shot(page, f"inicio-{tag}")
        page.goto("/atendimentos/")
        shot(page, f"lista-{tag}")
        page.goto("/atendimentos/novo/")
        shot(page, f"novo-{tag}")
