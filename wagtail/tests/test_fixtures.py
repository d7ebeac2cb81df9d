"""The models as the export describes them, and `loaddata` of what sailplan makes of it."""

import json
import os
import tempfile
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from wagtail.models import Locale

from catalog.models import Badge, Outcome, Role
from wagtail_sailplan.export import build_catalog

from .test_export import Sample

KEY = "0a1b2c3d-0000-8000-8000-000000000001"


def load(rows):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "terms.json")
        with open(path, "w", encoding="utf-8") as handle:
            json.dump(rows, handle)
        call_command("loaddata", path, stdout=StringIO())


class Fixtures(Sample):
    def test_models_are_described(self):
        models = build_catalog()["source"]["models"]
        plain = {"model": "catalog.role", "key": "key", "label": "label", "key_max": 64, "label_max": 120}
        self.assertEqual(models["roles"], plain)
        locales = dict(Locale.objects.values_list("language_code", "pk"))
        self.assertEqual(models["outcomes"], {**plain, "model": "catalog.outcome", "locales": locales})
        self.assertNotIn("needs", models["badges"])

    def test_what_is_no_field_of_a_model_is_not_described(self):
        taxonomies = {
            "roles": {"model": "catalog.Role", "key": lambda role: role.key},
            "badges": {"terms": ["new"]},
            "categories": {"model": "catalog.Category", "key": "key", "label": "key"},
        }
        with override_settings(SAILPLAN={**settings.SAILPLAN, "taxonomies": taxonomies}):
            models = build_catalog()["source"]["models"]
        self.assertEqual({"roles", "badges", "categories"} & set(models), set())

    def test_loaded_rows_are_terms_at_once_in_each_language(self):
        models = build_catalog()["source"]["models"]
        en, de = (models["outcomes"]["locales"][code] for code in ("en", "de"))
        load(
            [
                {"model": "catalog.role", "fields": {"key": "cafe_manager", "label": "Café manager"}},
                {"model": "catalog.badge", "fields": {"key": "brand_new", "label": "Brand new"}},
                *(
                    {
                        "model": "catalog.outcome",
                        "fields": {"key": "calm", "label": label, "locale": locale, "translation_key": KEY},
                    }
                    for label, locale in (("Calm", en), ("Ruhe", de))
                ),
            ]
        )
        taxonomies = build_catalog()["taxonomies"]
        found = {
            (name, term["key"]): (term["label"], term.get("translations"))
            for name, terms in taxonomies.items()
            for term in terms
        }
        self.assertEqual(found["roles", "cafe_manager"], ("Café manager", None))
        self.assertEqual(found["badges", "brand_new"], ("Brand new", None))
        self.assertEqual(found["outcomes", "calm"], ("Calm", {"de": "Ruhe"}))
        self.assertEqual(Outcome.objects.filter(key="calm", translation_key=KEY).count(), 2)
        self.assertTrue(Badge.objects.get(key="brand_new").live)
        self.assertIsNotNone(Role.objects.get(key="cafe_manager").pk)
