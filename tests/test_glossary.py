"""Every domain model has its word in the glossary, and no word names a model that is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps

GLOSSARY = Path(__file__).parent.parent / "docs" / "glossario.md"
PACKAGES = [
    "accounts",
    "workflow",
    "deadlines",
    "documents",
    "access",
    "notifications",
    "parties",
    "cases",
    "hearings",
    "reports",
    "opendata",
    "portal",
]
DOMAIN_MODELS = sorted(
    model._meta.label
    for package in PACKAGES
    for model in apps.get_app_config(package).get_models()
    if not model._meta.auto_created
    and not hasattr(model, "pgh_tracked_model")  # the earlier rows of a model: the word is the model's own
)


@pytest.mark.parametrize("label", DOMAIN_MODELS)
def test_every_model_is_in_the_glossary(label: str) -> None:
    assert f"`{label}`" in GLOSSARY.read_text(encoding="utf-8")


def test_the_glossary_names_only_what_exists() -> None:
    named = set(re.findall(r"`([a-z]+\.[A-Z]\w+)(?:\.(\w+))?`", GLOSSARY.read_text(encoding="utf-8")))

    assert {label for label, _ in named} == set(DOMAIN_MODELS)
    missing = [
        f"{label}.{name}"
        for label, name in named
        if name and name not in {field.name for field in apps.get_model(label)._meta.get_fields()}
    ]
    assert missing == []
