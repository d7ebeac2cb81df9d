"""Settings of the sample site. SAMPLE_* environment variables switch the variants that tests want."""

import os
from pathlib import Path

import wagtail

from catalog.fields import SAILPLAN as MAPPING

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("SAMPLE_VAR", BASE_DIR / "var"))
VAR_DIR.mkdir(parents=True, exist_ok=True)
HAS_V3 = wagtail.VERSION >= (8, 0)

SECRET_KEY = os.environ.get("SAMPLE_SECRET_KEY", "sample-only-not-a-secret")
DEBUG = os.environ.get("SAMPLE_DEBUG") == "1"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver", "second.example.com"]
ROOT_URLCONF = "shopsite.urls"
WSGI_APPLICATION = "shopsite.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "catalog",
    "wagtail_sailplan",
    "wagtail.api.v2",
    *(["wagtail.api.v3"] if HAS_V3 else []),
    "rest_framework",
    "wagtail.locales",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.redirects",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.embeds",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
if os.environ.get("SAMPLE_POSTGRES_HOST"):
    INSTALLED_APPS.append("django.contrib.postgres")  # Wagtail's search wants it there

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

if os.environ.get("SAMPLE_POSTGRES_HOST"):
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ.get("SAMPLE_POSTGRES_DB", "sample"),
            "USER": os.environ.get("SAMPLE_POSTGRES_USER", "postgres"),
            "HOST": os.environ["SAMPLE_POSTGRES_HOST"],
            "PORT": os.environ.get("SAMPLE_POSTGRES_PORT", "5432"),
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "db.sqlite3",
            # WAL: a reader's transaction sees one state while others write.
            "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL;", "timeout": 20},
            # A file: tests write from a second connection.
            "TEST": {"NAME": VAR_DIR / "test.sqlite3"},
        }
    }

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "German")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = os.environ.get("SAMPLE_I18N", "1") == "1"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"

WAGTAIL_SITE_NAME = "Sample catalogue"
# A rendition's full_url is built from this one (not from WAGTAILAPI_BASE_URL); without it image URLs are relative.
WAGTAILADMIN_BASE_URL = os.environ.get("SAMPLE_BASE_URL", "http://127.0.0.1:8000")
# Wagtail's own default is 20, which makes 25 requests of 500 pages.
WAGTAILAPI_LIMIT_MAX = int(os.environ.get("SAMPLE_LIMIT_MAX", "500"))
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

SAILPLAN = {
    **MAPPING,
    # Whoever has one of these may read /api/catalog-export/; without the variable nobody may.
    "export_tokens": [token for token in os.environ.get("CATALOG_EXPORT_TOKENS", "").split() if token],
}
