"""All settings in one file. What differs between installations comes from the environment.

docs/operations.md lists every variable; an installation with the embedded database needs none.
"""

import environ
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO

from points_store import installation

BASE_DIR = installation.BASE_DIR
env = environ.Env()

# What this machine's own installation made at random when it was set up: the secret key, the
# database's passwords. Anything set in the environment wins.
INSTALLATION = installation.read(installation.data_folder())

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default=INSTALLATION.secret_key)
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", installation.host_of(PUBLIC_URL)]
)
SERVED_OVER_TLS = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "points_store",
    "ledger",
    "volunteers",
    "rewards",
    "wishes",
    "evaluations",
    "board",
    "points_store.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",  # its widget templates, found by the form renderer
    "axes",
    "csp",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "pgtrigger",
    "pghistory",
    "rest_framework",
]

MIDDLEWARE = [
    "points_store.journal.NumberRequests",
    "points_store.outage.OutageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "points_store.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "points_store.sessions.StaffSessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "points_store.urls"
WSGI_APPLICATION = "points_store.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "points_store.context.shell",
            ],
            "builtins": [
                "points_store.templatetags.look",
                "points_store.templatetags.words",
            ],
        },
    },
]

# The owner role migrates; the application's role serves. See docs/decisions.
DATABASES = {"default": installation.database(INSTALLATION, env)}
DATABASE_APP_ROLE = env.str("DATABASE_APP_ROLE", default=installation.APP_ROLE)

AUTH_USER_MODEL = "volunteers.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "volunteers.hashers.PinHasher",  # residents' PINs; never chosen by default
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "staff:login"
LOGIN_REDIRECT_URL = "staff:home"
CSRF_FAILURE_VIEW = "points_store.views.errors.csrf_refused"
FORM_RENDERER = "points_store.forms.PageRenderer"

AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_TEMPLATE = "registration/lockout.html"

# Django knows neither Tibetan nor Mongolian in the traditional script.
LANG_INFO.setdefault("bo", {"bidi": False, "code": "bo", "name": "Tibetan", "name_local": "བོད་ཡིག"})
LANG_INFO.setdefault(
    "mn-mong", {"bidi": False, "code": "mn-mong", "name": "Mongolian", "name_local": "ᠮᠣᠩᠭᠣᠯ"}
)
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", "简体中文"),
    ("en", "English"),
    ("bo", "བོད་ཡིག"),
    ("mn-mong", "ᠮᠣᠩᠭᠣᠯ"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["points_store.formats"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # day boundaries; the database itself keeps UTC

STATIC_URL = "static/"
STATIC_ROOT = INSTALLATION.folder / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["gz", "br", "map", "woff2", "png", "jpg", "webp"]
MEDIA_ROOT = INSTALLATION.folder / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_OVER_TLS
SESSION_COOKIE_NAME = "__Host-sessionid" if SERVED_OVER_TLS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SERVED_OVER_TLS else "csrftoken"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a counter's working day
SECURE_HSTS_SECONDS = 31_536_000 if SERVED_OVER_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SERVED_OVER_TLS
SECURE_HSTS_PRELOAD = SERVED_OVER_TLS
SECURE_SSL_REDIRECT = SERVED_OVER_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked for on this machine, without the proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SERVED_OVER_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024  # bytes, a spreadsheet of 5 MB and its form
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000  # 200 people with a dozen fields each

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # The pool reports every attempt while the database is away; points_store.outage says it once
    # for each request.
    "loggers": {
        "psycopg.pool": {"level": "CRITICAL"},
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},  # a 404 or a refusal is an answer, not an event
        "axes": {"level": "WARNING"},
    },
    "formatters": {"json": {"()": "points_store.journal.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["points_store.api.strict.StrictJSONParser"],
    "EXCEPTION_HANDLER": "points_store.api.problems.handle",
    "URL_FORMAT_OVERRIDE": None,  # a format is asked for by header or not at all
}
SPECTACULAR_SETTINGS = {
    "TITLE": "积分小超市",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX_TRIM": False,
    "ENUM_NAME_OVERRIDES": {
        "RedemptionConfirmation": "rewards.models.Redemption.Confirmation",
        "RedemptionState": "rewards.models.Redemption.State",
        "ServiceRecordState": "volunteers.models.ServiceRecord.State",
    },
}
