"""Images, media, databases and sites as they are in production."""

import datetime
import errno
import io
import os
import tempfile
from io import StringIO
from unittest import mock

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.images.models import Rendition
from wagtail.models import PageViewRestriction, Site, Task, Workflow, WorkflowTask

from catalog.models import OfferingPage
from wagtail_sailplan.export import build_catalog

from .test_export import Sample

Image = get_image_model()


def picture(kind):
    buffer = io.BytesIO()
    Picture.effect_noise((300, 300), 80).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


class Awkward(Sample):
    def setUp(self):
        self.page = OfferingPage.objects.get(title="Offering 01", locale__language_code="en")

    def stored(self, name, data):
        """An image whose row is right and whose file is `data`."""
        image = Image(title=name)
        image.file.save("x.png", ContentFile(picture("PNG")), save=False)
        image.width = image.height = 300
        image.save()
        folder = os.path.dirname(image.file.path)
        with open(os.path.join(folder, name), "wb") as handle:
            handle.write(data)
        Image.objects.filter(pk=image.pk).update(file=f"original_images/{name}")
        OfferingPage.objects.filter(pk=self.page.pk).update(card_image=image)
        return image

    def card(self, document=None):
        document = document or build_catalog()
        self.assertEqual(len(document["offerings"]), 19)
        return next(page for page in document["offerings"] if page["page_id"] == self.page.pk)["card_image"]

    def test_one_image_costs_its_own_page(self):
        jpeg = picture("JPEG")
        for name, data in [
            ("cut.jpg", jpeg[: len(jpeg) // 3]),
            ("empty.jpg", b""),
            ("page.jpg", b"<html>not found</html>"),
            ("broken.svg", b"<svg"),
            ("bad.webp", b"RIFF0000WEBPVP8 "),
        ]:
            with self.subTest(name=name):
                self.stored(name, data)
                document = build_catalog()
                self.assertEqual(list(self.card(document)), ["error"])
                self.assertNotIn("notes", document)

    def test_an_image_larger_than_pillow_takes(self):
        self.stored("large.png", picture("PNG"))
        with mock.patch.object(Picture, "MAX_IMAGE_PIXELS", 1000):
            self.assertEqual(self.card(), {"error": "DecompressionBombError"})

    def test_svg(self):
        self.stored("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9"/>')
        first = build_catalog()
        self.assertRegex(self.card(first)["url"], r"\.svg$")
        self.assertIsInstance(self.card(first)["width"], int)
        self.assertEqual(build_catalog()["content_sha256"], first["content_sha256"])
        with override_settings(SAILPLAN={**settings.SAILPLAN, "rendition": "fill-60x40|format-webp"}):
            self.assertEqual(self.card(), {"error": "InvalidFilterSpecError"})

    def test_no_media_volume(self):
        with tempfile.TemporaryDirectory() as media:
            for root in (os.path.join(media, "nothing"), media):
                with override_settings(MEDIA_ROOT=root):
                    document = build_catalog()
                    self.assertEqual(self.card(document), {"error": "media_unreachable"})
                    self.assertEqual(len(document["notes"]), 1)
                    self.assertIn("cannot be read", document["notes"][0])
                    self.assertIn("18 images", document["notes"][0])

    def test_no_media_volume_where_renditions_exist(self):
        url = self.card()["url"]
        with override_settings(MEDIA_ROOT="/nowhere"):
            self.assertEqual(self.card()["url"], url)

    def test_media_that_cannot_be_written(self):
        refused = OSError(errno.EROFS, "Read-only file system", "/media/images")
        with mock.patch("django.core.files.storage.FileSystemStorage._save", side_effect=refused):
            document = build_catalog()
        self.assertEqual(self.card(document), {"error": "media_not_writable"})
        self.assertEqual([note[:37] for note in document["notes"]], ["The media storage cannot be written ("])

    def test_a_database_that_only_reads(self):
        url = self.card()["url"]
        Rendition.objects.filter(image=self.page.card_image).delete()
        if connection.vendor != "sqlite":
            self.skipTest("SQLite's own switch")
        from wagtail.images.models import AbstractRendition

        AbstractRendition.cache_backend.clear()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only=ON")
        try:
            document = build_catalog()
        finally:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only=OFF")
        self.assertEqual(self.card(document), {"error": "database_not_writable"})
        same = set(OfferingPage.objects.filter(card_image=self.page.card_image).values_list("pk", flat=True))
        for page in document["offerings"]:
            if page["page_id"] not in same and page["card_image"] and page["title"] != "Offering 60":
                self.assertIn("url", page["card_image"])
        self.assertIn("readonly database", document["notes"][0])
        self.assertEqual(self.card()["url"].split(".")[-1], url.split(".")[-1])

    def test_notes_are_told_once_on_stderr(self):
        told = StringIO()
        with override_settings(MEDIA_ROOT="/nowhere"), tempfile.TemporaryDirectory() as folder:
            call_command("export_catalog", output=os.path.join(folder, "c.json"), stderr=told)
        self.assertEqual(told.getvalue().count("media storage"), 1)


class Sites(Sample):
    def test_two_sites_of_one_host(self):
        site = Site.objects.get(is_default_site=True)
        Site.objects.create(hostname=site.hostname, port=8443, root_page=site.root_page)
        with self.assertRaises(CommandError) as raised:
            call_command("export_catalog", site=site.hostname, stdout=StringIO())
        self.assertEqual(
            str(raised.exception),
            f"2 sites have the host '{site.hostname}'; available: {site.hostname}:{site.port}, {site.hostname}:8443",
        )
        for name in (f"{site.hostname}:{site.port}", f"{site.hostname}:8443"):
            self.assertEqual(len(build_catalog(site=name)["offerings"]), 19)

    def test_an_unknown_one_is_answered_with_those_that_are(self):
        with self.assertRaisesMessage(CommandError, "second.example.com:80"):
            call_command("export_catalog", site="nowhere.example.com", stdout=StringIO())
        with self.assertRaisesMessage(CommandError, "available: de, en"):
            call_command("export_catalog", locale="xx", stdout=StringIO())

    def test_no_default_site(self):
        Site.objects.update(is_default_site=False)
        with self.assertRaisesMessage(CommandError, "no default site; available: "):
            call_command("export_catalog", stdout=StringIO())


class Visibility(Sample):
    def titles(self, **options):
        return [page["title"] for page in build_catalog(**options)["offerings"]]

    def page(self, number):
        return OfferingPage.objects.get(title=f"Offering {number:02d}", locale__language_code="en")

    def moderated(self, page):
        """Its latest revision waits in a workflow."""
        workflow = Workflow.objects.create(name="Review")
        WorkflowTask.objects.create(workflow=workflow, task=Task.objects.create(name="Look"), sort_order=0)
        page.save_revision()
        workflow.start(page, None)
        return page

    def test_in_moderation(self):
        new = self.moderated(self.page(41))
        self.assertNotIn(new.title, self.titles())
        live = self.page(1)
        live.title = "Waiting"
        self.moderated(live)
        self.assertIn("Offering 01", self.titles())
        self.assertNotIn("Waiting", self.titles())

    def test_expired_and_scheduled(self):
        page = self.page(1)
        page.expire_at = timezone.now() - datetime.timedelta(days=1)
        page.save_revision().publish()
        call_command("publish_scheduled")
        self.assertNotIn(page.title, self.titles())
        scheduled = self.page(57)
        self.assertFalse(scheduled.live)
        self.assertNotIn(scheduled.title, self.titles())

    def test_unpublished_and_changed(self):
        page = self.page(2)
        page.unpublish()
        self.assertNotIn("Offering 02", self.titles())
        self.assertIn("Offering 49", self.titles())  # live, with a draft title

    def test_private_by_any_restriction_and_below(self):
        for kind in (PageViewRestriction.LOGIN, PageViewRestriction.GROUPS, PageViewRestriction.PASSWORD):
            restriction = PageViewRestriction.objects.create(page=self.page(3), restriction_type=kind, password="x")
            self.assertNotIn("Offering 03", self.titles())
            self.assertIn("Offering 03", self.titles(include_private=True))
            restriction.delete()
        self.assertNotIn("Offering 53", self.titles())

    def test_aliases_are_their_sources(self):
        aliases = set(OfferingPage.objects.filter(alias_of__isnull=False).values_list("pk", flat=True))
        ids = {page["page_id"] for page in build_catalog(site="*")["offerings"]}
        self.assertTrue(aliases)
        self.assertEqual(ids & aliases, set())
