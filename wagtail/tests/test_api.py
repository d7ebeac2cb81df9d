from django.conf import settings
from django.test import override_settings
from django.utils.translation import gettext_lazy

from wagtail_sailplan.conf import conf
from wagtail_sailplan.contract import GTM_V1
from wagtail_sailplan.export import build_catalog

from .test_export import LessThan, Sample


class Api(Sample):
    def items(self, path):
        response = self.client.get(f"/api/v2/{path}", headers={"Accept": "application/json"})
        self.assertEqual(response.status_code, 200, response.content)
        return response.json()["items"]

    def test_every_taxonomy_shows_key_and_label(self):
        for name in conf().taxonomies:
            for item in self.items(f"{name}/?fields=*&limit=100"):
                self.assertIn("key", item)
                self.assertIn("label", item)

    def test_a_draft_term_is_not_listed(self):
        self.assertNotIn("secret_badge", [item["key"] for item in self.items("badges/?fields=*")])

    def test_a_translatable_taxonomy_says_its_locale_and_filters_by_it(self):
        self.assertEqual({item["locale"] for item in self.items("outcomes/?fields=*")}, {"en", "de"})
        self.assertEqual({item["locale"] for item in self.items("outcomes/?fields=*&locale=de")}, {"de"})

    def test_a_listing_of_all_pages_takes_few_queries(self):
        nested = ",".join(f"{name}(_,key)" for name, (shape, _) in GTM_V1.items() if shape in ("term", "terms"))
        path = f"pages/?type=catalog.OfferingPage&limit=500&fields=_,id,card_image_rendition,{nested}"
        self.items(path)  # makes the renditions
        with self.assertNumQueries(LessThan(40)):
            self.assertEqual(len(self.items(path)), 24)

    def test_several_page_types_in_one_listing(self):
        pages = {"wagtailcore.Page": {"card_tagline": "title"}, "catalog.OfferingPage": {}}
        with override_settings(SAILPLAN={**settings.SAILPLAN, "page": pages}):
            document = build_catalog()
            query = "order=id&locale=en&limit=100&fields=_,id,card_tagline,alias_of,roles(_,key)"
            for types in ("catalog.OfferingPage,wagtailcore.Page", "wagtailcore.Page,catalog.OfferingPage"):
                items = [item for item in self.items(f"pages/?type={types}&{query}") if not item["meta"]["alias_of"]]
                self.assertEqual([item["id"] for item in items], [page["page_id"] for page in document["offerings"]])
                for item, page in zip(items, document["offerings"], strict=True):
                    self.assertEqual((item["card_tagline"], item.get("roles")), (page["card_tagline"], page.get("roles")))
            with self.assertNumQueries(LessThan(60)):
                self.items(f"pages/?type=catalog.OfferingPage,wagtailcore.Page&{query}")

    def test_code_that_fails_costs_the_field_of_its_page(self):
        def tagline(page):
            return {}["x"] if page.title == "Offering 01" else "text"

        with override_settings(SAILPLAN={**settings.SAILPLAN, "fields": {"card_tagline": tagline}}):
            items = self.items("pages/?type=catalog.OfferingPage&limit=100&fields=_,title,card_tagline")
        self.assertEqual({item["title"] for item in items if "card_tagline" not in item}, {"Offering 01"})

    def test_page_types_that_are_not_all_mapped(self):
        for types in ("catalog.OfferingPage,catalog.HomePage", "catalog.OfferingPage,catalog.Nothing"):
            answer = self.client.get(f"/api/v2/pages/?type={types}&fields=_,roles", headers={"Accept": "application/json"})
            self.assertEqual(answer.status_code, 400)

    def test_labels_in_the_language_that_is_read(self):
        taxonomies = {"modalities": {"terms": {"text": gettext_lazy("Yes")}}}
        with override_settings(SAILPLAN={**settings.SAILPLAN, "taxonomies": taxonomies}):
            for language in ("de", "en"):
                headers = {"Accept": "application/json", "Accept-Language": language}
                items = self.client.get("/api/v2/modalities/", headers=headers).json()["items"]
                exported = build_catalog(locale=language)["taxonomies"]["modalities"]
                self.assertEqual([item["label"] for item in items], [term["label"] for term in exported])
            self.assertEqual(exported[0]["label"], "Yes")
