"""Which files may be handed in as proof."""

from __future__ import annotations

MAX_BYTES = 10 * 1024 * 1024
PACKED = (b"PK\x03\x04",)
BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".docx": PACKED,
    ".xlsx": PACKED,
}
SCANS = (".pdf", ".jpg", ".jpeg", ".png")  # of a paper: what a page can show as it is
OFFICE = "application/vnd.openxmlformats-officedocument"
CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".docx": f"{OFFICE}.wordprocessingml.document",
    ".xlsx": f"{OFFICE}.spreadsheetml.sheet",
    ".csv": "text/csv",  # only a table to be imported
    **dict.fromkeys((".txt", ".gift", ".aiken"), "text/plain"),  # only questions to be imported
    ".xml": "application/xml",  # the same
}


def file_fault(ending: str, size: int, begins: bytes) -> str:
    """What is wrong with such a file: "kind", "empty", "size" or "other_kind"; "" when it can be kept.

    `ending` is in small letters with its dot, `size` in bytes, `begins` the first bytes of the file.
    """
    if ending not in BEGINNINGS:
        return "kind"
    if not size:
        return "empty"
    if size > MAX_BYTES:
        return "size"
    return "" if begins.startswith(BEGINNINGS[ending]) else "other_kind"
