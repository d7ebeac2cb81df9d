"""Run in the sample site: `python manage.py test -t ../../../wagtail ../../../wagtail/tests`."""

import json
import os
import tempfile
import threading
from io import StringIO
from unittest import mock

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase, override_settings

from catalog.models import Badge, OfferingPage, Outcome, Role
from wagtail_sailplan import export
from wagtail_sailplan.conf import conf
from wagtail_sailplan.export import build_catalog, content_sha256


def other_connection(work):
    """Runs `work` as another client of the database would, and waits for it."""
    failed = []

    def run():
        try:
            work()
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


class Sample(TestCase):
    """The sample, loaded once a class, its images in a folder that goes again."""

    @classmethod
    def setUpClass(cls):
        media = cls.enterClassContext(tempfile.TemporaryDirectory())
        hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
        cls.enterClassContext(override_settings(MEDIA_ROOT=media, PASSWORD_HASHERS=hashers))
        super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        call_command("load_sample", few=True, stdout=StringIO())


def without_ids(terms):
    """Ids are those of the database at hand."""
    return [{name: value for name, value in term.items() if name != "id"} for term in terms]


class Export(Sample):
    def test_what_is_in_it(self):
        document = build_catalog()
        self.assertEqual(len(document["offerings"]), 19)
        self.assertEqual(set(document["taxonomies"]), set(conf().taxonomies))
        titles = " ".join(page["title"] for page in document["offerings"])
        for hidden in ("41", "46", "53", "55", "56", "57", "draft", "Angebot"):
            self.assertNotIn(hidden, titles)
        self.assertEqual(document["source"]["access"], "anonymous")
        self.assertEqual(len(build_catalog(include_private=True)["offerings"]), 22)
        self.assertEqual(len(build_catalog(site="second.example.com")["offerings"]), 1)
        self.assertEqual(len(build_catalog(locale="de")["offerings"]), 3)

    def test_the_digest_is_of_the_content_and_stable(self):
        first, second = build_catalog(), build_catalog()
        self.assertEqual(first["content_sha256"], second["content_sha256"])
        content = {name: first[name] for name in ("taxonomies", "offerings")}
        self.assertEqual(first["content_sha256"], content_sha256(json.loads(json.dumps(content))))

    def test_terms_carry_translations_and_no_draft(self):
        taxonomies = build_catalog()["taxonomies"]
        expected = {"key": "save_time", "label": "Save time", "translations": {"de": "Save time (DE)"}}
        self.assertIn(expected, without_ids(taxonomies["outcomes"]))
        ids = [term["id"] for term in taxonomies["outcomes"]]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertNotIn("secret_badge", [term["key"] for term in taxonomies["badges"]])
        self.assertIn("New", [term["label"] for term in taxonomies["badges"]])

    def test_a_key_of_another_locale_only_is_a_term_all_the_same(self):
        Outcome.objects.get(key="save_time", locale__language_code="en").delete()
        self.assertIn(
            {"key": "save_time", "label": "Save time (DE)", "translations": {"de": "Save time (DE)"}},
            without_ids(build_catalog()["taxonomies"]["outcomes"]),
        )

    def test_a_draft_term_and_a_broken_image_are_told_on_their_page(self):
        page = next(page for page in build_catalog()["offerings"] if page["title"] == "Offering 60")
        self.assertEqual(page["badges"], [])
        self.assertEqual(page["draft_terms"], {"badges": ["secret_badge"]})
        self.assertEqual(page["card_image"], {"error": "SourceImageIOError"})

    def test_few_queries(self):
        build_catalog()  # makes the renditions
        with self.assertNumQueries(LessThan(45)):
            build_catalog()

    def test_command_writes_whole_files(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "catalog.json")
            call_command("export_catalog", output=path, stderr=StringIO())
            with open(path, encoding="utf-8") as handle:
                self.assertEqual(json.load(handle)["format"], "catalog-export")
            self.assertEqual(os.listdir(folder), ["catalog.json"])
        out = StringIO()
        call_command("export_catalog", locale="de", stdout=out)
        self.assertEqual(json.loads(out.getvalue())["source"]["locale"], "de")

    def test_unknown_site_and_locale(self):
        for options in ({"locale": "xx"}, {"site": "nowhere.example.com"}):
            with self.assertRaises(CommandError):
                call_command("export_catalog", stdout=StringIO(), **options)

    def test_a_published_draft_becomes_a_term(self):
        badge = Badge.objects.get(key="secret_badge")
        badge.save_revision().publish()
        page = next(page for page in build_catalog()["offerings"] if page["title"] == "Offering 60")
        self.assertEqual(page["badges"], ["secret_badge"])
        self.assertNotIn("draft_terms", page)


