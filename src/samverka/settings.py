"""Django's settings, all from the environment: see docs/operations.md for each variable."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from samverka.core import environment
from samverka.core.logging import LOGGING as LINES

# While settings are read, a value that is not allowed is one line, from Django's commands and from gunicorn too.
sys.tracebacklimit = 0

DEMO = environment.flag("SAMVERKA_DEMO", default=False)
DEBUG = environment.flag("SAMVERKA_DEBUG", default=False)
DATA = environment.folder("SAMVERKA_DATA", Path("data"))
SECRET_KEY = environment.text("SAMVERKA_SECRET_KEY")
#: Former keys, which still open what they sealed and signed.
SECRET_KEY_FALLBACKS = environment.listed("SAMVERKA_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = environment.hosts("SAMVERKA_HOSTS", ("localhost", "127.0.0.1"))
CSRF_TRUSTED_ORIGINS = environment.origins("SAMVERKA_ORIGINS")
HTTPS = environment.flag("SAMVERKA_HTTPS", default=not (DEMO or DEBUG))
#: How many processes write, the worker among them; SQLite before 3.51.3 is only for one (samverka.core.checks).
PROCESSES = environment.whole("SAMVERKA_PROCESSES", 1, 1, 64)
#: Ed25519, 64 hexadecimal digits: signs the journal's checkpoints. Empty: checkpoints are refused.
SIGNING_KEY = environment.key("SAMVERKA_SIGNING_KEY")
#: Public keys that signed earlier checkpoints, and what the journal is called in them.
EARLIER_PUBLIC_KEYS = environment.keys("SAMVERKA_EARLIER_PUBLIC_KEYS")
JOURNAL_NAME = environment.text("SAMVERKA_JOURNAL_NAME", "") or ALLOWED_HOSTS[0]

INSTALLED_APPS = [
    "samverka.web",
    "samverka.settlement",
    "samverka.assignments",
    "samverka.care",
    "samverka.agreements",
    "samverka.journal",
    "samverka.parties",
    "samverka.core",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "samverka.core.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "samverka.core.middleware.Apart",
    "samverka.core.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "samverka.core.middleware.SessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "samverka.parties.middleware.Acting",
]

ROOT_URLCONF = "samverka.web.urls"
WSGI_APPLICATION = "samverka.wsgi.application"
AUTH_USER_MODEL = "parties.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "samverka.web.context.site",
            ],
            "builtins": ["samverka.core.templatetags.swedish", "samverka.core.templatetags.addresses"],
        },
    }
]

SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=0; PRAGMA foreign_keys=ON;"


def _database() -> dict[str, Any]:
    """PostgreSQL by DATABASE_URL, or SQLite in the data folder: BEGIN IMMEDIATE, so that writers take turns."""
    address = environment.text("DATABASE_URL", f"sqlite:///{DATA}/samverka.sqlite3")
    scheme = address.partition(":")[0]
    if scheme not in {"postgres", "postgresql", "sqlite"}:
        raise ImproperlyConfigured(f"DATABASE_URL: tillåtet är postgres:// och sqlite:///, inte {scheme}")
    try:
        found: dict[str, Any] = dict(dj_database_url.parse(address))
    except ValueError:
        raise ImproperlyConfigured(
            "DATABASE_URL: tillåtet är postgres://namn:lösenord@värd:5432/databas; "
            "skriv @, / och % i lösenordet som %40, %2F, %25"
        ) from None
    if found["ENGINE"].endswith("sqlite3"):
        found["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": SQLITE_PRAGMAS}
    else:
        found["CONN_HEALTH_CHECKS"] = True
    found["CONN_MAX_AGE"] = 60  # to open SQLite with its pragmas takes as long as half of a page
    return found


DATABASES = {"default": _database()}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["samverka.parties.backend.Accounts"]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"

# How people sign in: docs/adr/0014-acting.md.
ACCOUNT_ADAPTER = "samverka.parties.adapter.Accounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {"login": "samverka.web.sign_in.SignIn", "reset_password": "samverka.web.sign_in.NewPassword"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # nobody signs up; allauth asks that the two settings agree
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is the administrator's word, and its owner got the first link there
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Samverka: "
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
#: Seconds that a password or a key given counts as fresh.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
#: Failed sign-ins before even the right password is refused: five for an account, thirty for an address, in 5 minutes.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/5m/ip,5/5m/key", "login": "60/m/ip"}
#: Proxies in front of the site, whose X-Forwarded-For tells the client's address.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.whole("SAMVERKA_PROXIES", 0, 0, 5)
MFA_ADAPTER = "samverka.parties.adapter.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "samverka.web.keys.AddKey", "edit_webauthn": "samverka.web.keys.RenameKey"}
MFA_TOTP_ISSUER = "Samverka"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
#: Whether approvers and administrators must have a second factor.
REQUIRE_MFA = environment.flag("SAMVERKA_REQUIRE_MFA", default=not DEMO)
SOCIALACCOUNT_ADAPTER = "samverka.parties.adapter.Identities"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that ends at another host is refused by our own content policy
SOCIALACCOUNT_STORE_TOKENS = False
#: Whether an identity provider may be on this machine without TLS: for tests alone.
OIDC_LOOPBACK = environment.flag("SAMVERKA_OIDC_LOOPBACK", default=False)
# Failed sign-ins are counted in the database, so that every process counts the same.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "samverka_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
EMAIL_HOST = environment.text("SAMVERKA_MAIL_HOST", "")
EMAIL_PORT = environment.whole("SAMVERKA_MAIL_PORT", 587, 1, 65535)
EMAIL_HOST_USER = environment.text("SAMVERKA_MAIL_USER", "")
EMAIL_HOST_PASSWORD = environment.text("SAMVERKA_MAIL_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("SAMVERKA_MAIL_TLS", default=True)
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = DATA / "mail"
# Without a mail server, letters are files that whoever runs the site can read, and nobody else: they let people in.
if not EMAIL_HOST:
    EMAIL_FILE_PATH.mkdir(mode=0o700, exist_ok=True)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
DEFAULT_FROM_EMAIL = environment.text("SAMVERKA_MAIL_FROM", "samverka@localhost")

LANGUAGE_CODE = "sv"
TIME_ZONE = "Europe/Stockholm"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
#: Seconds that the open API goes by the book it looked up, before it asks the database again what is in force.
BOOK_SECONDS = 1.0
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

SESSION_ENGINE = "samverka.core.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health$"]  # asked from inside, where there is no TLS
#: Behind a proxy that ends TLS and always sets X-Forwarded-Proto itself.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
#: Minutes without a request, and hours since sign-in, after which a session ends.
IDLE_MINUTES = environment.whole("SAMVERKA_IDLE_MINUTES", 30, 1, 1440)
ABSOLUTE_HOURS = environment.whole("SAMVERKA_ABSOLUTE_HOURS", 10, 1, 168)
SESSION_COOKIE_AGE = ABSOLUTE_HOURS * 3600
CSRF_FAILURE_VIEW = "samverka.web.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
#: The first one drops a file that grows past what is allowed while it arrives.
FILE_UPLOAD_HANDLERS = [
    "samverka.core.uploads.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
LOGGING = {**LINES, "handlers": {"stderr": {**LINES["handlers"]["stderr"], "level": "WARNING" if DEMO else "INFO"}}}
sys.tracebacklimit = None
