import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading

from django.conf import settings
from django.core.management.base import CommandError

from wagtail_sailplan.command import NoCommand, find_command
from wagtail_sailplan.conf import contract_path

from .export_catalog import (
    ExitCommand,
    add_source_arguments,
    deliver,
    document_of,
    tell_exported,
    word,
    write_document,
)

SWITCHES = ("strict", "create_missing", "sync_attributes", "sync_products")
VALUES = ("limit", "only_slugs", "report_path")
SOURCE = ("locale", "site", "include_private")


def positive(value):
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{value!r} is not a whole number of at least 1")
    return number


class Command(ExitCommand):
    help = (
        "Make Saleor's filter attributes and product metadata equal to this site: exports the catalogue in one "
        "transaction and gives it to sailplan, with the same flags. SALEOR_API_URL and SALEOR_TOKEN are read by "
        "sailplan from the environment. Exit codes: 0 done, or nothing differs; 1 error or wrong usage; 2 with "
        "--strict, something differs; 3 refused, e.g. not approved; 4 the shop changed since the plan; 5 incomplete."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run",
            action=argparse.BooleanOptionalAction,
            default=None,
            help="plan and report only, write nothing (default); --no-dry-run: apply the approved plan",
        )
        parser.add_argument("--strict", action="store_true", help="fail if anything is missing, create nothing")
        parser.add_argument("--create-missing", action="store_true", help="create attribute values that Saleor lacks")
        parser.add_argument("--sync-attributes", action="store_true", help="assign attributes to product types")
        parser.add_argument("--sync-products", action="store_true", help="compare attribute values and metadata of products")
        parser.add_argument("--limit", type=positive, help="only the first N offerings")
        parser.add_argument("--only-slugs", help="only these products: slug1,slug2 in Saleor")
        parser.add_argument("--report-path", help="file for the JSON report")
        parser.add_argument("--plan", type=word, metavar="ID", help="apply this approved plan; nothing is exported")
        parser.add_argument(
            "--export-only",
            nargs="?",
            const="-",
            type=word,
            metavar="FILE",
            help="write the export to FILE (default: stdout) and stop; sailplan is not needed",
        )
        add_source_arguments(parser)
        parser.add_argument("more", nargs="*", help="after --: additional flags for sailplan")

    def handle(self, *args, **options):
        self._check(options)
        if options["export_only"] is not None:
            deliver(self, options["export_only"], options)
            return
        try:
            command = find_command()
        except NoCommand as error:
            raise CommandError(f"{error}\n  {error.hint}") from None
        if options["plan"] is not None:
            sys.exit(run([*command, f"--plan={options['plan']}", *_flags(options)]))
        if options["verbosity"] > 0:
            self.stderr.write("Exporting…", style_func=str)
        document = document_of(self, options)
        # mkdtemp: only this user may look into it; the export can hold pages that are not public.
        with tempfile.TemporaryDirectory(prefix="sailplan-") as folder:
            path = os.path.join(folder, "catalog.json")
            write_document(document, path)
            tell_exported(self, document, options)
            code = run([*command, "--desired", path, *_flags(options)])
        sys.exit(code)

    def _check(self, options):
        if options["plan"] is not None and options["export_only"] is not None:
            raise CommandError("--plan and --export-only cannot be combined: a plan needs no export.")
        given = [name for name in SOURCE if options[name]]
        if options["plan"] is not None and given:
            flag = f"--{given[0].replace('_', '-')}"
            raise CommandError(f"--plan and {flag} cannot be combined: a plan already contains the data of both sides.")


def run(words):
    """sailplan's exit code. Signals are its own to handle: it stops between two writes and says what is done."""
    held = {each: signal.signal(each, signal.SIG_IGN) for each in (signal.SIGINT,)} if _is_main() else {}
    try:
        # Restored in the child: an ignored signal would stay ignored there.
        child = subprocess.Popen(words, preexec_fn=_default_signals if os.name == "posix" else None)  # noqa: PLW1509
        if held:
            held[signal.SIGTERM] = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        code = child.wait()
    except OSError as error:
        raise CommandError(f"{words[0]} cannot be started: {error.strerror}") from error
    finally:
        for each, handler in held.items():
            signal.signal(each, handler)
    # A signal's number is negative; shells say 128 + N.
    return code if code >= 0 else 128 - code


def _is_main():
    return threading.current_thread() is threading.main_thread()


def _default_signals():
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _flags(options):
    flags = [] if options["dry_run"] is None and options["plan"] is not None else [_dry_run(options["dry_run"])]
    for name in SWITCHES:
        flags += [f"--{name.replace('_', '-')}"] if options[name] else []
    for name in VALUES:
        # One word with "=", so that no value is ever taken for a flag.
        flags += [f"--{name.replace('_', '-')}={options[name]}"] if options[name] is not None else []
    contract = (getattr(settings, "SAILPLAN", None) or {}).get("contract")
    contract = contract and contract_path(contract)
    if contract and not any(word.startswith("--contract") for word in options["more"]):
        flags.append(f"--contract={contract}")
    return [*flags, *options["more"]]


def _dry_run(value):
    return "--no-dry-run" if value is False else "--dry-run"
