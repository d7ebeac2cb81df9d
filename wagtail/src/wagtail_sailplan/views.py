"""The export over HTTP, for a sailplan that cannot run manage.py.

# urls.py
path("api/catalog-export/", catalog_export)
"""

import hmac
import logging

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction
from django.http import HttpResponseNotModified, JsonResponse
from django.views.decorators.http import require_safe

from .conf import conf
from .export import SiteUnknown, build_catalog
from .taxonomies import TaxonomyFailed

logger = logging.getLogger(__name__)


# The export wants to be the outermost transaction, also where ATOMIC_REQUESTS is on.
@transaction.non_atomic_requests
@require_safe
def catalog_export(request):
    """GET, with `Authorization: Token …`; ?locale= and ?site= as in the command. 304 when the ETag still fits."""
    try:
        tokens = conf().export_tokens
    except ImproperlyConfigured:
        # Whoever asks has shown no token yet: what is wrong is for `check` to say.
        return JsonResponse({"message": "SAILPLAN has errors: run manage.py check"}, status=500)
    if not _is_allowed(request.headers.get("Authorization", ""), tokens):
        headers = {"WWW-Authenticate": "Token"}
        return JsonResponse({"message": "authentication required"}, status=401, headers=headers)
    try:
        document = build_catalog(locale=request.GET.get("locale"), site=request.GET.get("site"))
    except SiteUnknown as error:
        return JsonResponse({"message": str(error)}, status=404)
    except (TaxonomyFailed, DatabaseError) as error:
        logger.exception("the export failed")
        return JsonResponse({"message": str(error)}, status=500)
    etag = f'"{document["content_sha256"]}"'
    headers = {"ETag": etag, "Cache-Control": "no-store"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers=headers)
    return JsonResponse(document, headers=headers)


def _is_allowed(authorization, tokens):
    scheme, _, given = authorization.partition(" ")
    # Every token is compared, in constant time: how long it takes tells nothing.
    matches = [hmac.compare_digest(given.encode(), token.encode()) for token in tokens]
    return scheme in ("Token", "Bearer") and any(matches)
