"""SINDEC's taxonomy comes in whole, again without change, and never loses a term."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Count

from cases.models import Assunto, Orgao, Problema, ProblemaDoAssunto
from cases.services.taxonomy import DATA, load_taxonomy

pytestmark = pytest.mark.django_db


def _state() -> list[object]:
    return [
        list(Assunto.objects.order_by("pk").values_list()),
        list(Problema.objects.order_by("pk").values_list()),
        list(ProblemaDoAssunto.objects.order_by("pk").values_list()),
        list(Orgao.objects.order_by("pk").values_list()),
    ]


def test_every_list_is_loaded_whole() -> None:
    out = io.StringIO()
    call_command("carregar_taxonomia", stdout=out)

    assert out.getvalue() == "Em uso: 222 assuntos, 172 problemas, 2177 problemas dos assuntos, 22 órgãos.\n"
    assert dict(Assunto.objects.values_list("area").annotate(Count("pk")).order_by()) == {
        "Alimentos": 39,
        "Assuntos Financeiros": 27,
        "Habitação": 7,
        "Produtos": 63,
        "Saúde": 34,
        "Serviços Essenciais": 11,
        "Serviços Privados": 41,
    }
    assert Assunto.objects.get(codigo=187).descricao == "Telefonia Celular"


def test_a_pair_has_its_codes_the_most_used_first() -> None:
    load_taxonomy()

    pair = ProblemaDoAssunto.objects.get(assunto=187, problema__descricao="Cobrança indevida/abusiva")
    weight = ProblemaDoAssunto.objects.get(assunto=94, problema__descricao="Peso, volume e quantidade")

    assert (pair.codigo_sindec, pair.codigos_sindec, pair.frequencia) == (3746, [3746], 1357)
    assert (weight.codigo_sindec, weight.codigos_sindec) == (105, [105, 102, 107, 115, 113, 116, 112])
    assert weight.frequencia == 29 + 8 + 6 + 5 + 2 + 2 + 1


def test_the_files_have_no_stray_blanks() -> None:
    load_taxonomy()

    texts = [
        *Assunto.objects.values_list("descricao", flat=True),
        *Problema.objects.values_list("descricao", flat=True),
    ]

    assert [text for text in texts if text != " ".join(text.split())] == []


def test_loading_again_changes_nothing() -> None:
    load_taxonomy()
    before = _state()

    load_taxonomy()

    assert _state() == before


def test_a_term_gone_from_the_files_is_retired_and_comes_back_as_it_was(tmp_path: Path) -> None:
    load_taxonomy()
    before = _state()
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    for name, start in (("assuntos", "187\t"), ("assunto_problema", "187\t"), ("orgaos", "JEC\t")):
        file = folder / f"{name}.tsv"
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join(line for line in lines if not line.startswith(start)), encoding="utf-8")

    load_taxonomy(folder)

    assert list(Assunto.objects.filter(ativo=False).values_list("codigo", flat=True)) == [187]
    assert list(Orgao.objects.filter(ativo=False).values_list("sigla", flat=True)) == ["JEC"]
    assert ProblemaDoAssunto.objects.filter(assunto=187, ativo=True).count() == 0
    assert ProblemaDoAssunto.objects.count() == 2177

    load_taxonomy()

    assert _state() == before
