"""What `manage.py check` finds, before an export does."""

import os
import tempfile
from contextlib import contextmanager
from importlib import import_module, reload
from unittest import mock

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import SimpleTestCase, override_settings
from django.urls import clear_url_caches

from wagtail_sailplan.checks import check_mapping, check_surroundings
from wagtail_sailplan.conf import conf

@contextmanager
def fresh_urls():
    """The sample's URLs, imported anew: the router is made when they are."""
    module = import_module(settings.ROOT_URLCONF)
    clear_url_caches()
    reload(module)
    try:
        yield
    finally:
        with override_settings(SAILPLAN=SAMPLE):
            clear_url_caches()
            reload(module)


PAGE = {"page": "catalog.OfferingPage"}
SAMPLE = settings.SAILPLAN


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

    def test_members_of_the_wrong_type_are_told_and_never_raise(self):
        for value in (5, 1.5, {"catalog.OfferingPage": "x"}, ["catalog.OfferingPage", 5]):
            self.assertTrue(found({"page": value}), value)
        for member in ("fields", "taxonomies", "export_tokens", "contract"):
            for value in (5, "x", [5], {5: "x"}):
                codes = [code for code, _, _ in found({**PAGE, member: value})]
                self.assertIn(codes[0][0], "EW", (member, value))
        for value in (5, None, ["key"], ""):
            self.assert_finds(self.taxonomy({"model": "catalog.Role", "key": value}), "E005", "must be a name")
        self.assert_finds(self.field(":"), "E008", "cannot be imported")
        self.assert_finds({**PAGE, "contract": 5}, "E009", "is not a path")

    def test_every_error_has_a_hint(self):
        wrong = [5, {"page": 5}, {**PAGE, "fields": [1]}, self.field({}), self.taxonomy({}), self.field(True)]
        for setting in wrong:
            self.assertEqual([hint for _, _, hint in found(setting) if not hint], [], setting)

    def test_the_file_of_init_that_is_not_imported(self):
        spec = mock.patch("wagtail_sailplan.conf.find_spec", return_value=object())
        with spec, mock.patch.dict(os.environ, {"DJANGO_SETTINGS_MODULE": "site.settings.dev"}):
            self.assert_finds(None, "E001", "missing", "from .sailplan_settings import SAILPLAN")

    def test_short_tokens(self):
        self.assert_finds({**PAGE, "export_tokens": ["short"]}, "W008", "fewer than 8 characters")
        self.assertEqual(found({**PAGE, "export_tokens": ("long-enough",)}), [])

    def test_page(self):
        self.assert_finds({"page": "catalog.OferingPage"}, "E002", "'catalog.OferingPage'", "catalog.OfferingPage")
        self.assert_finds({"page": "nowhere"}, "E002", "'nowhere'")
        self.assert_finds({"page": "catalog.Role"}, "E002", "is not a page model")
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

    def test_a_closed_list_that_is_none(self):
        for terms in ([("a",)], [("a", "b", "c")], [()], [("group", ["a", "b"])]):
            self.assert_finds(self.taxonomy({"terms": terms}, "modalities"), "E003", "these are no terms", "pairs")
        for choices in (5, "catalog.OfferingPage", [("a", "b")]):
            self.assert_finds(self.taxonomy({"choices": choices}), "E003", "must be", "terms")
        for terms in ([], {}):
            self.assertEqual(found(self.taxonomy({"terms": terms}, "modalities")), [])

    def test_a_taxonomy_that_no_field_reads(self):
        self.assert_finds(self.taxonomy("catalog.Role", "rolls"), "W005", "no field reads 'rolls'", "'roles'")

    def test_fields_that_hold_something_else(self):
        self.assert_finds(self.field("card_tagline", "verified"), "E006", "CharField), but the contract reads a boolean")
        self.assert_finds(self.field("verified", "card_tagline"), "E006", "BooleanField")
        self.assert_finds(self.field("first_published_at", "credits_estimate_min"), "E006", "DateTimeField")
        self.assert_finds(self.field("category", "card_image"), "E006", "reads an image")
        self.assert_finds(self.field("roles.label", "card_tagline"), "E006", "'roles' leads to several", "callable")
        self.assert_finds(self.field("roles", "primary_role"), "W007", "'roles' leads to several", "skipped")

    def test_constants_that_are_something_else(self):
        for name, value in [
            ("roles", True),
            ("roles", {"value": "founder"}),
            ("category", {"value": ["a"]}),
            ("verified", {"value": "yes"}),
            ("card_tagline", {"value": object()}),
            ("card_image", True),
        ]:
            self.assert_finds(self.field(value, name), "E006", "is always")

    def test_paths_into_what_is_no_value(self):
        for path in ("objects", "_meta", "category..label", ".category", "category."):
            self.assert_finds(self.field(path, "card_tagline"), "E004", "")

    def test_one_fault_of_two_page_types_is_told_once(self):
        two = {"page": ["catalog.OfferingPage", "catalog.HomePage"], "fields": {"roles": "a:b"}}
        self.assertEqual([code for code, _, _ in found(two) if code == "E008"], ["E008"])
        lacking = {"page": ["catalog.OfferingPage", "catalog.HomePage"], "fields": {"roles": "roles"}}
        self.assert_finds(lacking, "E004", "catalog.HomePage has no 'roles'", '"page": {"catalog.HomePage"')

    def test_what_a_page_type_lacks_is_one_warning(self):
        self.assertEqual([code for code, _, _ in found({"page": "catalog.HomePage"})], ["W004"])

    def test_relations_that_lead_elsewhere(self):
        self.assert_finds(self.field("outcomes", **self.taxonomy("catalog.Role")), "E006", "catalog.Outcome")
        self.assert_finds(self.field("category", "card_tagline"), "E006", "catalog.Category", "category.label")
        self.assert_finds(self.field("card_image", "card_tagline"), "E006", "an image")

    def test_renditions(self):
        photo = {"contract": self.contract()}
        self.assert_finds({**self.field("card_image", "photo"), **photo}, "E007", "no rendition spec", "rendition")
        self.assertEqual(found({**self.field("card_image", "photo"), **photo, "rendition": "width-300"}), [])
        for spec in ("wide-3", "width", "width-x", "width--5", "fill-0x0", "preserve-svg", 5):
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

    @override_settings(SAILPLAN_COMMAND="sh", SAILPLAN={**PAGE, "export_tokens": ["t"]})
    def test_the_base_url_that_wagtail_start_writes(self):
        with override_settings(WAGTAILADMIN_BASE_URL="http://example.com"):
            self.assertEqual(self.ids(), {"W001"})

    @override_settings(SAILPLAN={**PAGE, "export_tokens": ["t"]})
    def test_commands_that_are_none(self):
        for command in ("node '/opt/x", 5):
            with override_settings(SAILPLAN_COMMAND=command):
                self.assertEqual(self.ids(), {"W003"})

    @override_settings(SAILPLAN={"page": "catalog.OfferingPage", "fields": {"roles": "rolls"}}, SAILPLAN_COMMAND="sh")
    def test_urls_with_a_router_do_not_hide_what_is_wrong(self):
        with fresh_urls():
            self.assertEqual([each.id for each in check_mapping()], ["wagtail_sailplan.E004"])
            check_surroundings()
            for path in ("/api/v2/pages/", "/api/v2/roles/", "/api/catalog-export/"):
                answer = self.client.get(path)
                self.assertEqual(answer.status_code, 500, path)
                self.assertEqual(answer.json(), {"message": "SAILPLAN has errors: run manage.py check"})

    @override_settings(SAILPLAN={**PAGE, "export_tokens": ["t"]}, SAILPLAN_COMMAND="/nowhere/sailplan")
    def test_sailplan(self):
        self.assertEqual(self.ids(), {"W003"})
