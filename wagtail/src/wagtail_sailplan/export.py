"""The whole desired state as one document, read in one database transaction."""

import hashlib
import json
from functools import reduce
from operator import or_

import wagtail
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation
from wagtail.models import Locale, PageViewRestriction, Site

from .conf import _is_image, conf
from .fixtures import models_of
from .images import ImageMaker
from .paths import end_of, prefetches
from .taxonomies import TaxonomyFailed, rows_of, terms_of
from .values import ImageSource, read

FORMAT_VERSION = 1


class SiteUnknown(Exception):
    """There is no such site or locale; the message says which there are."""


def build_catalog(locale=None, include_private=False, site=None, progress=None):
    """The document. `site` is host or host:port; None means the default site, "*" all sites.

    Must be the outermost transaction: it is refused inside another one (ATOMIC_REQUESTS, a test's own).
    `progress(done, total)` is called as pages are done.
    """
    setting = conf()
    notes = []
    with transaction.atomic(durable=True):
        _freeze()
        locale = _locale(locale)
        language = locale.language_code
        rows = {name: rows_of(taxonomy, language) for name, taxonomy in setting.taxonomies.items()}
        listed = {name: {row.key for row in found} for name, found in rows.items() if setting.taxonomies[name].model}
        pages = _read_pages(locale, include_private, site)
        models = models_of(setting.taxonomies)
        with translation.override(language):
            read_pages = [_offering(page, setting, listed, notes) for page in pages]
    # All rows are read. Only now may renditions that are missing be made: making one writes.
    content = {
        "taxonomies": {name: terms_of(found, language) for name, found in rows.items()},
        "offerings": _with_images(read_pages, notes, progress),
    }
    return {
        "format": "catalog-export",
        "format_version": FORMAT_VERSION,
        "generated_at": timezone.now().isoformat(),
        "content_sha256": content_sha256(content),
        "source": {
            "wagtail": wagtail.__version__,
            "base_url": getattr(settings, "WAGTAILADMIN_BASE_URL", None),
            "locale": language,
            "page_type": setting.page_type,
            "snippets": {name: each.model._meta.label for name, each in setting.taxonomies.items() if each.model},
            "models": models,
            "access": "authenticated" if include_private else "anonymous",
        },
        **({"notes": notes} if notes else {}),
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
    try:
        # zh-Hans and zh-hans are one language.
        return Locale.get_default() if language_code is None else Locale.objects.get(language_code__iexact=language_code)
    except (Locale.DoesNotExist, LookupError):
        known = ", ".join(Locale.objects.order_by("language_code").values_list("language_code", flat=True)) or "none"
        raise SiteUnknown(f"no locale {language_code or settings.LANGUAGE_CODE!r}; available: {known}") from None


def _read_pages(locale, include_private, site):
    """Live pages of every listed type, each once, by id."""
    setting = conf()
    roots = None if site == "*" else _roots(_site(site))
    restrictions = [] if include_private else list(PageViewRestriction.objects.select_related("page"))
    found = []
    for model in setting.pages:
        queryset = model.objects.live().filter(locale=locale, alias_of__isnull=True)
        if roots is not None:
            queryset = reduce(or_, (queryset.descendant_of(root, inclusive=True) for root in roots))
        for restriction in restrictions:
            queryset = queryset.not_descendant_of(restriction.page, inclusive=True)
        found.extend(prepared(queryset, model))
    return nearest(found)


def nearest(found):
    """Each page once, by id. One listed type may be the parent of another: the nearer one says more."""
    pages = {}
    for page in found:
        known = pages.get(page.pk)
        if known is None or isinstance(page, type(known)):
            pages[page.pk] = page
    return [pages[pk] for pk in sorted(pages)]


def prepared(queryset, model):
    """Joins and prefetches what the mapping reads: a fixed number of queries, however many pages."""
    wanted = set()
    for source in conf().pages[model].values():
        if source.path and (relation := prefetches(model, source.path)):
            wanted.add(relation)
            if _is_image(end_of(model, source.path)[1]):
                wanted.add(f"{relation}__renditions")
    return queryset.select_related("locale").prefetch_related(*sorted(wanted)).order_by("pk")


def _site(name):
    sites = list(Site.objects.order_by("hostname", "port"))
    if not name:
        found = [site for site in sites if site.is_default_site]
        asked = "no default site"
    else:
        host, _, port = name.rpartition(":") if name.rpartition(":")[2].isdigit() else (name, "", "")
        found = [site for site in sites if site.hostname == host and port in ("", str(site.port))]
        asked = f"{len(found)} sites have the host {name!r}" if found else f"no site {name!r}"
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{site.hostname}:{site.port}" for site in found or sites) or "none"
    raise SiteUnknown(f"{asked}; available: {known}")


def _roots(site):
    """As API v2 does it: the site's tree and, with i18n, the trees of its translations."""
    return [site.root_page, *site.root_page.get_translations()]


def _offering(page, setting, listed, notes):
    fields, drafts = {}, {}
    for name, source in setting.sources_of(type(page)).items():
        try:
            value = read(page, source, setting)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001  one page's own code; sailplan reports the field as missing there
            notes.append(f"Page {page.pk} ({page.title}): {name} skipped: {type(error).__name__}: {error}")
            continue
        fields[name], hidden = _without_drafts(value, listed.get(source.taxonomy))
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
        **fields,
        **({"draft_terms": drafts} if drafts else {}),
    }


def _without_drafts(value, listed):
    """A term that a page uses and its taxonomy does not list was never published, or its queryset excludes it."""
    if listed is None or value is None:
        return value, []
    if isinstance(value, list):
        return [key for key in value if key in listed], [key for key in value if key not in listed]
    return (value, []) if value in listed else (None, [value])


def _with_images(offerings, notes, progress):
    maker = ImageMaker()
    for done, offering in enumerate(offerings, 1):
        for name, value in offering.items():
            if isinstance(value, ImageSource):
                offering[name] = maker.of(value.image, value.spec)
        if progress is not None:
            progress(done, len(offerings))
    notes.extend(maker.notes())
    return offerings
