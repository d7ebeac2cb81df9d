from django.urls import path
from rest_framework.authentication import BasicAuthentication, TokenAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.throttling import AnonRateThrottle
from shopsite.urls import urlpatterns as site_urls
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

import lab_views
from wagtail_sailplan.api import make_router


class Protected:
    authentication_classes = [TokenAuthentication, BasicAuthentication]
    permission_classes = [IsAuthenticated]


class Throttled:
    throttle_classes = [AnonRateThrottle]


pages_only = WagtailAPIRouter("wagtailapi_pages")
pages_only.register_endpoint("pages", PagesAPIViewSet)

urlpatterns = [
    path("lab/edit/", lab_views.edit),
    path("lab/export/", lab_views.export),
    path("lab/estimates/", lab_views.estimates),
    path("api/v2-secure/", make_router("wagtailapi_secure", Protected).urls),
    path("api/v2-throttled/", make_router("wagtailapi_throttled", Throttled).urls),
    path("api/v2-pages/", pages_only.urls),
    *site_urls,
]