class OneState(TransactionTestCase):
    """With real transactions, also for PostgreSQL."""

    # Wagtail's own rows (the root page, the first locale) come from migrations.
    serialized_rollback = True

    def test_one_transaction_is_one_state(self):
        """A role gets another key between the reading of the taxonomies and of the pages."""
        call_command("load_sample", few=True, stdout=StringIO())
        read_pages = export._read_pages
        role = Role.objects.filter(pk__in=OfferingPage.roles.through.objects.values("role_id")).first()

        def rename_and_read(*args):
            other_connection(lambda: Role.objects.filter(pk=role.pk).update(key="renamed_meanwhile"))
            return read_pages(*args)

        with mock.patch.object(export, "_read_pages", rename_and_read):
            document = build_catalog()
        known = {term["key"] for term in document["taxonomies"]["roles"]}
        used = {key for page in document["offerings"] for key in page["roles"]}
        self.assertEqual(Role.objects.get(pk=role.pk).key, "renamed_meanwhile")
        self.assertEqual(used - known, set())
        self.assertIn(role.key, known)

    def test_it_refuses_to_run_inside_another_transaction(self):
        with transaction.atomic(), self.assertRaises(RuntimeError):
            build_catalog()


class LessThan(int):
    """For assertNumQueries: any smaller number will do."""

    def __eq__(self, other):
        return other < int(self)

    __hash__ = int.__hash__


@override_settings(SAILPLAN={**settings.SAILPLAN, "export_tokens": ["one", "two"]})
class View(Sample):
    def get(self, authorization=None, **headers):
        given = {"Authorization": authorization} if authorization else {}
        return self.client.get("/api/catalog-export/", headers={**given, **headers})

    def test_only_with_a_token(self):
        for authorization in (None, "Token wrong", "Basic one", "Token ", "one"):
            response = self.get(authorization)
            self.assertEqual(response.status_code, 401, authorization)
            self.assertEqual(response["WWW-Authenticate"], "Token")
        self.assertEqual(self.get("Token two").status_code, 200)
        self.assertEqual(self.client.post("/api/catalog-export/").status_code, 405)

    def test_etag(self):
        response = self.get("Bearer one")
        again = self.get("Bearer one", **{"If-None-Match": response["ETag"]})
        self.assertEqual((again.status_code, again.content), (304, b""))
        Role.objects.filter(key="founder").update(label="Founders")
        changed = self.get("Bearer one", **{"If-None-Match": response["ETag"]})
        self.assertEqual(changed.status_code, 200)
        self.assertNotEqual(changed["ETag"], response["ETag"])

    def test_unknown_locale(self):
        response = self.client.get("/api/catalog-export/?locale=xx", headers={"Authorization": "Token one"})
        self.assertEqual((response.status_code, response.json()), (404, {"message": "no locale 'xx'; available: de, en"}))


class Closed(TestCase):
    def test_without_tokens_nobody_may_read(self):
        response = self.client.get("/api/catalog-export/", headers={"Authorization": "Token "})
        self.assertEqual(response.status_code, 401)
