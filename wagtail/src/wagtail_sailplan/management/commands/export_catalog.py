import json
import os
import sys
import tempfile

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from wagtail_sailplan.checks import MAPPING
from wagtail_sailplan.export import SiteUnknown, build_catalog


def add_source_arguments(parser):
    parser.add_argument("--locale", help="language code (default: the site's default locale)")
    parser.add_argument("--site", help='host or host:port (default: the default site); "*": all sites')
    parser.add_argument("--include-private", action="store_true", help="also pages with view restrictions")


def document_of(command, options):
    try:
        document = build_catalog(
            options["locale"], options["include_private"], options["site"], progress=_progress(command, options)
        )
    except (SiteUnknown, ImproperlyConfigured) as error:
        raise CommandError(str(error)) from None
    except DatabaseError as error:
        raise CommandError(f"The database refused the export: {error}") from error
    for note in document.get("notes", []):
        command.stderr.write(note, style_func=command.style.WARNING)
    return document


def _progress(command, options):
    """A line that counts, on a terminal; each image that must be made takes its time."""
    if options["verbosity"] < 1 or not command.stderr.isatty():
        return None

    def tell(done, total):
        ending = "\n" if done == total else ""
        command.stderr.write(f"\r{done}/{total} offerings", style_func=str, ending=ending)

    return tell


def tell_exported(command, document, options):
    if options["verbosity"] > 0:
        count = len(document["offerings"])
        text = f"Exported {count} offering{'' if count == 1 else 's'}, sha256 {document['content_sha256']}"
        command.stderr.write(text, style_func=str)


def write_document(document, path):
    """Whole or not at all: a reader never sees half a file."""
    folder = os.path.dirname(os.path.abspath(path))
    try:
        handle = tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error
    try:
        with handle:
            handle.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(handle.name, path)
    except BaseException as error:
        os.unlink(handle.name)
        if isinstance(error, OSError):
            raise CommandError(f"{path} cannot be written: {error.strerror}") from error
        raise


def deliver(command, document, path, options):
    """To a file, or to stdout where `path` is None or "-"."""
    if path in (None, "-"):
        command.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
        return
    write_document(document, path)
    tell_exported(command, document, options)


def with_usage_exit(parser):
    """argparse ends with 2 after a wrong flag, which is sailplan's word for "something differs": 1 instead."""
    error = parser.error

    def usage(message):
        try:
            error(message)
        except SystemExit:
            sys.exit(1)

    parser.error = usage
    return parser


class ExitCommand(BaseCommand):
    """A command that checks the mapping first, and whose usage errors end with 1."""

    requires_system_checks = [MAPPING]

    def create_parser(self, *args, **kwargs):
        return with_usage_exit(super().create_parser(*args, **kwargs))


class Command(ExitCommand):
    help = "Write all taxonomies and published offerings as one consistent JSON document."

    def add_arguments(self, parser):
        parser.add_argument("--output", "-o", help="file to write, whole or not at all (default: stdout)")
        add_source_arguments(parser)

    def handle(self, *args, **options):
        deliver(self, document_of(self, options), options["output"], options)
