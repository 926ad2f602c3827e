"""Every variable that the office reads, with what it is when unset and what a right value looks like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from procon.environment.readers import (
    address,
    antivirus,
    between,
    bucket,
    count,
    database,
    flag,
    folder,
    gateway,
    keys,
    leads,
    matching,
    names,
    networks,
    optional,
    port,
    quiet,
    second_factor,
    text,
    uf,
)

BASE_DIR = Path(__file__).resolve().parent.parent.parent
#: Values that no message may repeat.
SECRETS = frozenset(
    ["SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "DATABASE_OWNER_URL", "REPLICA_URL", "REDIS_URL",
     "STORAGE_URL", "EMAIL_URL", "BACKUP_KEY", "PROCON_GATEWAY_TOKEN", "PROCON_GOVBR_SEGREDO", "PROCON_EQUIPE_SEGREDO"]
)  # fmt: skip


@dataclass(frozen=True)
class Variable:
    """One variable: how it is read, what it is when unset, and what a right value looks like."""

    read: Callable[[str], object]
    default: str
    expected: str


VARIABLES: dict[str, Variable] = {
    "PORT": Variable(port, "8000", "um número de porta de 1 a 65535, como PORT=8000"),
    "HOST": Variable(
        matching(r"[A-Za-z0-9._:-]+"), "127.0.0.1", "um endereço desta máquina, como HOST=127.0.0.1 ou HOST=0.0.0.0"
    ),
    "DATA_DIR": Variable(text, str(BASE_DIR / "var"), "o caminho de uma pasta, como DATA_DIR=/srv/procon"),
    "DATABASE_URL": Variable(
        optional(database),
        "",
        "um endereço de PostgreSQL, como DATABASE_URL=postgres://usuario:senha@servidor:5432/procon, ou "
        "postgres://usuario:senha@a:5432,b:5432/procon?target_session_attrs=read-write com um servidor de reserva",
    ),
    "REPLICA_URL": Variable(
        optional(database),
        "",
        "o endereço de uma réplica do mesmo PostgreSQL, para os relatórios, como "
        "REPLICA_URL=postgres://usuario:senha@replica:5432/procon",
    ),
    "STORAGE_URL": Variable(
        optional(bucket),
        "",
        "o endereço de um balde S3 para documentos e anexos, como "
        "STORAGE_URL=s3://CHAVE:SEGREDO@servidor:9000/balde?regiao=sa-east-1 (s3+http:// sem TLS, só em rede interna; "
        "sinais como / e + da chave escritos %2F e %2B)",
    ),
    "DATABASE_OWNER_URL": Variable(
        optional(database),
        "",
        "o endereço do mesmo banco com o usuário que é dono das tabelas, como "
        "DATABASE_OWNER_URL=postgres://procon_dono:senha@servidor:5432/procon",
    ),
    "REDIS_URL": Variable(
        optional(address("redis", "rediss", "unix")),
        "",
        "um endereço de Redis, como REDIS_URL=redis://servidor:6379/0",
    ),
    "EMAIL_URL": Variable(
        optional(address("smtp", "smtp+tls", "smtp+ssl")),
        "",
        "um endereço de servidor de correio, como EMAIL_URL=smtp+tls://usuario:senha@servidor:587",
    ),
    "SECRET_KEY": Variable(
        optional(matching(r"\S.{30,}\S")), "", "um segredo de 32 caracteres ou mais, guardado fora do código"
    ),
    "SECRET_KEY_FALLBACKS": Variable(
        keys, "", "as SECRET_KEY anteriores que ainda abrem o que selaram, separadas por vírgula, cada uma inteira"
    ),
    "BACKUP_KEY": Variable(
        optional(text),
        "",
        "a senha que cifra as cópias de segurança, ou uma chave do age (AGE-SECRET-KEY-1… ou age1…)",
    ),
    "DEMO": Variable(flag, "1", "DEMO=1 (banco vazio recebe o escritório de demonstração) ou DEMO=0 (começa vazio)"),
    "PROCON_DEBUG": Variable(flag, "0", "PROCON_DEBUG=0; com 1, só na máquina de quem programa"),
    "PROCON_ALLOWED_HOSTS": Variable(
        names, "localhost,127.0.0.1,[::1]", "os nomes do sítio separados por vírgula, como procon.cidade.sp.gov.br"
    ),
    "PROCON_TRABALHADORES": Variable(count, "2", "um número de processos de 1 a 999, como PROCON_TRABALHADORES=4"),
    "PROCON_SEGUNDO_FATOR": Variable(
        second_factor,
        "",
        "PROCON_SEGUNDO_FATOR=obrigatorio (administrador, autoridade e encarregado só trabalham com segundo fator) ou "
        "PROCON_SEGUNDO_FATOR=opcional; sem ela é obrigatório, salvo na demonstração (DEMO=1)",
    ),
    "PROCON_SESSAO_PARADA": Variable(
        between(5, 480),
        "30",
        "após quantos minutos sem uso a sessão termina, de 5 a 480, como PROCON_SESSAO_PARADA=30",
    ),
    "PROCON_SESSAO_TOTAL": Variable(
        between(1, 24),
        "12",
        "após quantas horas a sessão termina de todo modo, de 1 a 24, como PROCON_SESSAO_TOTAL=12",
    ),
    "PROCON_PROXIES": Variable(
        between(0, 5),
        "0",
        "quantos proxies ficam entre as pessoas e este sistema, de 0 a 5, como PROCON_PROXIES=1 com um nginx na frente",
    ),
    "PROCON_REMETENTE": Variable(
        matching(r".*[^\s@<]+@[^\s@>]+\.[^\s@>]+>?"),
        "Procon <nao-responda@procon.example.org>",
        "um remetente de e-mail, como PROCON_REMETENTE='Procon <procon@cidade.sp.gov.br>'",
    ),
    "PROCON_NOME": Variable(text, "Procon de Itaquaquecetuba", "o nome do órgão"),
    "PROCON_MUNICIPIO": Variable(matching(r"[0-9]{7}"), "3523107", "o código IBGE do município, com 7 dígitos"),
    "PROCON_CIDADE": Variable(text, "Itaquaquecetuba", "o nome da cidade"),
    "PROCON_UF": Variable(uf, "SP", "a sigla de um estado, como PROCON_UF=SP"),
    "PROCON_ENDERECO": Variable(
        text, "Praça Padre João Álvares, 123, Centro, Itaquaquecetuba/SP", "o endereço do órgão"
    ),
    "PROCON_TELEFONE": Variable(text, "(11) 4642-0000", "o telefone do órgão"),
    "PROCON_LEMBRETES": Variable(
        leads,
        "7d,1d,2h",
        "quanto antes da audiência lembrar as partes, em dias, horas ou minutos, como PROCON_LEMBRETES=7d,1d,2h",
    ),
    "PROCON_SILENCIO": Variable(
        quiet,
        "20:00-08:00",
        "as horas em que ninguém é lembrado, como PROCON_SILENCIO=20:00-08:00, ou PROCON_SILENCIO=nenhum",
    ),
    "PROCON_DEVOLUCOES": Variable(
        optional(folder),
        "",
        "o caminho inteiro da pasta (Maildir) aonde chegam os e-mails devolvidos, como "
        "PROCON_DEVOLUCOES=/var/mail/procon-devolucoes",
    ),
    "PROCON_GATEWAY_URL": Variable(
        optional(gateway),
        "",
        "o endereço https do serviço de SMS e WhatsApp, como PROCON_GATEWAY_URL=https://mensagens.cidade.sp.gov.br/v1",
    ),
    "PROCON_GATEWAY_TOKEN": Variable(
        optional(matching(r"[!-~]{8,}")), "", "a senha do serviço de SMS e WhatsApp, com 8 caracteres ou mais"
    ),
    "PROCON_GOVBR": Variable(
        optional(gateway),
        "",
        "o endereço do provedor OpenID Connect com que o consumidor entra, como PROCON_GOVBR=https://sso.acesso.gov.br",
    ),
    "PROCON_GOVBR_CLIENTE": Variable(optional(matching(r"[!-~]{1,200}")), "", "o client_id dado pelo gov.br"),
    "PROCON_GOVBR_SEGREDO": Variable(optional(matching(r"[!-~]{8,}")), "", "o client_secret dado pelo gov.br"),
    "PROCON_EQUIPE": Variable(
        optional(gateway),
        "",
        "o endereço do provedor OpenID Connect com que a equipe entra, como PROCON_EQUIPE=https://login.cidade.sp.gov.br",
    ),
    "PROCON_EQUIPE_CLIENTE": Variable(optional(matching(r"[!-~]{1,200}")), "", "o client_id dado por esse provedor"),
    "PROCON_EQUIPE_SEGREDO": Variable(optional(matching(r"[!-~]{8,}")), "", "o client_secret dado por esse provedor"),
    "PROCON_CLAMD": Variable(
        optional(antivirus),
        "",
        "onde o antivírus (clamd) atende, como PROCON_CLAMD=antivirus:3310 ou PROCON_CLAMD=/run/clamav/clamd.ctl",
    ),
    "PROCON_ANEXO_MB": Variable(count, "10", "o tamanho máximo de um anexo em megabytes, como PROCON_ANEXO_MB=10"),
    "PROCON_ANEXOS_DO_CASO_MB": Variable(
        count, "100", "o tamanho máximo dos anexos de um caso em megabytes, como PROCON_ANEXOS_DO_CASO_MB=100"
    ),
    "PROCON_ANEXO_MEGAPIXELS": Variable(
        count, "50", "o tamanho máximo de uma imagem em megapixels, como PROCON_ANEXO_MEGAPIXELS=50"
    ),
    "PROCON_WEBHOOKS_PRIVADOS": Variable(
        networks,
        "",
        "redes internas a que webhooks podem ir, separadas por vírgula, como PROCON_WEBHOOKS_PRIVADOS=10.20.0.0/16",
    ),
    "PROCON_REDE_INTERNA": Variable(
        networks,
        "127.0.0.0/8,::1/128",
        "as redes, separadas por vírgula, de onde se leem as métricas e onde está o proxy, como "
        "PROCON_REDE_INTERNA=127.0.0.0/8,10.0.5.0/24",
    ),
    "PROCON_COPIAS": Variable(
        optional(folder),
        "",
        "o caminho inteiro da pasta das cópias diárias, de preferência em outro disco, como PROCON_COPIAS=/srv/copias",
    ),
    "PROCON_COPIAS_HORA": Variable(
        matching(r"([01][0-9]|2[0-3]):[0-5][0-9]"), "02:30", "a hora da cópia diária, como PROCON_COPIAS_HORA=02:30"
    ),
    "PROCON_COPIAS_DIARIAS": Variable(count, "7", "quantas cópias diárias guardar, como PROCON_COPIAS_DIARIAS=7"),
    "PROCON_COPIAS_MENSAIS": Variable(
        count, "12", "de quantos meses guardar a primeira cópia, como PROCON_COPIAS_MENSAIS=12"
    ),
    "PROCON_SITE": Variable(
        address("http", "https"),
        "http://localhost",
        "o endereço público do sistema, como PROCON_SITE=https://procon.cidade.sp.gov.br",
    ),
}
