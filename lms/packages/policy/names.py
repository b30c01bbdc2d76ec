"""The names in an archive: how they are written, and which of them no file may have."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from lms.packages.policy.refusals import Limits, Reason, Refusal, Refused

UNICODE_PATH = 0x7075  # the extra field in which Info-ZIP keeps a name in UTF-8
WINDOWS_RESERVED = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"]
    + [f"{name}{number}" for name in ("COM", "LPT") for number in "123456789¹²³"]
)
# They turn the direction of what is read, so that a name looks like another.
TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
RESERVED_CHARACTERS = frozenset('<>:"|?*')
# Left by file managers; not part of what was made.
LEFT_BY_TOOLS = re.compile(r"(^|/)(__MACOSX(/|$)|\.[^/]+(/|$)|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)

CONTENT = frozenset(
    # pages and their parts
    "html htm xhtml css js mjs json jsonld map wasm xml xsd xsl xslt dtd txt md csv tsv rtf pdf vtt srt ttml lrc "
    # pictures, sound, moving pictures, letters, models
    "png jpg jpeg jfif gif svg svgz webp avif bmp ico cur apng tif tiff mp3 m4a ogg oga opus wav aac flac mid midi mp4 m4v "
    "webm ogv mov flv swf f4v woff woff2 ttf otf eot glb gltf bin obj mtl hdr atlas fnt skel "
    # papers to be downloaded
    "doc docx dot dotx xls xlsx ppt pptx pps ppsx odt ods odp wps et dps epub ics "
    # what tools leave beside: harmless as text
    "scss sass less ts tsx jsx vue yml yaml po pot rst log ini cfg conf properties dat db lock license licence readme "
    "story frame tmpl tpl hbs mustache ejs webmanifest manifest def lang strings "
    # tables of AICC: not played, but told by their name
    "crs au des cst pre ort cmp".split()
)
ARCHIVES_KEPT = frozenset(["zip"])
ARCHIVES = frozenset("7z rar gz tgz bz2 xz tar cab iso dmg h5p jar war ear apk ipa lzh arj ace zst".split())
EXECUTABLE = frozenset(
    "exe dll com bat cmd msi msp msix scr pif cpl sys drv ocx vbs vbe jse wsf wsh wsc ps1 psm1 hta lnk url reg inf app "
    "command sh bash zsh csh fish ksh run elf so dylib deb rpm pkg php php3 php4 php5 phtml phar asp aspx ashx asmx jsp "
    "jspx cgi pl pm py pyc pyw rb lua class htaccess shtml shtm cfm chm scf desktop docm xlsm pptm dotm xlam".split()
)


def decoded(names: Sequence[tuple[bytes, bool, bytes]]) -> tuple[list[str], bool]:
    """The names as text, and whether they were in GBK. Each is (bytes, says that it is UTF-8, extra field).

    Chinese tools write GBK without saying so, others UTF-8 without saying so: all unmarked names of an archive are
    taken in the one that fits all of them.
    """
    unmarked = [raw for raw, is_utf8, _ in names if not is_utf8]
    gbk = not all(_fits(raw, "utf-8") for raw in unmarked)
    found = []
    for raw, is_utf8, extra in names:
        told = b"" if is_utf8 else _unicode_path(raw, extra)
        encoding = "gb18030" if gbk and not is_utf8 and not told else "utf-8"
        try:
            found.append((told or raw).decode(encoding))
        except UnicodeDecodeError:
            raise Refused(Refusal(Reason.NAME_ENCODING, raw.decode("ascii", "backslashreplace")[:200]))
    return found, gbk


def _fits(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _unicode_path(raw: bytes, extra: bytes) -> bytes:
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        data, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_PATH and len(data) > 5 and data[0] == 1:
            return data[5:] if int.from_bytes(data[1:5], "little") == zlib.crc32(raw) else b""
    return b""


def shown(name: str) -> str:
    """A name that can be printed: what cannot be seen is written out."""
    return "".join(
        one if one.isprintable() and one not in TURNING else f"\\u{ord(one):04x}" for one in name[:200]
    )


def name_fault(name: str, limits: Limits) -> Reason | None:
    """Why nothing may be written under this name; None when it can. A folder's name ends with a stroke."""
    if not name:
        return Reason.NO_NAME
    if any(unicodedata.category(one) in ("Cc", "Cs", "Cn") or one in TURNING for one in name):
        return Reason.CONTROL_CHARACTER
    if name.startswith(("\\\\", "//")):
        return Reason.NETWORK_NAME
    if name.startswith("/"):
        return Reason.ABSOLUTE
    if re.match(r"[A-Za-z]:", name):
        return Reason.DRIVE
    if "\\" in name:
        return Reason.BACKSLASH
    parts = name.removesuffix("/").split("/")
    if ".." in parts:
        return Reason.ESCAPES
    return _part_fault(parts) or _length_fault(name, parts, limits)


def _part_fault(parts: Iterable[str]) -> Reason | None:
    for part in parts:
        if part in ("", "."):
            return Reason.EMPTY_PART
        if RESERVED_CHARACTERS & set(part):
            return Reason.RESERVED_CHARACTER
        if part.split(".")[0].rstrip().upper() in WINDOWS_RESERVED:
            return Reason.RESERVED_NAME
        if part != part.rstrip(". "):
            return Reason.DOT_OR_SPACE_END
    return None


def _length_fault(name: str, parts: Sequence[str], limits: Limits) -> Reason | None:
    if len(parts) > limits.depth:
        return Reason.TOO_DEEP
    if len(name) > limits.path or any(len(part.encode()) > limits.part for part in parts):
        return Reason.PATH_TOO_LONG
    return None


def ending_fault(name: str) -> Reason | None:
    """Why a file with this ending is not taken; None when content needs it. Without an ending it is a plain text."""
    ending = PurePosixPath(name).suffix.lower().removeprefix(".")
    if not ending or ending in CONTENT or ending in ARCHIVES_KEPT:
        return None
    if ending in EXECUTABLE:
        return Reason.EXECUTABLE
    return Reason.ARCHIVE_INSIDE if ending in ARCHIVES else Reason.UNKNOWN_ENDING


def is_archive(name: str) -> bool:
    """Whether the file is an archive that is kept as it is and never opened."""
    return PurePosixPath(name).suffix.lower().removeprefix(".") in ARCHIVES_KEPT


def is_left_by_tools(name: str) -> bool:
    """Whether file managers left it there: it is not unpacked."""
    return bool(LEFT_BY_TOOLS.search(name))


def key_of(name: str) -> str:
    """What two names have in common when some file system takes them for one."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
    return folded.removesuffix("/")


def collisions(names: Iterable[str]) -> list[Refusal]:
    """Names that some file system takes for one, and files that are folders of others at the same time."""
    found: list[Refusal] = []
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for name in names:
        key = key_of(name)
        parts = key.split("/")
        for number in range(1, len(parts) + (1 if name.endswith("/") else 0)):
            folders.setdefault("/".join(parts[:number]), name)
        if name.endswith("/"):
            continue
        if key in files:
            found.append(Refusal(Reason.DUPLICATE, name, files[key]))
        files.setdefault(key, name)
    found += [
        Refusal(Reason.FILE_AND_FOLDER, name, folders[key]) for key, name in files.items() if key in folders
    ]
    return found
