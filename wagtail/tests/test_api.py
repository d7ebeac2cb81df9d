from wagtail_sailplan.conf import conf
from wagtail_sailplan.contract import GTM_V1

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
