from django.conf import settings
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from wagtail_sailplan.api import make_router
from wagtail_sailplan.views import catalog_export

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("api/v2/", make_router("wagtailapi").urls),
    path("api/catalog-export/", catalog_export),
    # A real site leaves media to its web server.
    re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
]

if settings.HAS_V3:
    from wagtail.api.v3.urls import api as api_v3

    urlpatterns.append(path("api/v3/", api_v3.urls))

urlpatterns.append(path("", include(wagtail_urls)))
