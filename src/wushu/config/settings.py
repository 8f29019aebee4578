"""Settings of a node. Everything a deployment may change is read from ``WUSHU_*`` here.

Each variable is described in ``docs/reference/settings.md`` (checked by a test).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from wushu.kernel.outgoing.policy import policy

HOME = Path(os.environ.get("WUSHU_HOME", "home")).resolve()
"""Folder of one node: database, objects, tiles, secrets."""

SECRETS_DIR = Path(os.environ.get("WUSHU_SECRETS_DIR", HOME / "secrets"))
EVIDENCE_DIR = Path(os.environ.get("WUSHU_EVIDENCE_DIR", HOME / "evidence"))
CHECKPOINT_DIR = Path(os.environ.get("WUSHU_CHECKPOINT_DIR", HOME / "checkpoint"))
STORAGE_URL = os.environ.get("WUSHU_STORAGE_URL", "")
"""Where originals and versions are kept: ``file:///…`` or ``s3://…``; empty: OBJECTS_DIR."""
OBJECTS_DIR = Path(
    os.environ.get("WUSHU_OBJECTS_DIR")
    or (unquote(urlsplit(STORAGE_URL).path) if STORAGE_URL.startswith("file://") else "")
    or HOME / "objects"
)
STORAGE_KEY_FILE = os.environ.get("WUSHU_STORAGE_KEY_FILE", "")
STORAGE_CACHE_BYTES = int(os.environ.get("WUSHU_STORAGE_CACHE_BYTES", str(20 * 1024**3)))
SERVING_DIR = Path(os.environ.get("WUSHU_SERVING_DIR", HOME / "serving"))
SEARCH_DIR = Path(os.environ.get("WUSHU_SEARCH_DIR", HOME / "search"))
SYNONYMS_FILE = os.environ.get("WUSHU_SYNONYMS_FILE", "")
"""Synonyms that this node adds to the project's; empty: none."""

DEBUG = False
_secret_file = SECRETS_DIR / "django.key"
# Before `wushu init` there is nothing to protect: a key of this process only.
SECRET_KEY = _secret_file.read_text().strip() if _secret_file.is_file() else secrets.token_urlsafe()
_old_secrets = SECRETS_DIR / "django.key.old"
SECRET_KEY_FALLBACKS = _old_secrets.read_text().split() if _old_secrets.is_file() else []
"""Keys the node had before, one a line: what they sealed (one-time codes, sessions) stays readable."""

