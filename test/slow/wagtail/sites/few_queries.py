"""`manage.py shell -c "import few_queries"`: an export reads the tags of all pages at once, not of each page."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from wagtail_sailplan.export import build_catalog

with CaptureQueriesContext(connection) as queries:
    pages = build_catalog()["offerings"]
reads = [query["sql"] for query in queries if 'FROM "taggit_tag"' in query["sql"]]
assert len(pages) > 10 and len(reads) <= 3, f"{len(reads)} reads of tags for {len(pages)} pages"
