"""Why a package is not taken, and how much of one is read at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """What is wrong with an archive or its manifest."""

    # The archive as a whole
    NO_ARCHIVE = "no_archive"
    DAMAGED = "damaged"
    TRUNCATED = "truncated"
    PREFIXED = "prefixed"
    TRAILING = "trailing"
    SPLIT = "split"
    ARCHIVE_TOO_LARGE = "archive_too_large"
    TOO_MANY = "too_many"
    TOTAL_TOO_LARGE = "total_too_large"
    RATIO = "ratio"
    # A member of it
    FILE_TOO_LARGE = "file_too_large"
    FILE_RATIO = "file_ratio"
    LIES_ABOUT_SIZE = "lies_about_size"
    WRONG_CHECKSUM = "wrong_checksum"
    BROKEN_DATA = "broken_data"
    OVERLAP = "overlap"
    HIDDEN = "hidden"
    HEADERS_DIFFER = "headers_differ"
    ENCRYPTED = "encrypted"
    COMPRESSION = "compression"
    SYMLINK = "symlink"
    SPECIAL_FILE = "special_file"
    # Its name
    NO_NAME = "no_name"
    NAME_ENCODING = "name_encoding"
    CONTROL_CHARACTER = "control_character"
    ABSOLUTE = "absolute"
    DRIVE = "drive"
    NETWORK_NAME = "network_name"
    BACKSLASH = "backslash"
    ESCAPES = "escapes"
    EMPTY_PART = "empty_part"
    RESERVED_NAME = "reserved_name"
    RESERVED_CHARACTER = "reserved_character"
    DOT_OR_SPACE_END = "dot_or_space_end"
    PATH_TOO_LONG = "path_too_long"
    TOO_DEEP = "too_deep"
    DUPLICATE = "duplicate"
    FILE_AND_FOLDER = "file_and_folder"
    EXECUTABLE = "executable"
    UNKNOWN_ENDING = "unknown_ending"
    ARCHIVE_INSIDE = "archive_inside"
    # The manifest
    NO_MANIFEST = "no_manifest"
    MANIFEST_IN_FOLDER = "manifest_in_folder"
    AICC = "aicc"
    TINCAN = "tincan"
    MANIFEST_TOO_LARGE = "manifest_too_large"
    ENCODING = "encoding"
    NOT_XML = "not_xml"
    ENTITIES = "entities"
    EXTERNAL_ENTITY = "external_entity"
    XML_TOO_DEEP = "xml_too_deep"
    XML_TOO_MANY = "xml_too_many"
    WRONG_ROOT = "wrong_root"
    WRONG_NAMESPACE = "wrong_namespace"
    UNKNOWN_VERSION = "unknown_version"
    NO_ORGANISATION = "no_organisation"
    NO_SCO = "no_sco"
    UNKNOWN_RESOURCE = "unknown_resource"
    SAME_IDENTIFIER = "same_identifier"
    FOREIGN_ADDRESS = "foreign_address"
    MISSING_FILE = "missing_file"
    BAD_VALUE = "bad_value"
    NOT_JSON = "not_json"
    MISSING_ENTRY = "missing_entry"
    MISSING_LIBRARY = "missing_library"
    # What is let pass and still not taken
    OTHER_KIND = "other_kind"


@dataclass(frozen=True)
class Refusal:
    """One reason. `member` is the file or entry it is about, "" for the whole; `detail` is what was found there."""

    reason: Reason
    member: str = ""
    detail: str = ""


class Refused(Exception):
    """The package cannot be taken; `refusals` holds at least one reason."""

    def __init__(self, *refusals: Refusal) -> None:
        self.refusals = refusals
        super().__init__(", ".join(f"{each.reason} {each.member}".strip() for each in refusals))


class Notice(StrEnum):
    """What is worth knowing about a package that can be taken."""

    LEFT_OUT = "left_out"
    ARCHIVE_KEPT = "archive_kept"
    NAMES_IN_GBK = "names_in_gbk"
    OTHER_ENCODING = "other_encoding"
    NO_NAMESPACE = "no_namespace"
    NO_VERSION = "no_version"
    FILE_NOT_THERE = "file_not_there"
    PREREQUISITES = "prerequisites"
    UNKNOWN_DEPENDENCY = "unknown_dependency"


@dataclass(frozen=True)
class Warned:
    """One notice, and what it is about."""

    notice: Notice
    member: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Limits:
    """How much of a package is taken. Sizes in bytes."""

    archive: int = 500 * 2**20
    total: int = 2**30
    file: int = 500 * 2**20
    files: int = 10_000
    ratio: int = 100  # of the whole archive, unpacked to packed
    file_ratio: int = 300  # of one file; a long text of one word reaches some hundreds
    ratio_from: int = 2**20  # smaller files may be packed as tightly as they like
    path: int = 240  # characters
    part: int = 200  # bytes of one part of a path in UTF-8: what every file system takes
    depth: int = 20
    manifest: int = 8 * 2**20
    xml_depth: int = 80
    xml_elements: int = 100_000
