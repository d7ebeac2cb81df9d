"""Fields by every kind of source, on the sample's models; test/slow/wagtail/sites has models of other shapes."""

import os
import tempfile
from decimal import Decimal
from io import StringIO

from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from catalog.models import OfferingPage, Role
from wagtail_sailplan.export import build_catalog

from .test_export import Sample


def exported(**setting):
    with override_settings(SAILPLAN={**settings.SAILPLAN, **setting}):
        return build_catalog()


def first(**fields):
    # A callable does not say what it leads to.
    document = exported(fields=fields, taxonomies={"badges": "catalog.Badge", "modalities": "catalog.Modality"})
    return next(page for page in document["offerings"] if page["title"] == "Offering 01")


class Sources(Sample):
    def test_paths_callables_and_constants(self):
        page = OfferingPage.objects.get(title="Offering 01", locale__language_code="en")
        mapped = first(
            card_tagline="category.label",
            cp_offering_id=lambda page: page.pk,
            verified=True,
            trial_available={"value": False},
            modalities={"value": ["video", "audio", "video"]},
            credits_estimate_min=lambda page: Decimal("1E+1"),
            credits_estimate_max=lambda page: "",
            badges=lambda page: iter([]),
        )
        self.assertEqual(mapped["card_tagline"], page.category.label)
        self.assertEqual(mapped["cp_offering_id"], str(page.pk))
        self.assertIs(mapped["verified"], True)
        self.assertIs(mapped["trial_available"], False)
        self.assertEqual(mapped["modalities"], ["audio", "video"])
        self.assertEqual((mapped["credits_estimate_min"], mapped["credits_estimate_max"]), ("10", None))
        self.assertEqual(mapped["badges"], [])

    def test_what_is_not_mapped_counts_as_empty(self):
        mapped = first(roles=None, category=None, verified=None, card_tagline=None, card_image=None)
        empty = {"roles": [], "category": None, "verified": False, "card_tagline": None, "card_image": None}
        self.assertEqual({name: mapped[name] for name in empty}, empty)
        document = exported(fields={"roles": None, "primary_role": None})
        self.assertEqual(document["taxonomies"]["roles"], [])

    def test_closed_lists_lazy_labels_and_a_key_of_ones_own(self):
        document = exported(
            fields={"languages": {"value": ["DE", "EN"]}},
            taxonomies={"languages": {"terms": [("EN", "English"), "DE"], "key": str.lower}},
        )
        self.assertEqual(
            [(term["key"], term["label"]) for term in document["taxonomies"]["languages"]],
            [("de", "DE"), ("en", "English")],
        )
        self.assertEqual(document["offerings"][0]["languages"], ["de", "en"])
        self.assertNotIn("draft_terms", document["offerings"][0])

    def test_a_queryset_leaves_terms_out_of_pages_too(self):
        document = exported(
            taxonomies={"roles": {"model": "catalog.Role", "queryset": lambda: Role.objects.exclude(key="founder")}}
        )
        self.assertNotIn("founder", [term["key"] for term in document["taxonomies"]["roles"]])
        self.assertNotIn("founder", {key for page in document["offerings"] for key in page["roles"]})
        self.assertIn({"roles": ["founder"]}, [page.get("draft_terms") for page in document["offerings"]])

    def test_code_that_fails_costs_the_field_of_its_page(self):
        def tagline(page):
            return {1: "one"}[page.pk] if page.title == "Offering 01" else "text"

        document = exported(fields={"card_tagline": tagline})
        lacking = [page["title"] for page in document["offerings"] if "card_tagline" not in page]
        self.assertEqual(lacking, ["Offering 01"])
        self.assertRegex(document["notes"][0], r"^Page \d+ \(Offering 01\): card_tagline skipped: KeyError: \d+$")

    def test_code_of_a_taxonomy_that_fails_is_named(self):
        def fails(role):
            return {}[role.key]

        for members, text in [
            ({"key": fails}, r'\["roles"\], Role \d+: KeyError'),
            ({"queryset": lambda: 1 / 0}, r'\["roles"\]: ZeroDivisionError'),
            ({"queryset": lambda: []}, r"must give a QuerySet of catalog.Role"),
        ]:
            taxonomies = {"roles": {"model": "catalog.Role", **members}}
            with override_settings(SAILPLAN={**settings.SAILPLAN, "taxonomies": taxonomies}):
                with self.assertRaisesRegex(CommandError, text):
                    call_command("export_catalog", stdout=StringIO())
                if "key" in members:
                    answer = self.client.get("/api/v2/roles/", headers={"Accept": "application/json"})
                    self.assertEqual(answer.status_code, 500)
                    self.assertIn("KeyError", answer.json()["detail"])

    def test_a_list_is_no_text(self):
        document = exported(fields={"card_tagline": lambda page: ["a"] if page.title == "Offering 01" else "text"})
        self.assertEqual(len([page for page in document["offerings"] if "card_tagline" not in page]), 1)
        self.assertIn("is a list, but the contract reads a text", document["notes"][0])

    def test_a_relative_contract_starts_at_base_dir(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "own.json"), "w", encoding="utf-8") as handle:
                handle.write('{"format": "sailplan-contract", "attributes": [], "metadata": []}')
            with override_settings(BASE_DIR=folder):
                document = exported(contract="own.json")
        self.assertNotIn("roles", document["offerings"][0])

    def test_locales_in_any_case(self):
        self.assertEqual(build_catalog(locale="DE")["source"]["locale"], "de")
        with override_settings(LANGUAGE_CODE="fr"), self.assertRaisesMessage(CommandError, "available: de, en"):
            call_command("export_catalog", stdout=StringIO())

    def test_several_page_types_each_page_once(self):
        document = exported(page={"wagtailcore.Page": {"card_tagline": "title"}, "catalog.OfferingPage": {}})
        ids = [page["page_id"] for page in document["offerings"]]
        self.assertEqual(ids, sorted(set(ids)))
        by_title = {page["title"]: page for page in document["offerings"]}
        self.assertEqual(by_title["Home"]["card_tagline"], "Home")
        self.assertEqual(by_title["Offering 01"]["card_tagline"], "Tagline of offering 01")
        self.assertEqual(document["source"]["page_type"], "catalog.OfferingPage,wagtailcore.Page")


class Init(Sample):
    def test_a_site_by_the_specification_is_mapped_to_itself(self):
        names = {}
        exec(self._printed(), names)  # noqa: S102
        drafted = names["SAILPLAN"]
        self.assertEqual(drafted["page"], "catalog.OfferingPage")
        self.assertEqual({name for name, path in drafted["fields"].items() if name != path}, set())
        with override_settings(SAILPLAN=settings.SAILPLAN):
            plain = build_catalog()
        with override_settings(SAILPLAN=drafted):
            self.assertEqual(build_catalog()["content_sha256"], plain["content_sha256"])

    def _printed(self):
        out = StringIO()
        call_command("sailplan_init", "--print", stdout=out)
        return out.getvalue()

    def test_a_page_that_is_not_there(self):
        for label in ("catalog.Nothing", "nothing", "catalog.Role"):
            with self.assertRaisesMessage(CommandError, "available: catalog.OfferingPage"):
                call_command("sailplan_init", "--page", label)
