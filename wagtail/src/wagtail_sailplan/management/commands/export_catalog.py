import argparse
import json
import os
import signal
import sys
import tempfile
import threading

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from wagtail_sailplan.checks import MAPPING
from wagtail_sailplan.export import SiteUnknown, build_catalog
from wagtail_sailplan.taxonomies import TaxonomyFailed


def word(value):
    """An argument that is not empty: "$SITE" of a variable that is not set is a mistake, not the default."""
    if not value.strip():
        raise argparse.ArgumentTypeError("it is empty")
    return value


def add_source_arguments(parser):
    parser.add_argument("--locale", type=word, help="language code (default: the site's default locale)")
    parser.add_argument("--site", type=word, help='host or host:port (default: the default site); "*": all sites')
    parser.add_argument("--include-private", action="store_true", help="also pages with view restrictions")


def document_of(command, options):
    try:
        document = build_catalog(
            options["locale"], options["include_private"], options["site"], progress=_progress(command, options)
        )
    except (SiteUnknown, ImproperlyConfigured, TaxonomyFailed) as error:
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


def check_writable(path):
    """Before the export is made. A file is replaced by a new one, so its folder is what must be writable."""
    folder = os.path.dirname(os.path.abspath(path))
    if os.path.isdir(path) or path.endswith(("/", os.sep)):
        raise CommandError(f"{path} cannot be written: it is a folder.")
    if not os.path.isdir(folder):
        raise CommandError(f"{path} cannot be written: there is no folder {folder}.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CommandError(f"{path} cannot be written: this user may not write to {folder}.")


def write_document(document, path):
    """Whole or not at all: a reader never sees half a file."""
    check_writable(path)
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


def deliver(command, path, options):
    """Exports to a file, or to stdout where `path` is None or "-"."""
    if path not in (None, "-"):
        check_writable(path)
    document = document_of(command, options)
    if path in (None, "-"):
        _print(command, json.dumps(document, ensure_ascii=False, indent=2))
        return
    write_document(document, path)
    tell_exported(command, document, options)


PIECE = 65536


def _print(command, text):
    try:
        # In pieces: of one large write Python reports no error where the reader takes a part of it and ends.
        for start in range(0, len(text), PIECE):
            command.stdout.write(text[start : start + PIECE], ending="")
        command.stdout.write("", ending="\n")
        command.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout once more at its end; without this it would complain there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise CommandError("The reader of the export stopped before its end.") from None
    except AttributeError:
        raise CommandError("The export cannot be printed: stdout is closed.") from None
    except (OSError, UnicodeEncodeError) as error:
        raise CommandError(f"The export cannot be printed: {getattr(error, 'strerror', None) or error}") from None


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

    def execute(self, *args, **options):
        """Both signals end it as shells expect, without a traceback, and after every temporary file is removed."""
        is_main = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGTERM, _terminate) if is_main else None
        try:
            return super().execute(*args, **options)
        except KeyboardInterrupt:
            self.stderr.write("Interrupted: nothing was written.", style_func=str)
            sys.exit(128 + signal.SIGINT)
        finally:
            if is_main:
                signal.signal(signal.SIGTERM, before)


def _terminate(number, _frame):
    sys.exit(128 + number)


class Command(ExitCommand):
    help = "Write all taxonomies and published offerings as one consistent JSON document."

    def add_arguments(self, parser):
        parser.add_argument("--output", "-o", type=word, help="output file, written completely or not at all (default: stdout)")
        add_source_arguments(parser)

    def handle(self, *args, **options):
        deliver(self, options["output"], options)
