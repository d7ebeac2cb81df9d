"""The whole desired state as one document, read in one database transaction."""

import hashlib
import json
from functools import reduce
from operator import or_

import wagtail
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from wagtail.images.models import SourceImageIOError
from wagtail.models import DraftStateMixin, Locale, PageViewRestriction, Site, TranslatableMixin

from .conf import conf

FORMAT_VERSION = 1


class SiteUnknown(Exception):
    """There is no such site or locale; the message says which."""


def build_catalog(locale=None, include_private=False, site=None):
    """The document. `site` is a hostname; None means the default site, "*" all sites.

    Must be the outermost transaction: it is refused inside another one (ATOMIC_REQUESTS, a test's own).
    """
    with transaction.atomic(durable=True):
        _freeze()
        locale = _locale(locale)
        taxonomies = {name: _rows(model) for name, model in conf().taxonomy_models.items()}
        pages = _read_pages(locale, include_private, site)
    # All rows are read. Only now may get_rendition() create missing renditions: it writes.
    content = {
        "taxonomies": {name: _terms(rows, locale) for name, rows in taxonomies.items()},
        "offerings": [_offering(page) for page in pages],
    }
    return {
        "format": "catalog-export",
        "format_version": FORMAT_VERSION,
        "generated_at": timezone.now().isoformat(),
        "content_sha256": content_sha256(content),
        "source": {
            "wagtail": wagtail.__version__,
            "base_url": getattr(settings, "WAGTAILADMIN_BASE_URL", None),
            "locale": locale.language_code,
            "page_type": conf().page,
            "snippets": {name: model._meta.label for name, model in conf().taxonomy_models.items()},
            "access": "authenticated" if include_private else "anonymous",
        },
        **content,
    }


def content_sha256(content):
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(canonical).hexdigest()


def _freeze():
    """READ COMMITTED sees other commits between two statements; this does not. SQLite and MySQL need no word."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _locale(language_code):
    if language_code is None:
        return Locale.get_default()
    try:
        return Locale.objects.get(language_code=language_code)
    except Locale.DoesNotExist:
        raise SiteUnknown(f"no locale {language_code!r}") from None


def _rows(model):
    """(id, key, label, language or None) of the live terms, oldest first."""
    queryset = model.objects.order_by("pk")
    if issubclass(model, DraftStateMixin):
        queryset = queryset.filter(live=True)
    language = ["locale__language_code"] if issubclass(model, TranslatableMixin) else []
    rows = queryset.values_list("pk", conf().key, conf().label, *language)
    return [(_value(pk), key, label, *(rest or [None])) for pk, key, label, *rest in rows]


def _terms(rows, locale):
    """As sailplan reads the API: rows of the locale are terms, others lend them their labels by key.

    A key that the locale lacks keeps the label of its first row, since pages of any locale may use it.
    """
    labels, first = {}, {}
    for row in rows:
        _, key, label, language = row
        first.setdefault(key, row)
        if language is not None:
            labels.setdefault(key, {}).setdefault(language, label)
    own = [row for row in rows if row[3] in (None, locale.language_code)]
    own_keys = {key for _, key, _, _ in own}
    terms = []
    for pk, key, label, _ in own + [row for key, row in first.items() if key not in own_keys]:
        others = {name: text for name, text in labels.get(key, {}).items() if name != locale.language_code}
        terms.append({"id": pk, "key": key, "label": label, **({"translations": others} if others else {})})
    return sorted(terms, key=lambda term: (term["key"], term["label"]))


def _read_pages(locale, include_private, site):
    model = conf().page_model
    pages = model.objects.live().filter(locale=locale, alias_of__isnull=True)
    if site != "*":
        pages = _in_site(pages, _site(site))
    if not include_private:
        for restriction in PageViewRestriction.objects.select_related("page"):
            pages = pages.not_descendant_of(restriction.page, inclusive=True)
    return list(
        pages.select_related(*conf().term, *conf().images, "locale")
        .prefetch_related(*conf().terms, *(f"{image}__renditions" for image in conf().images))
        .order_by("pk")
    )


def _site(hostname):
    try:
        return Site.objects.get(hostname=hostname) if hostname else Site.objects.get(is_default_site=True)
    except Site.DoesNotExist:
        raise SiteUnknown(f"no site {hostname!r}" if hostname else "no default site") from None


def _in_site(queryset, site):
    """As API v2 does it: the site's tree and, with i18n, the trees of its translations."""
    roots = [site.root_page, *site.root_page.get_translations()]
    return reduce(or_, (queryset.descendant_of(root, inclusive=True) for root in roots))


def _offering(page):
    live, drafts = {}, {}
    for name in conf().term:
        term = getattr(page, name)
        keys, hidden = _split([term] if term else [])
        live[name] = keys[0] if keys else None
        drafts.update({name: hidden} if hidden else {})
    for name in conf().terms:
        # The set is sorted: many-to-many order carries no meaning and would make the hash unstable.
        live[name], hidden = _split(getattr(page, name).all())
        drafts.update({name: hidden} if hidden else {})
    return {
        "page_id": page.pk,
        "translation_key": str(page.translation_key),
        "locale": page.locale.language_code,
        "title": page.title,
        "url": page.full_url,
        "live_revision_id": page.live_revision_id,
        "last_published_at": page.last_published_at.isoformat() if page.last_published_at else None,
        "has_unpublished_changes": page.has_unpublished_changes,
        **{name: _value(getattr(page, name)) for name in conf().values},
        **live,
        **({"draft_terms": drafts} if drafts else {}),
        **{name: _image(getattr(page, name), spec) for name, spec in conf().images.items()},
    }


def _split(terms):
    """Keys of the terms that are live, and of those that were never published; both sorted."""
    keys = {True: set(), False: set()}
    for term in terms:
        keys[getattr(term, "live", True)].add(getattr(term, conf().key))
    return sorted(keys[True]), sorted(keys[False])


def _value(value):
    """A decimal as text ("15.50"), as Django REST framework writes it."""
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def _image(image, spec):
    if not image:
        return None
    try:
        rendition = image.get_rendition(spec)
    except SourceImageIOError as error:  # the file is gone; one broken image must not stop the export
        return {"error": type(error).__name__}
    return {"url": rendition.full_url, "width": rendition.width, "height": rendition.height, "alt": rendition.alt}
