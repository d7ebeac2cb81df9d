"""API v2 for sailplan: the same fields and terms as the export, whatever the models declare.

# urls.py
from wagtail_sailplan.api import make_router
path("api/v2/", make_router("wagtailapi").urls)
"""

from django.core.exceptions import ImproperlyConfigured
from django.http import JsonResponse
from django.urls import re_path
from django.utils import translation
from rest_framework.exceptions import APIException
from rest_framework.fields import Field, SkipField
from wagtail.api import APIField
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.utils import BadRequestError, page_models_from_string
from wagtail.api.v2.views import BaseAPIViewSet, PagesAPIViewSet
from wagtail.models import Locale, Page

from .conf import conf
from .export import nearest, prepared
from .images import ImageMaker
from .taxonomies import TaxonomyFailed, rows_of
from .values import ImageSource, read


class MappedField(Field):
    """A field of SAILPLAN, by its name there: a value, a key, a list of keys, an image."""

    def __init__(self, name):
        super().__init__(read_only=True)
        self.mapped = name

    def to_representation(self, value):
        return value

    def get_attribute(self, page):
        """All of it is here: only of this one Wagtail's serializer takes a SkipField."""
        source = conf().sources_of(type(page)).get(self.mapped)
        if source is None:
            raise SkipField
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
        is_one = self._models() is None and queryset.model in conf().pages
        return prepared(queryset, queryset.model) if is_one else queryset

    def paginate_queryset(self, queryset):
        """Of several page types the queryset is of bare pages: those of this answer are read again as what they are."""
        items = super().paginate_queryset(queryset)
        if self._models() is None:
            return items
        ids = [page.pk for page in items]
        found = nearest([page for model in self._models() for page in prepared(model.objects.filter(pk__in=ids), model)])
        pages = {page.pk: page for page in found}
        # One that is gone by now was on the list: sailplan reads twice, and compares.
        return [pages[pk] for pk in ids if pk in pages]

    def get_serializer_class(self):
        """Wagtail takes the fields of several types from Page alone; the mapped ones all of them have."""
        if models := self._models():
            view = type("SeveralTypesAPIViewSet", (_SeveralTypes, type(self)), {"several": models})
            self._get_serializer_class = view._get_serializer_class
        return super().get_serializer_class()

    def _models(self):
        """The page types that `type=` names, where they are several and all of them mapped; else None."""
        if self.action != "listing_view" or "," not in self.request.GET.get("type", ""):
            return None
        try:
            models = page_models_from_string(self.request.GET["type"])
        except (LookupError, ValueError):  # for Wagtail to refuse
            return None
        return models if all(model in conf().pages for model in models) else None

    @classmethod
    def get_body_fields(cls, model):
        mapped = [APIField(name, serializer=MappedField(name)) for name in cls.mapped_of(model)]
        names = {field.name for field in mapped}
        return [*(field for field in super().get_body_fields(model) if field.name not in names), *mapped]

    @classmethod
    def mapped_of(cls, model):
        """Names of the mapped fields of a page type."""
        return list(conf().sources_of(model) or {})

    @classmethod
    def get_meta_fields(cls, model):
        fields = super().get_meta_fields(model)
        # An edit that was undone while sailplan read shows in it.
        extra = [] if "last_published_at" in {field.name for field in fields} else [APIField("last_published_at")]
        return fields + extra if cls.mapped_of(model) else fields

    @classmethod
    def _get_serializer_class(cls, router, model, fields_config, show_details=False, nested=False):
        """A mapped field is a key already: `roles(_,key)` is asked of it all the same, and means `roles`."""
        mapped = cls.mapped_of(model)
        asked = [
            (name, negated, None if name in mapped else children) for name, negated, children in fields_config or []
        ]
        return super()._get_serializer_class(router, model, asked, show_details, nested)


class _SeveralTypes:
    """Serializes Page with what any of the listed types maps; MappedField asks each page for its own."""

    several = ()

    @classmethod
    def mapped_of(cls, model):
        types = cls.several if model is Page else (model,)
        return list(dict.fromkeys(name for each in types for name in conf().sources_of(each) or {}))


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
        try:
            rows = rows_of(conf().taxonomies[self.taxonomy], _language_of(request))
        except TaxonomyFailed as error:
            raise APIException(str(error)) from error
        found = [self._item(row) for row in rows if language is None or row.language in (None, language)]
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


def _language_of(request):
    """That of lazy labels: the locale that sailplan reads, which it names as Accept-Language; else the default one."""
    asked = Locale.objects.filter(language_code__iexact=request.headers.get("Accept-Language", "")).first()
    return (asked or Locale.get_default()).language_code


class _NoModel:
    """Of a taxonomy that is the choices of a field, or a constant."""


class _Refusing(WagtailAPIRouter):
    """In the place of a router while SAILPLAN has errors: an import of the URLs must not hide what `check` says of them."""

    def get_urlpatterns(self):
        return [re_path(r"", self._refuse)]

    @staticmethod
    def _refuse(request, *_, **__):
        return JsonResponse({"message": "SAILPLAN has errors: run manage.py check"}, status=500)


def make_router(namespace, mixin=None):
    """Pages and every taxonomy of SAILPLAN. `mixin` goes before each viewset, e.g. one with authentication_classes."""
    try:
        conf()
    except ImproperlyConfigured:
        return _Refusing(namespace)
    router = WagtailAPIRouter(namespace)
    router.register_endpoint("pages", _with(mixin, OfferingPagesAPIViewSet))
    for name, taxonomy in conf().taxonomies.items():
        members = {"taxonomy": name, "model": taxonomy.model or _NoModel, "name": name}
        view = type(f"{name.title().replace('_', '')}APIViewSet", (TaxonomyAPIViewSet,), members)
        router.register_endpoint(name, _with(mixin, view))
    return router


def _with(mixin, view):
    return type(view.__name__, (mixin, view), {}) if mixin else view
