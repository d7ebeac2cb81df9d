"""API v2 for sailplan: one endpoint a taxonomy, and pages without N+1 queries.

    # urls.py
    from shopsync.api import make_router
    path("api/v2/", make_router("wagtailapi").urls)
"""

from wagtail.api.v2.filters import FieldsFilter, LocaleFilter, OrderingFilter
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import BaseAPIViewSet, PagesAPIViewSet
from wagtail.models import DraftStateMixin, TranslatableMixin

from .conf import conf


class TaxonomyAPIViewSet(BaseAPIViewSet):
    """Snippets have no API in Wagtail 7; this is what BaseAPIViewSet lacks: drafts hidden, filters that filter."""

    filter_backends = [FieldsFilter, OrderingFilter]

    def get_queryset(self):
        queryset = super().get_queryset()
        if issubclass(self.model, DraftStateMixin):
            queryset = queryset.filter(live=True)
        if issubclass(self.model, TranslatableMixin):
            queryset = queryset.select_related("locale")
        return queryset


class TranslatableTaxonomyAPIViewSet(TaxonomyAPIViewSet):
    """Adds ?locale=, which BaseAPIViewSet refuses as an unknown parameter."""

    filter_backends = [*TaxonomyAPIViewSet.filter_backends, LocaleFilter]
    known_query_parameters = BaseAPIViewSet.known_query_parameters | {"locale"}


class OfferingPagesAPIViewSet(PagesAPIViewSet):
    """Joins and prefetches what a listing of offerings nests: 500 pages in a hundred queries, not seven thousand."""

    def get_queryset(self):
        queryset = super().get_queryset()
        if queryset.model is not conf().page_model:
            return queryset
        return queryset.select_related(*conf().term, *conf().images, "locale", "content_type").prefetch_related(
            *conf().terms, *(f"{image}__renditions" for image in conf().images)
        )


def make_router(namespace, mixin=None):
    """Pages and every taxonomy of SHOPSYNC. `mixin` goes before each viewset, e.g. one with authentication_classes."""
    router = WagtailAPIRouter(namespace)
    router.register_endpoint("pages", _with(mixin, OfferingPagesAPIViewSet))
    for name, model in conf().taxonomy_models.items():
        base = TranslatableTaxonomyAPIViewSet if issubclass(model, TranslatableMixin) else TaxonomyAPIViewSet
        view = type(f"{model.__name__}APIViewSet", (base,), {"model": model, "name": name})
        router.register_endpoint(name, _with(mixin, view))
    return router


def _with(mixin, view):
    return type(view.__name__, (mixin, view), {}) if mixin else view
