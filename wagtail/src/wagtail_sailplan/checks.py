"""System checks: what is wrong with the set-up, before an export runs into it."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.urls import NoReverseMatch, Resolver404, get_resolver

from .command import NoCommand, find_command
from .conf import load

ID = "wagtail_sailplan"
#: The host that `wagtail start` writes into WAGTAILADMIN_BASE_URL.
PLACEHOLDER = "example.com"
#: What the commands run before they start; what surrounds them is for `manage.py check`.
MAPPING = f"{ID}.mapping"


@checks.register(ID, MAPPING)
def check_mapping(app_configs=None, **_):
    """E001 to E009 and W004 to W006: the setting SAILPLAN."""
    return [
        (checks.Error if problem.is_error else checks.Warning)(
            problem.text + ".", hint=problem.hint, id=f"{ID}.{problem.code}"
        )
        for problem in load()[1]
    ]


@checks.register(ID)
def check_surroundings(app_configs=None, **_):
    """W001 to W003: base URL, tokens of the view, sailplan itself."""
    found = []
    base_url = getattr(settings, "WAGTAILADMIN_BASE_URL", None)
    if not base_url or urlsplit(base_url).hostname == PLACEHOLDER:
        text = "WAGTAILADMIN_BASE_URL is not set, so every image address in the export is relative."
        if base_url:
            text = f"WAGTAILADMIN_BASE_URL is {base_url}, as `wagtail start` wrote it, and no image is there."
        hint = 'Set it to the address that serves your media, e.g. "https://cms.example.com".'
        found.append(checks.Warning(text, hint=hint, id=f"{ID}.W001"))
    setting = load()[0]
    if setting is not None and not setting.export_tokens and _has_view():
        text = 'The export view is in your URLs, and SAILPLAN["export_tokens"] is empty: it refuses everybody.'
        hint = (
            '"export_tokens": os.environ.get("CATALOG_EXPORT_TOKENS", "").split(), and set that variable where the '
            "site runs."
        )
        found.append(checks.Warning(text, hint=hint, id=f"{ID}.W002"))
    try:
        find_command(is_check=True)
    except NoCommand as error:
        found.append(checks.Warning(str(error), hint=error.hint, id=f"{ID}.W003"))
    return found


def _has_view():
    if not getattr(settings, "ROOT_URLCONF", None):
        return False
    from .views import catalog_export

    try:
        return any(each is catalog_export for each in _callbacks(get_resolver().url_patterns))
    except (ImportError, NoReverseMatch, Resolver404):  # told by Django's own checks
        return False


def _callbacks(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _callbacks(pattern.url_patterns)
        else:
            yield getattr(pattern, "callback", None)
