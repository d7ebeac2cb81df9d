import json
import os
import tempfile

from django.core.management.base import BaseCommand, CommandError

from shopsync.export import SiteUnknown, build_catalog


def add_source_arguments(parser):
    parser.add_argument("--locale", help="language code; default: the site's default locale")
    parser.add_argument("--site", help='hostname; default: the default site; "*": all sites')
    parser.add_argument("--include-private", action="store_true", help="also pages with view restrictions")


def document_of(options):
    try:
        return build_catalog(options["locale"], options["include_private"], options["site"])
    except SiteUnknown as error:
        raise CommandError(str(error)) from None


def write_document(document, path):
    """Whole or not at all: a reader never sees half a file."""
    folder = os.path.dirname(os.path.abspath(path))
    handle = tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8")
    try:
        with handle:
            handle.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(handle.name, path)
    except BaseException:
        os.unlink(handle.name)
        raise


class Command(BaseCommand):
    help = "Write all taxonomies and published offerings as one consistent JSON document."

    def add_arguments(self, parser):
        parser.add_argument("--output", "-o", help="file to write (atomically); default: stdout")
        add_source_arguments(parser)

    def handle(self, *args, **options):
        document = document_of(options)
        if not options["output"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
            return
        write_document(document, options["output"])
        self.stderr.write(f"{len(document['offerings'])} offerings, sha256 {document['content_sha256']}")
