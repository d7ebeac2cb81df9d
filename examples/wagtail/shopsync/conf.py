"""What of your project is synced: the setting SHOPSYNC (see the README), with its defaults."""

from dataclasses import dataclass, field, fields

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Conf:
    #: "app.Model" of the offering page
    page: str
    #: name in the export and of the API endpoint -> "app.Model" of the snippet
    taxonomies: dict
    #: plain fields and properties of the page: text, numbers, booleans
    values: list
    #: foreign keys to a term
    term: list
    #: many-to-many fields of terms
    terms: list
    #: image fields of the page: name -> rendition spec
    images: dict = field(default_factory=dict)
    #: names of a term's key and label
    key: str = "key"
    label: str = "label"
    #: whoever sends one of these may read the export view; empty: nobody may
    export_tokens: list = field(default_factory=list)
    #: what sync_wagtail_to_saleor starts; None: whichever of its two names is on PATH
    command: list | None = None

    @property
    def page_model(self):
        return apps.get_model(self.page)

    @property
    def taxonomy_models(self):
        return {name: apps.get_model(model) for name, model in self.taxonomies.items()}


def conf():
    given = getattr(settings, "SHOPSYNC", None)
    if not given:
        raise ImproperlyConfigured("Set SHOPSYNC: page, taxonomies, values, term, terms (see shopsync's README).")
    known = {each.name for each in fields(Conf)}
    unknown = set(given) - known
    missing = {"page", "taxonomies", "values", "term", "terms"} - set(given)
    if unknown or missing:
        raise ImproperlyConfigured(f"SHOPSYNC: unknown {sorted(unknown)}, missing {sorted(missing)}")
    return Conf(**given)
