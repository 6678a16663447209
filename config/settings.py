"""Settings of the portal. Everything that differs between places comes from the environment (12-factor)."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from config import environment

ROOT = Path(__file__).resolve().parent.parent

DEBUG = environment.flag("LIANDONG_DEBUG")
EMBEDDED = environment.flag("LIANDONG_EMBEDDED")
"""True where run.py started the database itself. Demo data only ever enters such a database."""

DEMO_SECRET = "demo-only-secret-key-never-used-in-production-0123456789"  # noqa: S105 - refused below outside demos
SECRET_KEY = environment.text("LIANDONG_SECRET_KEY", DEMO_SECRET)
if SECRET_KEY == DEMO_SECRET and not (DEBUG or EMBEDDED or environment.flag("LIANDONG_TESTING")):
    raise ImproperlyConfigured("Set LIANDONG_SECRET_KEY: a real deployment never runs with the demo key.")

ALLOWED_HOSTS = environment.words("LIANDONG_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("LIANDONG_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "axes",
    "foundation.common",
    "foundation.journal",
    "foundation.organizations",
    "foundation.papers",
    "foundation.notices",
    "foundation.workdays",
    "foundation.deadlines",
    "pushes",
    "parties",
    "catalogue",
    "approvals",
    "supervision",
    "exchange",
    "dashboards",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "foundation.organizations.middleware.acting_middleware",
    "foundation.common.middleware.refusal_middleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboards.context.frame",
            ],
            "builtins": [
                "foundation.common.templatetags.ld",
                "foundation.deadlines.templatetags.clocks",
            ],
        },
    }
]

DATABASES = {"default": environment.database(environment.text("DATABASE_URL", "postgresql://liandong@localhost/liandong"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LOGIN_URL = reverse_lazy("login")
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = reverse_lazy("login")
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "organizations/locked.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "foundation.organizations.addresses.client_address"
PROXIES = environment.words("LIANDONG_PROXIES")
"""Addresses of the reverse proxies; only what they say about a client's address is believed, so that a lock hits the one who guessed."""

SESSION_COOKIE_AGE = 60 * int(environment.text("LIANDONG_SESSION_MINUTES", "480"))
SESSION_SAVE_EVERY_REQUEST = False
SESSION_IDLE_SECONDS = 60 * int(environment.text("LIANDONG_IDLE_MINUTES", "30"))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_TLS = environment.flag("LIANDONG_TLS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_TLS
SECURE_HSTS_SECONDS = 31536000 if SECURE_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_TLS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = environment.text("LIANDONG_STATIC_ROOT") or None
NODE_MODULES = ROOT / "node_modules"
VENDOR_FOLDERS = {
    "vendor/tabler-core": NODE_MODULES / "@tabler" / "core" / "dist",
    "vendor/tabler-icons": NODE_MODULES / "@tabler" / "icons-webfont" / "dist",
}
STATICFILES_DIRS = [ROOT / "static", *((name, path) for name, path in VENDOR_FOLDERS.items() if path.is_dir())]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = environment.text("LIANDONG_MEDIA_ROOT", str(ROOT / "var" / "media"))
"""Uploaded files, outside the web root: they are served only through a permission check (foundation.papers)."""
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_PERMISSIONS = 0o600
PAPER_MAX_BYTES = int(environment.text("LIANDONG_PAPER_MAX_MB", "50")) * 1024 * 1024
"""The largest file that may be attached to a matter, in bytes."""

CELERY_BROKER_URL = environment.text("REDIS_URL", "redis://localhost:6379/0")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE

EMAIL_BACKEND = environment.text("LIANDONG_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = environment.text("LIANDONG_SMTP_HOST")
EMAIL_PORT = int(environment.text("LIANDONG_SMTP_PORT", "25"))
EMAIL_HOST_USER = environment.text("LIANDONG_SMTP_USER")
EMAIL_HOST_PASSWORD = environment.text("LIANDONG_SMTP_PASSWORD")
DEFAULT_FROM_EMAIL = environment.text("LIANDONG_SMTP_FROM", "liandong@localhost")
NOTICE_WEBHOOK_URL = environment.text("LIANDONG_NOTICE_WEBHOOK")
NOTICE_WEBHOOK_SECRET = environment.text("LIANDONG_NOTICE_WEBHOOK_SECRET")
EMAIL_TIMEOUT = 10
PORTAL_ADDRESS = environment.text("LIANDONG_ADDRESS")
"""How people reach the portal (https://host), for links in mails; empty: mails carry no link."""

JOURNAL_KEY = environment.text("LIANDONG_JOURNAL_KEY")
"""Key of the digests of personal values in the journal; empty: derived from SECRET_KEY."""
JOURNAL_ROOTS_FOLDER = environment.text("LIANDONG_JOURNAL_ROOTS_FOLDER")
JOURNAL_ROOTS_MAIL = environment.words("LIANDONG_JOURNAL_ROOTS_MAIL")
"""Where the daily root of each county's journal goes, outside the IT office: a folder, e-mail addresses, or both."""

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": ["exchange.api.authentication.OrganTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "exchange.api.errors.explain",
    "DEFAULT_THROTTLE_CLASSES": ["exchange.api.throttling.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": environment.text("LIANDONG_API_RATE", "600/min")},
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "联动 API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
}

SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # rights are read by foundation.organizations.acting, dated, in one query
ANONYMOUS_USER_NAME = None
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.text("LIANDONG_LOG_LEVEL", "WARNING")},
}
