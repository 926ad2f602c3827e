"""Where letters and attachments lie: in folders of the data folder, or in the bucket that STORAGE_URL names."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from procon.environment.wrong import WrongEnvironment

if TYPE_CHECKING:
    from procon.environment import Environment

#: The kinds of stored files: their name in settings.STORAGES, in a bucket and in a copy, and the folder's setting.
KINDS = {"documentos": "MEDIA_ROOT", "anexos": "ANEXOS_ROOT"}


def stored_files(environment: Environment) -> dict[str, dict[str, Any]]:
    """The part of settings.STORAGES that says where stored files lie."""
    url = environment.text("STORAGE_URL")
    if not url:
        return {
            kind: {"BACKEND": "documents.storage.Disk", "OPTIONS": {"folder": setting}}
            for kind, setting in KINDS.items()
        }
    options, prefix = bucket_options(url)
    return {
        kind: {"BACKEND": "documents.bucket.Bucket", "OPTIONS": {**options, "location": f"{prefix}{kind}"}}
        for kind in KINDS
    }


def bucket_options(url: str) -> tuple[dict[str, Any], str]:
    """What the client is told of the bucket, and the prefix of everything that is ours in it."""
    parts = urlsplit(url)
    name, _, prefix = parts.path.strip("/").partition("/")
    server = parts.netloc.rpartition("@")[2]
    options: dict[str, Any] = {
        "bucket_name": name,
        "endpoint_url": f"{'http' if parts.scheme == 's3+http' else 'https'}://{server}",
        "region_name": parse_qs(parts.query).get("regiao", ["us-east-1"])[0],
        "addressing_style": "virtual" if server.endswith(".amazonaws.com") else "path",
    }
    if parts.username:
        options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password or "")}
    return options, f"{prefix}/" if prefix else ""


def check_bucket(environment: Environment) -> None:
    """Write, read and delete one small file in the bucket. Raises WrongEnvironment unless all three work."""
    url = environment.text("STORAGE_URL")
    if not url:
        return
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    from documents.bucket import client_of

    options, prefix = bucket_options(url)
    bucket, name = str(options["bucket_name"]), f"{prefix}.escrita-{secrets.token_hex(6)}"
    where = f"o balde «{bucket}» em {options['endpoint_url']}"
    try:
        client = client_of(options)
        client.put_object(Bucket=bucket, Key=name, Body=b"procon")
        client.get_object(Bucket=bucket, Key=name)["Body"].read()
        client.delete_object(Bucket=bucket, Key=name)
    except NoCredentialsError:
        raise WrongEnvironment(
            f"Falta a chave para {where}. Escreva-a em STORAGE_URL, como s3://CHAVE:SEGREDO@…, ou dê-a à máquina "
            "(AWS_ACCESS_KEY_ID e AWS_SECRET_ACCESS_KEY)."
        ) from None
    except ClientError as answer:
        raise WrongEnvironment(_told(where, answer.response)) from None
    except (BotoCoreError, Boto3Error) as failure:
        raise WrongEnvironment(
            f"Não foi possível alcançar {where} ({failure}). Confira servidor e porta em STORAGE_URL, o certificado, e "
            "se o serviço está no ar."
        ) from None


#: What a service that speaks S3 answers, with the cause and the cure in our words.
_ANSWERS = {
    "NoSuchBucket": "ele não existe. Crie-o, ou corrija o nome em STORAGE_URL.",
    "InvalidAccessKeyId": "a chave não é conhecida lá. Corrija CHAVE em STORAGE_URL.",
    "SignatureDoesNotMatch": "o segredo não é o desta chave. Corrija SEGREDO em STORAGE_URL (/ e + se escrevem %2F e "
    "%2B).",
    "AccessDenied": "a chave não tem o direito de gravar, ler e apagar nele. Peça-o a quem administra o armazenamento.",
    "AuthorizationHeaderMalformed": "a região não é a dele. Escreva-a em STORAGE_URL, como ?regiao=sa-east-1.",
    "PermanentRedirect": "a região não é a dele. Escreva-a em STORAGE_URL, como ?regiao=sa-east-1.",
    "RequestTimeTooSkewed": "o relógio desta máquina está errado. Acerte-o (NTP).",
}


def _told(where: str, response: Any) -> str:
    code = response.get("Error", {}).get("Code", "")
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
    cause = _ANSWERS.get(code, f"a resposta foi «{code}» ({status}). Confira STORAGE_URL e os registros do serviço.")
    return f"Não é possível usar {where}: {cause}"
