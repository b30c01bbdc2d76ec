"""A visitor without a network: asks the WSGI application itself, so that every middleware has its part in the cost."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

from config.bench.figures import Cost
from config.wsgi import application
from core.models import User

FRAMES = ("BEGIN", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
Form = Sequence[tuple[str, str]]


class UnexpectedAnswer(Exception):
    """A page answered otherwise than the unit needs it; what was measured would be something else."""


@dataclass(frozen=True)
class Answer:
    """What came back and what it cost."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cost: Cost


def measured(act: Callable[[], Any]) -> tuple[Any, Cost]:
    """Do something; what it gave, and what it took. Statements that only frame a transaction are not counted."""
    sent = 0

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal sent
        sent += not sql.startswith(FRAMES)
        return execute(sql, *rest)

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(count))
        begun = time.process_time()
        result = act()
        ms = (time.process_time() - begun) * 1000
    return result, Cost(ms, sent)


@dataclass
class Visitor:
    """One browser: it keeps its cookies, sends forms with the CSRF token, and may say that htmx asks."""

    address: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, user: User) -> None:
        """A session as a sign-in makes it, without the cost of hashing a password."""
        client = Client(REMOTE_ADDR=self.address)
        client.force_login(user)
        self.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def get(self, path: str, *, status: int = 200) -> Answer:
        return self._ask(self._environ("GET", path), status)

    def post(self, path: str, form: Form = (), *, status: int = 302, htmx: bool = False) -> Answer:
        token = self.cookies[settings.CSRF_COOKIE_NAME]
        body = urlencode([("csrfmiddlewaretoken", token), *form]).encode()
        environ = self._environ("POST", path, body)
        if htmx:
            environ |= {"HTTP_HX_REQUEST": "true", "HTTP_X_CSRFTOKEN": token}
        return self._ask(environ, status)

    def send(self, path: str, said: Any) -> Answer:
        """A report of a script: JSON with the CSRF token in a header."""
        environ = self._environ("POST", path, json.dumps(said).encode())
        environ |= {"CONTENT_TYPE": "application/json"}
        environ |= {"HTTP_X_CSRFTOKEN": self.cookies[settings.CSRF_COOKIE_NAME]}
        return self._ask(environ, 200)

    def _environ(self, method: str, path: str, body: bytes = b"") -> dict[str, Any]:
        place, _, query = path.partition("?")
        host, _, port = settings.SITE_URL.partition("://")[2].partition(":")
        return {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": place,
            "QUERY_STRING": query,
            "SERVER_NAME": host,
            "SERVER_PORT": port or "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": f"{host}:{port}" if port else host,
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9",
            "HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 13) MicroMessenger",
            "REMOTE_ADDR": self.address,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }

    def _ask(self, environ: dict[str, Any], status: int) -> Answer:
        begun: dict[str, Any] = {}

        def start_response(line: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
            begun.update(status=int(line.split()[0]), headers=headers)

        def ask() -> bytes:
            response = application(environ, start_response)
            try:
                return b"".join(response)
            finally:
                response.close()

        body, cost = measured(ask)
        for name, value in begun["headers"]:
            if name == "Set-Cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
        if begun["status"] != status:
            raise UnexpectedAnswer(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}: {begun['status']}")
        return Answer(begun["status"], dict(begun["headers"]), body, cost)
