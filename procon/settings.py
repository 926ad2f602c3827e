"""All settings, in one file; whatever differs between installations comes from the environment.

The variables, their defaults and their checks are in procon/environment/.
"""

from typing import Any

import environ
import pghistory
from csp.constants import NONE, SELF

from access import conf as door
from portal import conf as api
from procon import embedded, roles
from procon.environment import (
    BASE_DIR,
    broker_address,
    read,
    redis_database,
    secret_key,
    stored_files,
    with_redis_database,
)
from procon.environment.databases import database, replica
from procon.journal import configuration

ENVIRONMENT = read()
DATA_DIR = ENVIRONMENT.data_dir
DEBUG = ENVIRONMENT.flag("PROCON_DEBUG")
SECRET_KEY = secret_key(ENVIRONMENT)
SECRET_KEY_FALLBACKS = ENVIRONMENT.names("SECRET_KEY_FALLBACKS")
HOST = ENVIRONMENT.text("HOST")
#: This machine's own names are always allowed: the start and the health checks use them.
ALLOWED_HOSTS = [
    *ENVIRONMENT.names("PROCON_ALLOWED_HOSTS"),
    f"[{HOST}]" if ":" in HOST else HOST,
    "localhost",
    "127.0.0.1",
    "[::1]",
]

INSTALLED_APPS = [
    "procon",
    "portal",
    "reports",
    "opendata",
    "hearings",
    "cases",
    "parties",
    "access",
    "notifications",
    "documents",
    "deadlines",
    "workflow",
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "oauth2_provider",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "procon.requests.RequestMiddleware",
    "access.middleware.ClientAddress",
    "procon.headers.PlainProgramsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "procon.headers.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "access.middleware.Door",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "procon.refusals.RefusalMiddleware",
    "procon.limits.LimitMiddleware",
    "axes.middleware.AxesMiddleware",
    "procon.authorship.AuthorshipMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "procon.urls"
WSGI_APPLICATION = "procon.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "procon" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "procon.context_processors.office",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database(roles.address(ENVIRONMENT))}
#: Only reports read it, and they say so (reports/replica.py).
if ENVIRONMENT["REPLICA_URL"]:
    DATABASES["replica"] = replica(ENVIRONMENT.text("REPLICA_URL"), DATABASES["default"])

REDIS_URL = ENVIRONMENT.text("REDIS_URL") or embedded.redis_url(DATA_DIR)
#: The cache may be emptied at any time, so it has a numbered database of its own beside the broker's.
CACHE_URL = with_redis_database(REDIS_URL, redis_database(REDIS_URL) + 1)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("usuario", "nome", "email")},
    },
    {"NAME": "access.validators.LeakedPasswordValidator"},
    {"NAME": "access.validators.OfficeWordsValidator"},
    {"NAME": "access.validators.DecoratedWordValidator"},
]
#: Coming in by another's OpenID Connect: allauth speaks the protocol, procon/identity.py decides who may come in.
SOCIALACCOUNT_ADAPTER = "procon.identity.Adapter"
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
SOCIALACCOUNT_ONLY = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
PROVIDERS = {name: address for name in ("GOVBR", "EQUIPE") if (address := ENVIRONMENT.text(f"PROCON_{name}"))}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": name.lower(),
                "name": name,
                "client_id": ENVIRONMENT.text(f"PROCON_{name}_CLIENTE"),
                "secret": ENVIRONMENT.text(f"PROCON_{name}_SEGREDO"),
                "settings": {"server_url": address, "oauth_pkce_enabled": True},
            }
            for name, address in PROVIDERS.items()
        ]
    }
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "usuario"
ACCOUNT_EMAIL_VERIFICATION = "none"
LOGIN_URL = "entrar"
LOGIN_REDIRECT_URL = "inicio"
LOGOUT_REDIRECT_URL = "entrar"
AXES_HANDLER = "access.lockout.Lockout"
AXES_FAILURE_LIMIT = door.PAIR_LIMIT
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"  # what the log-in form calls it; else every name would share one count
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page promises a fixed wait
AXES_LOCKOUT_CALLABLE = "access.views.door.locked_out"
AXES_SENSITIVE_PARAMETERS = ["password", "codigo", "resposta", "senha"]
PASSWORD_RESET_TIMEOUT = int(door.RESET_FOR.total_seconds())

#: What a row said before each change is kept beside it, with who changed it; nothing points back with a constraint.
PGHISTORY_CREATED_AT_FUNCTION = "STATEMENT_TIMESTAMP()"  # as the events have it, so that both are told in order
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField()
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="versoes", related_query_name="versoes", db_index=True)

LANGUAGE_CODE = "pt-br"
TIME_ZONE = "America/Sao_Paulo"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [
    ("govbr", BASE_DIR / "node_modules" / "@govbr-ds" / "core" / "dist"),
    ("fontawesome", BASE_DIR / "node_modules" / "@fortawesome" / "fontawesome-free"),
    ("raleway", BASE_DIR / "node_modules" / "@fontsource" / "raleway"),
]
MEDIA_ROOT = DATA_DIR / "documentos"
ANEXOS_ROOT = DATA_DIR / "anexos"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    **stored_files(ENVIRONMENT),
}

