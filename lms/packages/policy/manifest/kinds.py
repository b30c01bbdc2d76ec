"""Which kind a package is, and what is in it, whatever kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from lms.packages.policy.archive import Archive, open_archive
from lms.packages.policy.manifest import cmi5, h5p, scorm
from lms.packages.policy.refusals import Limits, Reason, Refusal, Refused, Warned

MANIFESTS = {scorm.MANIFEST: "scorm", cmi5.MANIFEST: "cmi5", h5p.PACKAGE: "h5p"}
AICC = re.compile(r"\.(crs|au|des|cst|pre|ort|cmp)$", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """What a package holds. `manifest` is plain data, the shape depends on the kind."""

    kind: str  # "scorm12", "scorm2004", "h5p", "cmi5"
    edition: str
    title: str
    manifest: dict[str, Any]
    warnings: list[Warned] = field(default_factory=list)


def read_package(archive: Archive) -> Found:
    """Read the manifest of an archive that the guards let pass. Raises Refused."""
    name, kind = _manifest_of(archive)
    limits = archive.limits
    files = archive.files.keys()
    if kind == "h5p":
        about = h5p.read_h5p(lambda wanted: archive.read(wanted, limits.manifest), files)
        return Found("h5p", "", about["title"], about, archive.warnings)
    data = archive.read(name, limits.manifest)
    if kind == "cmi5":
        course, warnings = cmi5.read_cmi5(data, files, limits)
        title = next(iter(course["title"].values()), "")
        return Found("cmi5", "", title, course, archive.warnings + warnings)
    manifest, warnings = scorm.read_scorm(data, files, limits)
    shown = "scorm12" if manifest["version"] == "1.2" else "scorm2004"
    return Found(shown, manifest["edition"], manifest["title"], manifest, archive.warnings + warnings)


def examine(file: BinaryIO, limits: Limits | None = None) -> tuple[Archive, Found]:
    """Let a package pass every guard: the archive, its manifest, every byte of every file. Writes nothing; Refused."""
    archive = open_archive(file, limits)
    found = read_package(archive)
    for name in archive.files:
        archive.pour(name, len)
    return archive, found


def _manifest_of(archive: Archive) -> tuple[str, str]:
    by_key = {name.lower(): name for name in archive.files}
    for wanted, kind in MANIFESTS.items():
        if wanted in by_key:
            return by_key[wanted], kind
    if "tincan.xml" in by_key:
        raise Refused(Refusal(Reason.TINCAN, by_key["tincan.xml"]))
    for name in archive.files:
        if AICC.search(name):
            raise Refused(Refusal(Reason.AICC, name))
    for key, name in by_key.items():
        if key.rpartition("/")[2] in MANIFESTS:
            raise Refused(Refusal(Reason.MANIFEST_IN_FOLDER, name))
    raise Refused(Refusal(Reason.NO_MANIFEST))


def items_of(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every item that can be opened, in reading order: of SCORM those of the default organisation, of H5P the activity,
    of cmi5 the units."""
    if "main_folder" in manifest:
        yield h5p.activity_of(manifest)
        return
    if "children" in manifest:
        yield from (cmi5.item_of_unit(one) for one in units_of(manifest))
        return
    for organisation in manifest["organisations"]:
        if organisation["default"]:
            yield from _opened(organisation)


def units_of(course: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every assignable unit of a cmi5 course, in reading order."""
    for one in course["children"]:
        if one["kind"] == "au":
            yield one
        else:
            yield from units_of(one)


def _opened(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if item["href"]:
        yield item
    for one in item["children"]:
        yield from _opened(one)
