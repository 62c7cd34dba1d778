# SPDX-License-Identifier: AGPL-3.0-or-later
"""Django's settings that are the same everywhere; `zone.start` adds those of this machine.

Importable without any environment (the type checker does), and useless so: it has no key and
no database. Nothing here is a secret or a default for one.
"""

from typing import Final

INSTALLED_APPS: Final = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "encrier_names.audit",
    "encrier_names.upkeep",
    "encrier_names.campaign",
    "encrier_names.schools",
    "encrier_names.signin",
    "encrier_names.people",
    "encrier_names.imports",
    "encrier_names.pseudonyms",
    "encrier_names.doors",
    "encrier_names.sittings",
    "encrier_names.restitution",
    "encrier_names.documents",
    "encrier_names.validation",
    "encrier_names.followup",
    "encrier_names.keying",
    "encrier_names.notices",
    "encrier_names.rooms",
]
MIDDLEWARE: Final = [
    "encrier_names.upkeep.journal.Pages",
    "encrier_names.headers.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "encrier_names.signin.sessions.SessionEnds",
    "encrier_names.headers.Refusals",
]
TEMPLATES: Final = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "encrier_names.headers.campaign_shown",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "encrier_names.dates",
                "encrier_names.language.words",
                "encrier_names.keying.marks",
            ],
        },
    }
]
ROOT_URLCONF: Final = "encrier_names.urls"
DATABASE_ROUTERS: Final = ["encrier_names.stores.LinksApart"]
DEFAULT_AUTO_FIELD: Final = "django.db.models.BigAutoField"

LANGUAGE_CODE: Final = "fr"
LANGUAGES: Final = [("fr", "Français"), ("en", "English")]
TIME_ZONE: Final = "Europe/Paris"
USE_TZ: Final = True
STATIC_URL: Final = "/static/"

LOGIN_URL: Final = "sign-in"
LOGIN_REDIRECT_URL: Final = "home"
LOGOUT_REDIRECT_URL: Final = "sign-in"
AUTH_PASSWORD_VALIDATORS: Final = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE: Final = 4 * 3600  # seconds: half a school day; sooner in signin.sessions
SESSION_EXPIRE_AT_BROWSER_CLOSE: Final = True
SESSION_COOKIE_HTTPONLY: Final = True
SESSION_COOKIE_SAMESITE: Final = "Lax"
CSRF_COOKIE_HTTPONLY: Final = True
CSRF_COOKIE_SAMESITE: Final = "Strict"

# A class list with addresses must not touch the disk: kept in memory, dropped there.
FILE_UPLOAD_HANDLERS: Final = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE: Final = 32 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE: Final = 64 * 1024 * 1024  # a score sheet of 100,000 pupils

LINE: Final = {
    "format": "time={asctime} level={levelname} {message}",
    "datefmt": "%Y-%m-%dT%H:%M:%S%z",
    "style": "{",
}
# Django's own log of a failed request holds its address and its traceback: ids, perhaps names.
LOGGING_CONFIG: Final = "logging.config.dictConfig"
LOGGING: Final = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": LINE},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "encrier": {"handlers": ["stderr"], "level": "INFO"},
        "django": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "django.request": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "django.security": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
