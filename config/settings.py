"""All settings, from the environment. `.env.example` lists every variable with its default."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env
from config.rail import RAIL_GROUPS
from config.supervisor.places import Places
from config.supervisor.servers import pg_dump_path
from ui.assets import plotly_directory

BASE_DIR = Path(__file__).resolve().parent.parent
env.load_env_file(BASE_DIR / ".env")
VAR_ROOT = Path(env.text("VAR_ROOT", str(BASE_DIR / "var"))).resolve()
# Forecasts fit many small models: several threads for each of their tiny matrices make them four times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# The embedded servers' addresses and this installation's secrets; a variable that is set wins.
for _name, _value in Places(VAR_ROOT).environment().items():
    os.environ.setdefault(_name, _value)

SECRET_KEY = env.text("SECRET_KEY")
DEBUG = env.flag("DEBUG", False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
HTTPS = env.flag("HTTPS", False)
TESTING = "pytest" in sys.modules

# --- applications -----------------------------------------------------------------------------------------------
SHARED_APPS = [
    "django_tenants",
    "config",
    "problems",
    "ui",
    "warehouse",
    "tenants",
    "demo",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "django_htmx",
    "lucide",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
TENANT_APPS = ["sources", "kpis", "journeys", "audiences"]
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
TENANT_MODEL = "tenants.Client"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
# What happens to a new client, in order: step, words, function of the schema name.
CLIENT_STEPS = [
    ("schema", _("Preparing the client's tables"), "tenants.schemas.create_schema"),
    ("lake", _("Preparing the client's data lake"), "warehouse.lakes.create_lake"),
]
CLIENT_REMOVAL_STEPS = ["warehouse.lakes.drop_lake", "tenants.schemas.drop_schema"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tenants.middleware.mount_client",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "problems.edge.ProblemMiddleware",
    "tenants.middleware.open_door",
]
RAIL = RAIL_GROUPS
ROOT_URLCONF = "config.urls_portal"
CLIENT_URLCONF = "config.urls_client"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "ui.frame.face",
                "tenants.context.frame",
                "kpis.context.frame",
            ],
        },
    }
]

# --- data -------------------------------------------------------------------------------------------------------
DATABASE_URL = env.text("DATABASE_URL")
_database = env.database(DATABASE_URL)
DATABASES = {
    "default": {
        "ENGINE": "django_tenants.postgresql_backend",
        **{key: _database[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")},
        # Threads keep their connection; a pool would not survive the worker's fork (see docs/decisions).
        "CONN_MAX_AGE": 0 if TESTING else 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"sslmode": _database["SSLMODE"]} if _database["SSLMODE"] else {},
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PG_DUMP = env.text("PG_DUMP", str(pg_dump_path()))
LAKE_DATABASE_URL = env.text("LAKE_DATABASE_URL", DATABASE_URL)
LAKE_SECRET = env.text("LAKE_SECRET")
LAKE_ROOT = Path(env.text("LAKE_ROOT", str(VAR_ROOT / "lake")))
LAKE_MEMORY = env.text("LAKE_MEMORY", "512MB")
LAKE_THREADS = env.number("LAKE_THREADS", 2)
UPLOAD_ROOT = Path(env.text("UPLOAD_ROOT", str(VAR_ROOT / "uploads")))
UPLOAD_MAX_BYTES = env.number("UPLOAD_MAX_MB", 4096) * 1024 * 1024
CONNECTION_KEYS = env.words("CONNECTION_KEYS")
CONNECTOR_ADDRESSES = env.pairs("CONNECTOR_ADDRESSES")
CONNECTOR_PRIVATE_HOSTS = env.words("CONNECTOR_PRIVATE_HOSTS")
CONNECTOR_BACKOFF_S = 0.0 if TESTING else 1.0
PAGES_KEPT_DAYS = env.number("PAGES_KEPT_DAYS", 400)
PDF_FONT = env.text("PDF_FONT")
FILE_UPLOAD_TEMP_DIR = VAR_ROOT / "tmp"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a targets grid: KPIs x markets x months
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

REDIS_URL = env.text("REDIS_URL")

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}  # each process of the checks its own
        if TESTING
        else {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": env.redis(REDIS_URL, 2),
            "KEY_PREFIX": "yeojeong",
        }
    )
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if TESTING else "config.staticfiles.Storage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = VAR_ROOT / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", plotly_directory())]
WHITENOISE_MAX_AGE = 31_536_000 if not DEBUG else 0
WHITENOISE_USE_FINDERS = DEBUG or TESTING

# --- jobs -------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.redis(REDIS_URL, 0).replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 3 * 3600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 900_000  # kB; a child that has grown is replaced between tasks
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 4 * 3600,  # longer than any task may take, so that none runs twice at once
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ALWAYS_EAGER = TESTING
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "nightly": {"task": "config.tasks.upkeep_of_every_client", "schedule": crontab(hour="18", minute="10")},
    "alerts": {"task": "config.tasks.alerts_of_every_client", "schedule": crontab(minute="20")},
    "syncs": {"task": "config.tasks.syncs_of_every_client", "schedule": 60.0},
    "resume": {"task": "config.tasks.resume_of_every_client", "schedule": 120.0, "args": [300]},
}

# --- people -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
ACCOUNT_ADAPTER = "tenants.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are invited by a client's owner, who knows the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "tenants:clients"
PORTAL_URL = env.text("PORTAL_URL", "http://127.0.0.1:8000")  # where mails lead to
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", True)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Yeojeong <no-reply@localhost>")
# Without a mail server, mails are kept as files that the operator can read.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = VAR_ROOT / "mail"

# --- language and time ------------------------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "Asia/Seoul"
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = sorted(path for path in (BASE_DIR / "locale").iterdir() if path.is_dir())

# --- browser ----------------------------------------------------------------------------------------------------
# Plotly adds one empty <style> and fills it by script: the hash is that of nothing.
_EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE, _EMPTY_STYLE],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# --- API --------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "tenants.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["tenants.authentication.HasAccess"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 100,
    "EXCEPTION_HANDLER": "problems.edge.api_problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Yeojeong API",
    "DESCRIPTION": "A client's markets, imports, KPIs, targets and board values. Authorise with `Token <token>`.",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["tenants.authentication.HasAccess"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO" if not TESTING else "WARNING")},
}
