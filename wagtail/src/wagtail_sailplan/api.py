"""API v2 for sailplan: the same fields and terms as the export, whatever the models declare.

# urls.py
from wagtail_sailplan.api import make_router
path("api/v2/", make_router("wagtailapi").urls)
"""

from django.utils import translation
from rest_framework.fields import Field, SkipField
from wagtail.api import APIField
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import BaseAPIViewSet, PagesAPIViewSet
from wagtail.models import Locale

from .conf import conf
from .export import prepared
from .images import ImageMaker
from .taxonomies import rows_of
from .values import ImageSource, read


class MappedField(Field):
    """A field of SAILPLAN, by its name there: a value, a key, a list of keys, an image."""

    def __init__(self, name):
        super().__init__(read_only=True)
        self.mapped = name

    def get_attribute(self, instance):
        return instance

    def to_representation(self, page):
        source = conf().sources_of(type(page)).get(self.mapped)
        try:
            with translation.override(page.locale.language_code):
                value = read(page, source, conf())
        except Exception as error:  # noqa: BLE001  as in the export: the field is left out, the page stays
            raise SkipField from error
        return ImageMaker().of(value.image, value.spec) if isinstance(value, ImageSource) else value


class OfferingPagesAPIViewSet(PagesAPIViewSet):
    """Wagtail's pages with the mapped fields: 500 pages in a hundred queries, not seven thousand."""

    def get_queryset(self):
        queryset = super().get_queryset()
        return prepared(queryset, queryset.model) if queryset.model in conf().pages else queryset

    @classmethod
    def get_body_fields(cls, model):
        mapped = [APIField(name, serializer=MappedField(name)) for name in conf().sources_of(model) or {}]
        names = {field.name for field in mapped}
        return [*(field for field in super().get_body_fields(model) if field.name not in names), *mapped]

    @classmethod
    def get_meta_fields(cls, model):
        fields = super().get_meta_fields(model)
        # An edit that was undone while sailplan read shows in it.
        extra = [] if "last_published_at" in {field.name for field in fields} else [APIField("last_published_at")]
        return fields + extra if conf().sources_of(model) else fields

    @classmethod
    def _get_serializer_class(cls, router, model, fields_config, show_details=False, nested=False):
        """A mapped field is a key already: `roles(_,key)` is asked of it all the same, and means `roles`."""
        mapped = conf().sources_of(model) or {}
        asked = [
            (name, negated, None if name in mapped else children) for name, negated, children in fields_config or []
        ]
        return super()._get_serializer_class(router, model, asked, show_details, nested)


class _Items(list):
    """What Wagtail's pagination wants of a queryset."""

    def count(self):
        return len(self)


class TaxonomyAPIViewSet(BaseAPIViewSet):
    """The terms of one taxonomy of SAILPLAN: id, key, label and, of a translatable model, locale."""

    taxonomy = None  # its name; set on the subclass
    known_query_parameters = BaseAPIViewSet.known_query_parameters | {"locale"}

    def listing_view(self, request):
        unknown = set(request.GET) - self.known_query_parameters
        if unknown:
            names = ", ".join(sorted(unknown))
            raise BadRequestError(f"query parameter is not an operation or a recognised field: {names}")
        language = request.GET.get("locale")
        found = [
            self._item(row)
            for row in rows_of(conf().taxonomies[self.taxonomy], Locale.get_default().language_code)
            if language is None or row.language in (None, language)
        ]
        return self.get_paginated_response(self.paginate_queryset(_Items(found)))

    def _item(self, row):
        meta = {"type": self.model._meta.label} if hasattr(self.model, "_meta") else {}
        locale = {} if row.language is None else {"locale": row.language}
        return {"id": row.id, "meta": meta, "key": row.key, "label": row.label, **locale}

    @classmethod
    def get_urlpatterns(cls):
        return super().get_urlpatterns()[:1]

    @classmethod
    def get_object_detail_urlpath(cls, model, pk, namespace=""):
        return None


class _NoModel:
    """Of a taxonomy that is the choices of a field, or a constant."""


def make_router(namespace, mixin=None):
    """Pages and every taxonomy of SAILPLAN. `mixin` goes before each viewset, e.g. one with authentication_classes."""
    router = WagtailAPIRouter(namespace)
    router.register_endpoint("pages", _with(mixin, OfferingPagesAPIViewSet))
    for name, taxonomy in conf().taxonomies.items():
        members = {"taxonomy": name, "model": taxonomy.model or _NoModel, "name": name}
        view = type(f"{name.title().replace('_', '')}APIViewSet", (TaxonomyAPIViewSet,), members)
        router.register_endpoint(name, _with(mixin, view))
    return router


def _with(mixin, view):
    return type(view.__name__, (mixin, view), {}) if mixin else view
