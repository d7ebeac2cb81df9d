"""An image as {url, width, height, alt} or {error}; no image stops an export."""

import errno
import os
from collections import Counter

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models.fields.files import FieldFile
from wagtail.images.models import Filter, SourceImageIOError

UNREACHABLE = "media_unreachable"
NOT_WRITABLE = "media_not_writable"
DATABASE = "database_not_writable"

#: error -> what to tell once, with {count} images and {where}
NOTES = {
    UNREACHABLE: "The media storage cannot be read ({where}): {count} images without a rendition have no address "
    "in this export. Mount the media volume where the export runs.",
    NOT_WRITABLE: "The media storage cannot be written ({where}): {count} renditions are missing. Run the export "
    "once where media are writable; after that it only reads.",
    DATABASE: "The database user cannot write ({where}): {count} renditions are missing. Run the export once as a "
    "user who can; after that it only reads.",
}


class ImageMaker:
    """Makes the images of one export, and counts what is no fault of an image."""

    def __init__(self):
        self.counts, self.places = Counter(), {}

    def of(self, image, spec):
        """{url, …}, {error} or None."""
        if not image:
            return None
        if isinstance(image, str):
            return {"url": absolute(image)}
        if isinstance(image, FieldFile):
            return {"url": absolute(image.url)}
        try:
            found = self._rendition(image, spec)
            # An SVG's sides are floats until its rendition is read from the database; 9.0 and 9 have two digests.
            sides = {"width": round(found.width), "height": round(found.height)}
            return {"url": found.full_url, **sides, "alt": found.alt}
        except Exception as error:  # noqa: BLE001  whatever is wrong with one image concerns its page only
            reason, where = _reason(image, error)
            if where is not None:
                self.counts[reason] += 1
                self.places.setdefault(reason, where)
            return {"error": reason}

    def notes(self):
        return [NOTES[reason].format(count=count, where=self.places[reason]) for reason, count in self.counts.items()]

    def _rendition(self, image, spec):
        wanted = image.clean_filter_for_svg(Filter(spec=spec))
        try:
            return image.find_existing_rendition(wanted)
        except image.get_rendition_model().DoesNotExist:
            if DATABASE in self.counts:
                # Each further try would leave a file behind that no row names.
                raise DatabaseError("as before") from None
            # A write that the database refuses must not leave a broken transaction behind.
            with transaction.atomic():
                return image.get_rendition(spec)


def _reason(image, error):
    """(error, where): where is None for a fault of the image itself."""
    if isinstance(error, DatabaseError):
        return DATABASE, str(error).splitlines()[0] if str(error) else type(error).__name__
    if isinstance(error, SourceImageIOError):
        missing = _missing_folder(image)
        return (UNREACHABLE, missing) if missing else (type(error).__name__, None)
    if isinstance(error, OSError) and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC):
        return NOT_WRITABLE, f"{error.strerror}: {error.filename}" if error.filename else str(error)
    # Anything else without an errno is a decoder's word about the file: cut off, empty, no image.
    if isinstance(error, OSError) and error.errno is not None:
        return UNREACHABLE, str(error)
    return type(error).__name__, None


def _missing_folder(image):
    """Why no image at all can be read, or None: the folder of originals is not there, or nothing is in it."""
    try:
        folder = os.path.dirname(image.file.path)
    except (NotImplementedError, ValueError):  # not on a disk
        try:
            image.file.storage.exists(image.file.name)
            return None
        except Exception as error:  # noqa: BLE001
            return f"{type(error).__name__}: {error}"
    try:
        with os.scandir(folder) as entries:
            return None if next(entries, None) is not None else f"{folder} is empty"
    except OSError as error:
        return f"{folder}: {error.strerror}"


def absolute(url):
    """As Wagtail makes a rendition's full_url: from WAGTAILADMIN_BASE_URL; relative without it."""
    base = getattr(settings, "WAGTAILADMIN_BASE_URL", None)
    return base.rstrip("/") + url if base and url.startswith("/") and not url.startswith("//") else url
