"""The sample site with what only tests want: tokens, timing, edits over HTTP."""

from shopsite.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework.authtoken"]  # noqa: F405
MIDDLEWARE = ["lab_views.timing", *MIDDLEWARE]  # noqa: F405
ROOT_URLCONF = "lab_urls"
REST_FRAMEWORK = {"DEFAULT_THROTTLE_RATES": {"anon": "5/min"}}
# Basic authentication hashes at every request; a test site need not take half a second for it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
