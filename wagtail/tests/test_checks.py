"""What `manage.py check` finds, before an export does."""

import os
import tempfile

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import SimpleTestCase, override_settings

from wagtail_sailplan.checks import check_mapping, check_surroundings
from wagtail_sailplan.conf import conf

PAGE = {"page": "catalog.OfferingPage"}


def found(setting):
    with override_settings(SAILPLAN=setting):
        return [(message.id.split(".")[1], message.msg, message.hint or "") for message in check_mapping()]


class Mapping(SimpleTestCase):
    def assert_finds(self, setting, code, text, hint=""):
        messages = found(setting)
        self.assertTrue(
            any(code == c and text in t and hint in h for c, t, h in messages), f"{code} {text!r} {hint!r}: {messages}"
        )

    def field(self, value, name="roles", **more):
        return {**PAGE, "fields": {name: value}, **more}

    def taxonomy(self, value, name="roles"):
        return {**PAGE, "taxonomies": {name: value}}

    def test_the_sample_is_right(self):
        self.assertEqual(found(settings.SAILPLAN), [])
        self.assertEqual(found(PAGE), [])

    def test_no_setting(self):
        self.assert_finds(None, "E001", "SAILPLAN is missing", "sailplan_init")

    def test_unknown_members(self):
        self.assert_finds({**PAGE, "taxonomy": {}}, "E001", "'taxonomy'", "'taxonomies'")
        self.assert_finds(self.taxonomy({"model": "catalog.Role", "labels": "x"}), "E001", "'labels'", "'label'")
        self.assert_finds(self.field({"path": "roles", "renditions": "x"}), "E001", "'renditions'", "'rendition'")
        self.assert_finds({**PAGE, "fields": ["roles"]}, "E001", "must be a dict")
        self.assert_finds({**PAGE, "export_tokens": "secret"}, "E001", "list of strings")

    def test_page(self):
        self.assert_finds({"page": "catalog.OferingPage"}, "E002", "'catalog.OferingPage'", "catalog.OfferingPage")
        self.assert_finds({"page": "nowhere"}, "E002", "'nowhere'")
        self.assert_finds({"page": "catalog.Role"}, "E002", "is no page model")
        self.assert_finds({"page": ""}, "E002", "is missing")

    def test_model_of_a_taxonomy(self):
        self.assert_finds(self.taxonomy("catalog.Rule"), "E003", "'catalog.Rule'", "catalog.Role")
        self.assert_finds(self.taxonomy({}), "E003", "exactly one")
        self.assert_finds(self.taxonomy({"choices": "catalog.OfferingPage.card_tagline"}), "E003", "no choices")
        self.assert_finds(self.taxonomy({"choices": "catalog.OfferingPage.nothing"}), "E003", "'nothing'")
        self.assert_finds(self.field({"path": "roles", "taxonomy": "people"}), "E003", "'people'")

    def test_paths(self):
        self.assert_finds(self.field("rolls"), "E004", "'rolls'", "'roles'")
        self.assert_finds(self.field("category.paren"), "E004", "catalog.Category has no 'paren'")
        self.assert_finds(self.field("card_tagline.key", "card_tagline"), "E004", "'card_tagline.key'")
        self.assert_finds(self.field({"path": "roles", "value": 1}), "E004", "exactly one")
        self.assert_finds(self.field(7), "E004", "must be a path")

    def test_names_of_a_term(self):
        self.assert_finds(self.taxonomy({"model": "catalog.Role", "key": "code"}), "E005", "'code'")
        self.assert_finds(self.taxonomy({"model": "auth.Group"}), "E005", "auth.Group has no 'key'", "It has 'name'")
        self.assert_finds(self.taxonomy({"model": "catalog.Role", "queryset": "hidden"}), "E005", "'hidden'")
        self.assert_finds(self.taxonomy({"model": "catalog.Role", "key": "key|upper"}), "E005", "'key|upper'")
        self.assertEqual(found(self.taxonomy({"model": "catalog.Role", "key": "label|snake_case"})), [])

    def test_relations_that_lead_elsewhere(self):
        self.assert_finds(self.field("outcomes", **self.taxonomy("catalog.Role")), "E006", "catalog.Outcome")
        self.assert_finds(self.field("category", "card_tagline"), "E006", "catalog.Category", "category.label")
        self.assert_finds(self.field("card_image", "card_tagline"), "E006", "an image")

    def test_renditions(self):
        photo = {"contract": self.contract()}
        self.assert_finds({**self.field("card_image", "photo"), **photo}, "E007", "no rendition spec", "rendition")
        self.assertEqual(found({**self.field("card_image", "photo"), **photo, "rendition": "width-300"}), [])
        for spec in ("wide-3", "width", "width-x", "preserve-svg"):
            self.assert_finds({**PAGE, "rendition": spec}, "E007", repr(spec))
        with override_settings(WAGTAILIMAGES_EXTENSIONS=["png", "svg"]):
            self.assert_finds({**PAGE, "rendition": "width-300|format-webp"}, "W006", "SVG", "|preserve-svg")
            self.assertEqual(found(PAGE), [])

    def contract(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        path = os.path.join(folder, "contract.json")
        with open(path, "w", encoding="utf-8") as handle:
            handle.write(
                '{"format": "sailplan-contract", "attributes": [], '
                '"metadata": [{"key": "photo_url", "type": "image", "source": "photo"}]}'
            )
        return path

    def test_callables(self):
        self.assert_finds(self.field("catalog.models:nothing"), "E008", "cannot be imported")
        self.assert_finds(self.field("nowhere:nothing"), "E008", "cannot be imported")
        self.assert_finds(self.field("catalog.fields:CARD"), "E008", "not callable")
        self.assertEqual(found(self.field(lambda page: [])), [])

    def test_contract(self):
        self.assert_finds({**PAGE, "contract": "nowhere.json"}, "E009", "nowhere.json")

    def test_a_field_that_the_contract_reads_or_does_not(self):
        self.assert_finds({"page": "catalog.HomePage", "taxonomies": {}}, "W004", "'languages'", "None")
        self.assert_finds(self.field("roles", "rolls"), "W005", "'rolls'", "'roles'")

    def test_everything_wrong_is_told_at_once_and_stops_the_export(self):
        wrong = {"page": "catalog.OfferingPage", "fields": {"roles": "rolls", "category": "kategory"}}
        self.assertEqual([code for code, _, _ in found(wrong)], ["E004", "E004"])
        with override_settings(SAILPLAN=wrong), self.assertRaisesMessage(ImproperlyConfigured, "'kategory'"):
            conf()


class Surroundings(SimpleTestCase):
    def ids(self):
        return {message.id.split(".")[1] for message in check_surroundings()}

    @override_settings(SAILPLAN_COMMAND="sh")
    def test_base_url_and_tokens(self):
        with override_settings(SAILPLAN={**PAGE, "export_tokens": ["t"]}):
            self.assertEqual(self.ids(), set())
            with override_settings(WAGTAILADMIN_BASE_URL=None):
                self.assertEqual(self.ids(), {"W001"})
        with override_settings(SAILPLAN=PAGE):
            self.assertEqual(self.ids(), {"W002"})
            with override_settings(ROOT_URLCONF="wagtail.admin.urls"):
                self.assertEqual(self.ids(), set())

    @override_settings(SAILPLAN={**PAGE, "export_tokens": ["t"]}, SAILPLAN_COMMAND="/nowhere/sailplan")
    def test_sailplan(self):
        self.assertEqual(self.ids(), {"W003"})
