"""Settings of a site made by `wagtail start project`, with what the package's README says to add."""

import os

from project.settings.base import *  # noqa: F403
from work import project as own

SECRET_KEY = "tests-only"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "site_urls"
INSTALLED_APPS = [
    *getattr(own, "MORE_APPS", []),
    "work",
    "wagtail_sailplan",
    "wagtail.api.v2",
    "rest_framework",
    *INSTALLED_APPS,  # noqa: F405
]
SAILPLAN = own.SAILPLAN
WAGTAILADMIN_BASE_URL = "https://cms.example.com"
MEDIA_ROOT = BASE_DIR / "media"  # noqa: F405
for name in ("WAGTAIL_I18N_ENABLED", "LANGUAGES", "WAGTAIL_CONTENT_LANGUAGES"):
    if hasattr(own, name):
        globals()[name] = getattr(own, name)
if os.environ.get("SAMPLE_POSTGRES_HOST"):
    INSTALLED_APPS.append("django.contrib.postgres")
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["SITE_POSTGRES_DB"],
            "USER": "postgres",
            "HOST": os.environ["SAMPLE_POSTGRES_HOST"],
            "PORT": os.environ["SAMPLE_POSTGRES_PORT"],
        }
    }
