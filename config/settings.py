"""Settings of every installation: one file, read from the environment.

The table in README.md ("Configuration") lists each variable. Without any of
them the settings fit `./run`: the embedded PostgreSQL and Valkey under `var/`.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import environ
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Everything that a run writes. Another folder gives a second, separate installation.
VAR_DIR = Path(env.str("YIWANG_VAR", str(BASE_DIR / "var"))).resolve()

DEBUG = env.bool("YIWANG_DEBUG", False)


def _kept_secret(name: str) -> str:
    """A secret from the environment, or one made once and kept under `var/` (mode 0600)."""
    given = str(env.str(name, ""))
    if given:
        return given
    from config.secrets_file import kept_secret

    return kept_secret(VAR_DIR / "secrets", name)


SECRET_KEY = _kept_secret("YIWANG_SECRET_KEY")
# Fernet keys for personal data, newest first (comma separated), and the key of the search hashes.
FIELD_KEYS = env.list("YIWANG_FIELD_KEYS", default=[]) or [_kept_secret("YIWANG_FIELD_KEY")]
HASH_KEY = _kept_secret("YIWANG_HASH_KEY")

ALLOWED_HOSTS = env.list("YIWANG_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("YIWANG_ORIGINS", default=[])
HTTPS = env.bool("YIWANG_HTTPS", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0

INSTALLED_APPS = [
    "config",
    "accounts",
    "journal",
    "notices",
    "clocks",
    "grids",
    "steps",
    "incidents",
    "supervision",
    "whistles",
    "escalation",
    "borders",
    "campaigns",
    "emergency",
    "hotline",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "rest_framework",
    "django_filters",
    "django_htmx",
    "leaflet",
    "oauth2_provider",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.addresses.RefuseNul",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.layout.layout",
            ],
            "builtins": ["config.templatetags.yiwang"],
        },
    }
]
FORM_RENDERER = "config.forms.FormRenderer"
FILTERS_EMPTY_CHOICE_LABEL = _("All")

# --- database and broker -------------------------------------------------------------------
# `./run` and `./test` start both under VAR_DIR unless these are set.
DATABASE_URL = env.str("DATABASE_URL", "")
REDIS_URL = env.str("REDIS_URL", "")


def _database() -> dict[str, object]:
    if DATABASE_URL:
        chosen: dict[str, object] = dict(env.db_url_config(DATABASE_URL))
    else:
        from config.embedded import socket_dir

        chosen = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "yiwang",
            "USER": "postgres",
            "HOST": str(socket_dir(VAR_DIR)),
            "PORT": "5432",
        }
    chosen["CONN_MAX_AGE"] = env.int("YIWANG_CONN_MAX_AGE", 60)
    chosen["CONN_HEALTH_CHECKS"] = True
    return chosen


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _redis() -> str:
    if REDIS_URL:
        return str(REDIS_URL)
    from config.embedded import socket_dir

    return f"unix://{socket_dir(VAR_DIR)}/valkey.sock"


BROKER = _redis()
# A cache that is gone must not hold anybody up for long: one more try, at once.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": BROKER,
        "OPTIONS": {"retry": Retry(NoBackoff(), 1), "socket_connect_timeout": 1},
    }
}
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", BROKER.replace("unix://", "redis+socket://"))
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Asia/Shanghai"
# What calls other people's servers has a worker of its own: one that hangs must not keep the clocks waiting.
CELERY_TASK_ROUTES = {"notices.tasks.*": {"queue": "outward"}}

# --- people ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# MLPS level 3 (domain section 4): at least 12 characters of three classes, not the last five.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.ThreeClassesValidator"},
    {"NAME": "accounts.passwords.NotRecentValidator"},
]
PASSWORD_DAYS = env.int("YIWANG_PASSWORD_DAYS", 90)
SESSION_COOKIE_AGE = env.int("YIWANG_IDLE_MINUTES", 30) * 60
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page said how long; that stays true
AXES_DISABLE_ACCESS_LOG = True  # the journal has every sign-in
AXES_CLIENT_IP_CALLABLE = "accounts.addresses.client_address"
# How many proxies of our own stand before the web server: that many addresses are believed.
PROXIES = env.int("YIWANG_PROXIES", 0)

OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.ApiClient"
OAUTH2_PROVIDER = {
    "SCOPES": {
        "areas:read": _("Read areas and boundaries"),
        "catalogue:read": _("Read the catalogue"),
        "incidents:read": _("Read incidents"),
        "incidents:write": _("Report incidents and take steps"),
        "clocks:read": _("Calculate deadlines"),
        "webhooks:manage": _("Be called when something happens"),
        "whistles:read": _("Read whistles"),
        "whistles:write": _("Blow whistles and answer them"),
        "borders:read": _("Read the no-lead register and enclaves"),
        "borders:write": _("Raise matters and enclaves and take their steps"),
        "campaigns:read": _("Read campaigns"),
        "campaigns:write": _("Send campaigns down and answer them"),
        "emergency:read": _("Read emergencies, call-ups and enrolments"),
        "emergency:write": _("Declare emergencies, call people up, enrol them"),
        "hotline:read": _("Read hotline orders"),
        "hotline:write": _("Take hotline orders in and take steps"),
    },
    "SCOPES_BACKEND_CLASS": "config.api.ClientScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
}
# Who acts when a partner system calls (client, scopes of its token).
CLIENT_ACTOR = "accounts.identity.client_actor"

# --- language, time ----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files -----------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/tabler/css", BASE_DIR / "node_modules/@tabler/core/dist/css"),
    ("vendor/tabler/js", BASE_DIR / "node_modules/@tabler/core/dist/js"),
    ("vendor/htmx", BASE_DIR / "node_modules/htmx.org/dist"),
    ("vendor/markercluster", BASE_DIR / "node_modules/leaflet.markercluster/dist"),
]
ICONS_DIR = BASE_DIR / "node_modules/@tabler/icons/icons"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if env.str("YIWANG_S3_BUCKET", ""):
    STORAGES["default"] = {"BACKEND": "storages.backends.s3.S3Storage"}
    AWS_STORAGE_BUCKET_NAME = env.str("YIWANG_S3_BUCKET")
    AWS_S3_ENDPOINT_URL = env.str("YIWANG_S3_ENDPOINT", "") or None

# --- the API ---------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "config.api.SessionUser",
        "config.api.PartnerClient",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["config.api.ActorRequired"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
        "rest_framework.parsers.FormParser",
    ],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "config.paging.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "config.openapi.Schema",
    "DEFAULT_THROTTLE_CLASSES": ["config.api.ClientRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"client": env.str("YIWANG_CLIENT_RATE", "6000/min")},
    "EXCEPTION_HANDLER": "config.problems.problem_response",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Yiwang API",
    "VERSION": "1.0.0",
    "DESCRIPTION": _(
        "Cases, areas, the catalogue and deadlines of a city governed by grids. Partner systems get a token"
        " from /api/v1/oauth/token (client credentials) and send it as a bearer token. Errors are problem"
        " details (RFC 9457) in the language of Accept-Language. Lists come in pages: follow `next`."
        " Times are ISO 8601 with offset; positions are longitude first, WGS 84."
    ),
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "OAUTH2_FLOWS": ["clientCredentials"],
    "OAUTH2_TOKEN_URL": "/api/v1/oauth/token",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    # One name for each list of codes, whatever fields it stands behind.
    "ENUM_NAME_OVERRIDES": {
        "AllowanceKindEnum": "clocks.choices.AllowanceKind",
        "DayKindEnum": "clocks.choices.DayKind",
        "AreaLevelEnum": "grids.models.Level",
        "CaseLevelEnum": "incidents.choices.Level",
        "StageEnum": "incidents.choices.Stage",
        "NotAcceptedEnum": "incidents.choices.NotAccepted",
        "OutwardChannelEnum": "notices.choices.OUTWARD_CHOICES",
        "PhotoKindEnum": "incidents.choices.PhotoKind",
        "RoleEnum": "accounts.roles.Role",
        "StateEnum": "incidents.choices.State",
        "WhistleStateEnum": "whistles.choices.State",
        "CampaignStateEnum": "campaigns.choices.State",
        "CampaignKindEnum": "campaigns.choices.Kind",
        "AssignmentStateEnum": "campaigns.choices.AssignmentState",
        "TargetStateEnum": "campaigns.choices.Found",
        "VisitResultEnum": "campaigns.choices.RESULT_CHOICES",
        "CheckLineKindEnum": "campaigns.choices.LineKind",
        "TargetKindEnum": "campaigns.choices.TargetKind",
        "EmergencyLevelEnum": "emergency.choices.Level",
        "EmergencyStateEnum": "emergency.choices.State",
        "EventKindEnum": "emergency.choices.EventKind",
        "EnrolmentKindEnum": "emergency.choices.EnrolmentKind",
        "EnrolmentStateEnum": "emergency.choices.EnrolmentState",
        "CallUpStateEnum": "emergency.choices.CallUpState",
        "CalledStateEnum": "emergency.choices.CalledState",
        "ServiceStateEnum": "emergency.choices.ServiceState",
        "PhonedEnum": "emergency.choices.Phoned",
        "SuggestionStateEnum": "whistles.choices.SuggestionState",
        "HotlineStateEnum": "hotline.choices.State",
        "HotlineChannelEnum": "hotline.choices.Channel",
        "CallStateEnum": "hotline.choices.CallState",
        "CallerSatisfactionEnum": "hotline.choices.Satisfaction",
        "ExtensionEnum": "hotline.choices.Extension",
        "TrainingStateEnum": "hotline.choices.RunState",
        "SuggestionKindEnum": "whistles.choices.SuggestionKind",
    },
}

# --- headers ---------------------------------------------------------------------------------
# Base maps from outside are the only thing that is ever loaded from another host, and only if set.
MAP_TILES = env.str("YIWANG_MAP_TILES", "")
MAP_TILES_CREDIT = env.str("YIWANG_MAP_TILES_CREDIT", "")
_TILE_HOSTS = env.list("YIWANG_MAP_TILE_HOSTS", default=[])
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *_TILE_HOSTS],
        "style-src": ["'self'", "'unsafe-inline'"],  # Leaflet and htmx set style attributes
        "script-src": ["'self'"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
    },
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
LEAFLET_CONFIG = {"TILES": [], "RESET_VIEW": False, "SCALE": "metric", "ATTRIBUTION_PREFIX": ""}

# --- the trade's defaults (domain.md, "Configuration defaults") -------------------------------
LOCATE_NEAREST_METRES = env.int("YIWANG_LOCATE_NEAREST_METRES", 200)
# How long a process may go on with the boundaries it knows before it asks whether they have changed.
LOCATE_CHECK_SECONDS = env.float("YIWANG_LOCATE_CHECK_SECONDS", 1.0)
DUPLICATE_METRES = env.int("YIWANG_DUPLICATE_METRES", 50)
DUPLICATE_HOURS = env.int("YIWANG_DUPLICATE_HOURS", 24)
AMBER_SHARE = Decimal(
    env.str("YIWANG_AMBER_SHARE", "0.8")
)  # of an allowance, then the lamp is amber
CALENDAR_WARN_DAYS = env.int("YIWANG_CALENDAR_WARN_DAYS", 60)
# How many times the median of all streets a street may blow before it is marked as blowing too often.
WHISTLE_OVER_MEDIAN = env.float("YIWANG_WHISTLE_OVER_MEDIAN", 3.0)
PHOTO_MAX_BYTES = 20 * 2**20

# --- telling people and partner systems (docs/notices.md) ---------------------------------------
# Where links in messages lead, such as https://yiwang.example.org; without it messages have none.
PUBLIC_URL = env.str("YIWANG_PUBLIC_URL", "").rstrip("/")
vars().update(env.email_url("YIWANG_EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("YIWANG_EMAIL_FROM", "yiwang@localhost")
GATEWAY_URL = env.str("YIWANG_GATEWAY_URL", "")
GATEWAY_SECRET = env.str("YIWANG_GATEWAY_SECRET", "")
NOTICE_GATHER_SECONDS = env.int("YIWANG_NOTICE_GATHER_SECONDS", 900)
NOTICE_GATHER_URGENT_SECONDS = env.int("YIWANG_NOTICE_GATHER_URGENT_SECONDS", 120)
NOTICE_RETRY_HOURS = env.float("YIWANG_NOTICE_RETRY_HOURS", 24.0)
WEBHOOK_RETRY_HOURS = env.float("YIWANG_WEBHOOK_RETRY_HOURS", 24.0)
# Natural days after which messages and calls that are done with are forgotten; the journal keeps what happened.
NOTICE_KEEP_DAYS = env.int("YIWANG_NOTICE_KEEP_DAYS", 365)
# Hosts that may be called by http, and at private addresses. Nothing else in our own network ever is.
WEBHOOK_HOSTS = env.list("YIWANG_WEBHOOK_HOSTS", default=[])
# For one call, from connecting to the end of the answer.
OUTWARD_SECONDS = env.float("YIWANG_OUTWARD_SECONDS", 10.0)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("YIWANG_LOG_LEVEL", "INFO")},
    # It would write down every name and address that fails; the journal keeps them, and only there.
    "loggers": {"axes": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
