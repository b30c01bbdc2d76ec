"""Video and sound in pieces: a phone asks for byte ranges, and Safari plays nothing without them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from core.blocks.media import media_type

RANGE = re.compile(r"bytes=(\d*)-(\d*)$")
PIECE = 256 * 1024


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte asked for by a Range header; None when it is absent, of several parts, or not understood.

    Raises ValueError when the range lies outside the file.
    """
    match = RANGE.match(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:  # the last so many bytes
        if not int(last) or not size:
            raise ValueError("empty range")
        return max(0, size - int(last)), size - 1
    start, end = int(first), min(int(last) if last else size - 1, size - 1)
    if start > end:
        raise ValueError("range outside the file")
    return start, end


def serve_media(document: Any, request: HttpRequest) -> HttpResponseBase | None:
    """The answer to a request for a video, sound or captions document; None for every other kind of file."""
    kind = media_type(document.filename)
    if not kind:
        return None
    response = ranged(document.file.open("rb"), document.file.size, kind, request.headers.get("Range", ""))
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def ranged(file: IO[bytes], size: int, kind: str, asked_for: str) -> HttpResponseBase:
    """An open file, whole or the piece that a Range header asks for. The file is closed when it has been sent."""
    try:
        asked = byte_range(asked_for, size)
    except ValueError:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if asked is None:
        response: StreamingHttpResponse = FileResponse(file, content_type=kind)
        response["Content-Length"] = str(size)
    else:
        start, end = asked
        response = StreamingHttpResponse(_pieces(file, start, end), status=206, content_type=kind)
        response["Content-Length"] = str(end - start + 1)
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Accept-Ranges"] = "bytes"
    return response


def hand_to_view(document: Any, request: HttpRequest) -> HttpResponse | None:
    """Wagtail's hook before a document is served, after those that ask who may read it.

    Wagtail heeds no answer that streams: it goes along as `streamed` of one that does not, for `streamed_of`.
    """
    answer = serve_media(document, request)
    if answer is None or isinstance(answer, HttpResponse):
        return answer
    carrier = HttpResponse()
    carrier.streamed = answer  # type: ignore[attr-defined]
    return carrier


def streamed_of(response: HttpResponseBase) -> HttpResponseBase:
    """What a hook has put in the place of Wagtail's own answer, or that answer."""
    found: HttpResponseBase = getattr(response, "streamed", response)
    return found


def _pieces(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = end - start + 1
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
