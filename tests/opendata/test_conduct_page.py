"""Our suppliers beside their conduct on consumidor.gov.br: who is whom, exact shares, what is refused."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import Atribuicao, Papel, Unidade, User
from cases.models import Atendimento, Reclamado
from opendata.forms import initial
from opendata.services.conduct import Figures, Row, sort
from parties.models import Fornecedor, Grafia
from tests.conftest import Cast
from tests.opendata.gov import OLD, UNRATED, complaint, counts, may
from tests.opendata.test_export import _clock  # noqa: F401  the fixture acts by itself
from tests.reports.conftest import case

Write = Callable[..., str]
PAGE = "/relatorios/consumidor-gov/"
MAY_2019 = {"de": "2019-05", "ate": "2019-05"}
IN_MAY = datetime(2019, 5, 31, 23, 0, tzinfo=ZoneInfo("America/Sao_Paulo"))
