"""The door of the web server."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from config.wsgi import application, headers_only


def ask(method: str, path: str) -> tuple[str, dict[str, str], bytes]:
    said: list[Any] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
        "wsgi.errors": BytesIO(),
    }
    body = application(environ, lambda status, headers, *more: said.extend((status, dict(headers))))
    return said[0], said[1], b"".join(body)


@pytest.mark.django_db
def test_who_asks_for_the_headers_gets_no_body() -> None:
    status, headers, body = ask("GET", "/robots.txt")
    assert status == "200 OK" and body
    bare = ask("HEAD", "/robots.txt")
    assert bare[0] == status and bare[2] == b""
    assert bare[1]["Content-Length"] == headers["Content-Length"] == str(len(body))


def test_what_is_not_sent_is_closed_all_the_same() -> None:
    class Body(list[bytes]):
        closed = False

        def close(self) -> None:
            self.closed = True

    body = Body([b"secret"])
    assert list(headers_only(lambda environ, start: body)({"REQUEST_METHOD": "HEAD"}, print)) == []
    assert body.closed
