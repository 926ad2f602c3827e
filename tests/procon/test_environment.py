"""Every variable is checked, and a wrong one is answered by a sentence."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from procon.environment import (
    SECRETS,
    VARIABLES,
    WrongEnvironment,
    broker_address,
    prepare_data_dir,
    read,
    redis_database,
    secret_key,
    with_redis_database,
)

WRONG = [
    ("PORT", "80a"),
    ("PORT", "0"),
    ("PORT", "70000"),
    ("PORT", "-1"),
    ("HOST", "não é endereço"),
    ("DATA_DIR", "  "),
    ("DATABASE_URL", "mysql://servidor/procon"),
    ("DATABASE_URL", "procon"),
    ("DATABASE_URL", "postgres://servidor:porta/procon"),
    ("DATABASE_URL", "postgres://a:5432,b:porta/procon"),
    ("REPLICA_URL", "mysql://servidor/procon"),
    ("STORAGE_URL", "https://servidor/balde"),
    ("STORAGE_URL", "s3://servidor/"),
    ("STORAGE_URL", "s3://chave@servidor/balde"),
    ("STORAGE_URL", "s3://chave:segredo@servidor/Balde"),
    ("STORAGE_URL", "s3://chave:segredo@servidor/balde/../outro"),
    ("STORAGE_URL", "s3://chave:segredo@servidor/balde?region=x"),
    ("REDIS_URL", "http://servidor"),
    ("EMAIL_URL", "servidor:25"),
    ("SECRET_KEY", "curta"),
    ("BACKUP_KEY", "  "),
    ("PROCON_COPIAS", "copias"),
    ("PROCON_COPIAS_HORA", "24:00"),
    ("PROCON_COPIAS_DIARIAS", "0"),
    ("PROCON_COPIAS_MENSAIS", "x"),
    ("DEMO", "talvez"),
    ("PROCON_UF", "XX"),
    ("PROCON_MUNICIPIO", "123"),
    ("PROCON_SITE", "procon.cidade.sp.gov.br"),
    ("PROCON_REMETENTE", "ninguém"),
    ("PROCON_TRABALHADORES", "0"),
    ("PROCON_DEBUG", "sim"),
    ("PROCON_CLAMD", "antivirus"),
    ("PROCON_CLAMD", "antivirus:99999"),
    ("PROCON_SILENCIO", "20-08"),
    ("PROCON_SILENCIO", "24:00-08:00"),
    ("PROCON_SILENCIO", "08:00-08:00"),
    ("PROCON_DEVOLUCOES", "pasta"),
    ("PROCON_GATEWAY_URL", "http://mensagens.cidade.sp.gov.br/"),
    ("PROCON_GATEWAY_URL", "https://senha@mensagens.cidade.sp.gov.br/"),
    ("PROCON_GATEWAY_TOKEN", "curta"),
    ("PROCON_WEBHOOKS_PRIVADOS", "10.20.0.1/16"),
    ("PROCON_WEBHOOKS_PRIVADOS", "sim"),
    ("PROCON_ANEXO_MB", "0"),
    ("PROCON_ANEXOS_DO_CASO_MB", "muito"),
    ("PROCON_ANEXO_MEGAPIXELS", "-5"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_told_with_the_right_form(name: str, value: str) -> None:
    with pytest.raises(WrongEnvironment) as refusal:
        read({name: value})

    shown = "(oculto)" if name in SECRETS else f"«{value}»"
    expected = VARIABLES[name].expected
    assert str(refusal.value) == f"A variável {name} tem um valor que não serve: {shown}. Escreva {expected}."


def test_a_gateway_without_its_token_is_told() -> None:
    with pytest.raises(WrongEnvironment, match=r"falta a senha dele\. Escreva-a em PROCON_GATEWAY_TOKEN"):
        read({"PROCON_GATEWAY_URL": "https://mensagens.cidade.sp.gov.br/v1"})


def test_a_bucket_without_the_common_key_is_told() -> None:
    with pytest.raises(WrongEnvironment, match=r"Defina SECRET_KEY, a mesma em todas as máquinas\."):
        read({"STORAGE_URL": "s3://chave:segredo@servidor/balde"})


def test_a_replica_of_the_embedded_database_is_told() -> None:
    with pytest.raises(WrongEnvironment, match=r"^REPLICA_URL diz onde está a réplica, mas falta DATABASE_URL"):
        read({"REPLICA_URL": "postgres://replica/procon"})


@pytest.mark.parametrize(
    "address",
    [
        "postgres://u:p@a:5432,b:5432/procon?target_session_attrs=read-write",
        "postgres://u:p@[::1]:5432,b/procon",
        "postgres://postgres@/procon?host=%2Fa,%2Fb",
    ],
)
def test_several_database_servers_may_be_named(address: str) -> None:
    assert read({"DATABASE_URL": address}).text("DATABASE_URL") == address


def test_a_misspelt_variable_is_told() -> None:
    with pytest.raises(WrongEnvironment, match=r"^A variável PROCON_NOMES não existe neste sistema"):
        read({"PROCON_NOMES": "Procon"})


def test_every_default_is_right() -> None:
    environment = read({})

    assert (environment["PORT"], environment["HOST"], environment["DEMO"]) == (8000, "127.0.0.1", True)
    assert environment.text("PROCON_SITE") == "http://localhost:8000"
    assert set(VARIABLES) == {name for name in VARIABLES if environment[name] is not None}


def test_an_empty_variable_counts_as_unset() -> None:
    assert read({"PORT": "", "DATABASE_URL": "", "PROCON_UF": ""}).number("PORT") == 8000


def test_the_secret_key_is_made_once_and_kept_closed(tmp_path: Path) -> None:
    environment = read({"DATA_DIR": str(tmp_path / "dados")})

    first, second = secret_key(environment), secret_key(environment)

    assert first == second
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "dados" / "chave-secreta").stat().st_mode) == 0o600
    assert secret_key(read({"DATA_DIR": str(tmp_path / "outra")})) != first


def test_a_given_secret_key_wins(tmp_path: Path) -> None:
    given = "x" * 40

    assert secret_key(read({"DATA_DIR": str(tmp_path), "SECRET_KEY": given})) == given
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "arquivo").write_text("")

    with pytest.raises(WrongEnvironment, match=r"^Não é possível gravar na pasta de dados «.*arquivo/dados»"):
        prepare_data_dir(tmp_path / "arquivo" / "dados")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(WrongEnvironment, match="Permission denied"):
        prepare_data_dir(tmp_path)


@pytest.mark.parametrize(
    ("address", "number", "broker"),
    [
        ("redis://servidor:6379/3", 3, "redis://servidor:6379/3"),
        ("redis://servidor", 0, "redis://servidor"),
        ("unix:///tmp/r.sock?db=2", 2, "redis+socket:///tmp/r.sock?virtual_host=2"),
        ("unix:///tmp/r.sock", 0, "redis+socket:///tmp/r.sock?virtual_host=0"),
    ],
)
def test_redis_addresses(address: str, number: int, broker: str) -> None:
    assert redis_database(address) == number
    assert redis_database(with_redis_database(address, 9)) == 9
    assert broker_address(address) == broker