CELERY_BROKER_URL = broker_address(REDIS_URL)
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "procon.celery:Beat"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
#: Static: every task asks the database what is due, so a minute that was missed is made up for by the next one.
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": 60, "options": {"expires": 55}}
    for name, task in {
        "pulso": "procon.tasks.pulse",
        "copias": "procon.tasks.keep_copies",
        "mensagens": "notifications.tasks.deliver_due",
        "textos": "notifications.tasks.deliver_texts",
        "devolucoes": "notifications.tasks.read_returns",
        "ciencia": "cases.tasks.presume_receipts",
        "prazos": "cases.tasks.lapse_due_cips",
        "acordos": "cases.tasks.ask_about_agreements",
        "reclamacoes": "cases.tasks.mind_complaints",
        "inercia": "cases.tasks.follow_idle_cases",
        "antivirus": "cases.tasks.scan_attachments",
        "sessoes": "access.tasks.forget_ended",
        "rascunhos": "cases.tasks.forget_drafts",
        "avisos": "hearings.tasks.announce_waiting",
        "audiencias": "hearings.tasks.cancel_of_closed_cases",
        "ausencias": "hearings.tasks.archive_absences",
        "adesoes": "parties.tasks.end_expired_enrolments",
        "duplicados": "parties.tasks.search_duplicates",
        "api": "portal.tasks.forget_expired_answers",
        "webhooks": "portal.tasks.deliver_webhooks",
        "totais": "reports.tasks.fold_totals",
        "pedidos": "reports.tasks.forget_correction_requesters",
    }.items()
}
#: Somebody watches the progress of a batch: it is looked for every few seconds.
CELERY_BEAT_SCHEDULE["lotes"] = {"task": "cases.tasks.run_batches", "schedule": 5, "options": {"expires": 5}}

if ENVIRONMENT["EMAIL_URL"]:
    vars().update(environ.Env.email_url_config(ENVIRONMENT.text("EMAIL_URL")))
else:
    EMAIL_BACKEND = "procon.mail.FolderBackend"
    EMAIL_FILE_PATH = DATA_DIR / "correio"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = ENVIRONMENT.text("PROCON_REMETENTE")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # A form that begins an entrance by OpenID Connect is led on to the provider.
        "form-action": [SELF, *("/".join(address.split("/")[:3]) for address in PROVIDERS.values())],
    }
}
LOGGING = configuration(readable=DEBUG)
#: Who may read the figures, and whose X-Request-ID is taken over.
REDE_INTERNA = ENVIRONMENT.names("PROCON_REDE_INTERNA")

#: No script of ours reads it: every form and every page carries the proof itself.
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "procon.errors.csrf_failure"
HTTPS = ENVIRONMENT.text("PROCON_SITE").startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
#: With this prefix the browser takes the cookie from this very host alone, over https, for all its addresses.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = [f"__Host-{name}" if HTTPS else name for name in ("sessionid", "csrftoken")]
MESSAGE_STORAGE = "procon.notes.Storage"
#: For the tickets of the public pages, which belong to one path: only over https may they be set.
TICKET_COOKIE_PREFIX = "__Secure-" if HTTPS else ""
#: The proxy says how the browser came; without https there is nothing to redirect to.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
#: Machines on this host ask without the proxy.
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
#: The other names of the city are not ours to bind, nor its name ours to put on the browsers' list.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CSRF_TRUSTED_ORIGINS = ["/".join(ENVIRONMENT.text("PROCON_SITE").split("/")[:3])]

REST_FRAMEWORK = api.REST_FRAMEWORK
SPECTACULAR_SETTINGS = api.SPECTACULAR_SETTINGS
OAUTH2_PROVIDER = api.OAUTH2_PROVIDER
OAUTH2_PROVIDER_APPLICATION_MODEL = api.OAUTH2_PROVIDER_APPLICATION_MODEL

SESSION_ENGINE = "access.sessions"
SESSION_COOKIE_AGE = ENVIRONMENT.number("PROCON_SESSAO_TOTAL") * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

PROCON: dict[str, Any] = {
    name: ENVIRONMENT.text(f"PROCON_{name}")
    for name in (
        *("NOME", "MUNICIPIO", "CIDADE", "UF", "ENDERECO", "TELEFONE", "SITE"),
        *("CLAMD", "SILENCIO", "DEVOLUCOES", "GATEWAY_URL", "GATEWAY_TOKEN", "SEGUNDO_FATOR"),
        *("COPIAS", "COPIAS_HORA", "GOVBR", "EQUIPE"),
    )
}
PROCON["LEMBRETES"] = ENVIRONMENT.names("PROCON_LEMBRETES")
PROCON["WEBHOOKS_PRIVADOS"] = ENVIRONMENT.names("PROCON_WEBHOOKS_PRIVADOS")
PROCON |= {name: ENVIRONMENT.number(f"PROCON_{name}") for name in ("ANEXO_MB", "ANEXOS_DO_CASO_MB", "ANEXO_MEGAPIXELS")}
PROCON |= {name: ENVIRONMENT.number(f"PROCON_{name}") for name in ("SESSAO_PARADA", "SESSAO_TOTAL", "PROXIES")}
PROCON |= {name: ENVIRONMENT.number(f"PROCON_{name}") for name in ("COPIAS_DIARIAS", "COPIAS_MENSAIS")}