BASE_URL = os.environ.get("WUSHU_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
CONTACT_EMAIL = os.environ.get("WUSHU_CONTACT_EMAIL", "")
ALLOWED_HOSTS = os.environ.get("WUSHU_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(
    ","
)
CSRF_TRUSTED_ORIGINS = [BASE_URL]
_https = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "wushu.parties",
    "wushu.evidence",
    "wushu.catalog",
    "wushu.casework",
    "wushu.privacy",
    "wushu.dataplane",
    "wushu.harvest",
    "wushu.opening",
    "wushu.portal",
    "wushu.config",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "wushu.config.logs.NotingMiddleware",
    "wushu.config.health.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "wushu.portal.uploads.UploadMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "wushu.portal.middleware.PersonalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wushu.portal.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "wushu.config.urls"
ASGI_APPLICATION = "wushu.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wushu.portal.context.site",
            ],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    """Django's settings of a database URL: ``sqlite:///PATH`` or ``postgresql://…``."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "wushu.config.sqlite",
            "NAME": unquote(parts.path[1:]),
            "OPTIONS": {
                # Django's defaults lost 260 of 1,600 concurrent acts to "database is locked".
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
            "TEST": {"NAME": os.environ.get("WUSHU_TEST_DATABASE", ":memory:")},
        }
    if parts.scheme in ("postgresql", "postgres"):
        given = dict(parse_qsl(parts.query))
        # Questions here take milliseconds. Where the planner believes one to be dear the server compiles
        # it first: a list of plans took 12 s, and takes 0.4 s. Whoever asks for it in the URL has it.
        options = {**given, "options": f"-c jit=off {given.get('options', '')}".strip()}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 0,
            "OPTIONS": options,
        }
    raise ValueError(f"WUSHU_DATABASE_URL: {parts.scheme!r} is neither sqlite nor postgresql")


DATABASES = {
    "default": _database(os.environ.get("WUSHU_DATABASE_URL", f"sqlite:///{HOME}/wushu.db"))
}

AUTH_USER_MODEL = "parties.Account"
AUTHENTICATION_BACKENDS = ["wushu.parties.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "wushu.portal.views.errors.form_expired"
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/desk"
LOGOUT_REDIRECT_URL = "/"
SIGN_IN_FAILURES = int(os.environ.get("WUSHU_SIGN_IN_FAILURES", "5"))
SIGN_IN_USERNAME_FAILURES = int(os.environ.get("WUSHU_SIGN_IN_USERNAME_FAILURES", "30"))
SIGN_IN_ADDRESS_FAILURES = int(os.environ.get("WUSHU_SIGN_IN_ADDRESS_FAILURES", "20"))
SIGN_IN_LOCK_SECONDS = int(os.environ.get("WUSHU_SIGN_IN_LOCK_SECONDS", "900"))
API_KEY_DAYS = int(os.environ.get("WUSHU_API_KEY_DAYS", "365"))

OIDC_ISSUER = os.environ.get("WUSHU_OIDC_ISSUER", "")
OIDC_CLIENT_ID = os.environ.get("WUSHU_OIDC_CLIENT_ID", "")
OIDC_SECRET_FILE = os.environ.get("WUSHU_OIDC_SECRET_FILE", "")
OIDC_NAME = os.environ.get("WUSHU_OIDC_NAME", "")
OIDC_STRONG = frozenset(os.environ.get("WUSHU_OIDC_STRONG", "").replace(",", " ").split())

SMS_PROVIDER = os.environ.get("WUSHU_SMS_PROVIDER", "")
REAL_NAME_PROVIDER = os.environ.get("WUSHU_REAL_NAME_PROVIDER", "")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_TEMP_DIR = OBJECTS_DIR / "incoming"
# The folder is made when the first upload comes.
SILENCED_SYSTEM_CHECKS = ["files.E001"]
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "wushu.portal.uploads.SpoolHandler",
]
BODY_MAX_BYTES = int(os.environ.get("WUSHU_BODY_MAX_BYTES", str(1024**2)))
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * BODY_MAX_BYTES
UPLOAD_MAX_BYTES = int(os.environ.get("WUSHU_UPLOAD_MAX_BYTES", str(2 * 1024**3)))
CLAMD_URL = os.environ.get("WUSHU_CLAMD_URL", "")
CLAMD_MAX_BYTES = int(os.environ.get("WUSHU_CLAMD_MAX_BYTES", str(100 * 1024**2)))
MAX_COLUMNS = int(os.environ.get("WUSHU_MAX_COLUMNS", "2000"))
ROWS_PAGE_MAX = int(os.environ.get("WUSHU_ROWS_PAGE_MAX", "1000"))
QUERY_SECONDS = float(os.environ.get("WUSHU_QUERY_SECONDS", "10"))
COUNT_MAX = int(os.environ.get("WUSHU_COUNT_MAX", "100000"))
DOWNLOADS_MAX = int(os.environ.get("WUSHU_DOWNLOADS_MAX", "16"))
DOWNLOADS_PER_READER = int(os.environ.get("WUSHU_DOWNLOADS_PER_READER", "4"))
COMPUTATION_SECONDS = float(os.environ.get("WUSHU_COMPUTATION_SECONDS", "60"))
COMPUTATION_MEMORY_MB = int(os.environ.get("WUSHU_COMPUTATION_MEMORY_MB", "512"))
COMPUTATION_THREADS = int(os.environ.get("WUSHU_COMPUTATION_THREADS", "2"))
COMPUTATION_ROWS = int(os.environ.get("WUSHU_COMPUTATION_ROWS", "10000"))
COMPUTATION_BYTES = int(os.environ.get("WUSHU_COMPUTATION_BYTES", str(4 * 1024**2)))
COMPUTATIONS_PER_DAY = int(os.environ.get("WUSHU_COMPUTATIONS_PER_DAY", "20"))
RATE_LIMIT_PER_MINUTE = int(os.environ.get("WUSHU_RATE_LIMIT_PER_MINUTE", "6000"))

OUTGOING = policy(
    os.environ.get("WUSHU_OUTGOING_ALLOWED", ""),
    os.environ.get("WUSHU_OUTGOING_PORTS", "80,443,8000-8999"),
)
"""Which servers the node may ask when somebody gives it an address (harvests, webhooks)."""

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_AGE = 8 * 3600
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

EMAIL_HOST = os.environ.get("WUSHU_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("WUSHU_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("WUSHU_SMTP_USER", "")
_smtp_password = Path(os.environ.get("WUSHU_SMTP_PASSWORD_FILE", SECRETS_DIR / "smtp.password"))
EMAIL_HOST_PASSWORD = _smtp_password.read_text().strip() if _smtp_password.is_file() else ""
_smtp_tls = os.environ.get("WUSHU_SMTP_TLS", "starttls")
if _smtp_tls not in ("starttls", "tls", "none"):
    raise ValueError(f"WUSHU_SMTP_TLS: {_smtp_tls!r} is none of starttls, tls, none")
EMAIL_USE_TLS, EMAIL_USE_SSL = _smtp_tls == "starttls", _smtp_tls == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("WUSHU_MAIL_FROM", CONTACT_EMAIL)
WANTED_MIN = int(os.environ.get("WUSHU_WANTED_MIN", "5"))
WEBHOOK_HTTP = os.environ.get("WUSHU_WEBHOOK_HTTP", "") == "1"

LOG_DIR = os.environ.get("WUSHU_LOG_DIR", str(HOME / "logs"))
LOG_DAYS = int(os.environ.get("WUSHU_LOG_DAYS", "184"))
METRICS_TOKEN = os.environ.get("WUSHU_METRICS_TOKEN", "")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {
        "stderr": {"class": "logging.StreamHandler"},
        "lines": {"class": "wushu.config.logs.JsonHandler"},
    },
    "root": {
        # Where the lines go to standard error themselves, nothing is said there twice.
        "handlers": ["lines"] if LOG_DIR == "-" else ["stderr", "lines"],
        "level": os.environ.get("WUSHU_LOG_LEVEL", "WARNING"),
    },
}
