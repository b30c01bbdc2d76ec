"""The files of packages in the private store: archives that wait to be looked at, and what was unpacked.

A package is unpacked into a folder of its own that gets its final name when it is whole. Whatever a crash leaves behind has
no row that names it, and is swept away.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils._os import safe_join

from core.jobs.states import OPEN
from lms.packages.models import PackageUpload, PackageVersion
from lms.packages.policy.archive import Archive

INCOMING, UNPACKED = "packages/incoming", "packages/unpacked"
PARTLY = ".partly"
SWEPT_AFTER = timedelta(hours=6)  # longer than any upload or job takes


def keep_incoming(upload: UploadedFile) -> str:
    """Keep an archive until it is looked at; returns its name in the private store."""
    return storages["private"].save(f"{INCOMING}/{uuid4()}.zip", upload)


def drop_incoming(name: str) -> None:
    """Erase an archive that was looked at."""
    storages["private"].delete(name)


def incoming(name: str) -> Path:
    """The archive, which may have been swept away."""
    return Path(storages["private"].path(name))


def digest_of(file: BinaryIO) -> str:
    """The SHA-256 of the whole archive."""
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(2**20):
        digest.update(piece)
    return digest.hexdigest()


def unpack(archive: Archive, report: Callable[[int, int], None]) -> str:
    """Write the files of an archive that was let pass; returns the folder's name in the private store.

    Raises Refused, or whatever `report` raises, and then leaves nothing. `report` hears how many files are written.
    """
    name = f"{UNPACKED}/{uuid4()}"
    whole = Path(storages["private"].path(name))
    partly = whole.with_name(whole.name + PARTLY)
    try:
        partly.mkdir(parents=True)
        for number, member in enumerate(archive.files, start=1):
            target = Path(safe_join(partly, *member.split("/")))
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as out:
                archive.pour(member, out.write)
            target.chmod(0o640)
            if number % 50 == 0:
                report(number, len(archive.files))
        partly.rename(whole)
    except BaseException:
        shutil.rmtree(partly, ignore_errors=True)
        raise
    return name


def drop_folder(name: str) -> None:
    """Erase a folder that no row names after all."""
    shutil.rmtree(storages["private"].path(name), ignore_errors=True)


def file_in(version: PackageVersion, path: str) -> Path | None:
    """The file of a version at this path; None when there is none."""
    root = storages["private"].path(version.folder)
    try:
        found = Path(safe_join(root, *path.split("/")))
        return found if found.is_file() and not found.is_symlink() else None
    except (SuspiciousFileOperation, OSError, ValueError):
        return None


def sweep() -> list[str]:
    """Erase what a crash left: folders that no version names, and archives whose job is over. Says what it erased."""
    before = timezone.now() - SWEPT_AFTER
    named = set(PackageVersion.objects.values_list("folder", flat=True))
    waiting = set(PackageUpload.objects.filter(job__state__in=OPEN).values_list("stored", flat=True))
    erased = 0
    for top, kept in ((UNPACKED, named), (INCOMING, waiting)):
        place = Path(storages["private"].path(top))
        for one in place.iterdir() if place.is_dir() else ():
            if f"{top}/{one.name}" in kept or one.lstat().st_mtime > before.timestamp():
                continue
            if one.is_dir():
                shutil.rmtree(one, ignore_errors=True)
            else:
                with suppress(FileNotFoundError):
                    one.unlink()
            erased += 1
    return [f"packages left behind by a crash: {erased} erased"] if erased else []
