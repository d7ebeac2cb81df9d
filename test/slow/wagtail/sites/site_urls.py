from django.urls import path
from project.urls import urlpatterns as own

from wagtail_sailplan.api import make_router
from wagtail_sailplan.views import catalog_export

urlpatterns = [
    path("api/v2/", make_router("wagtailapi").urls),
    path("api/catalog-export/", catalog_export),
    *own,
]
