"""The door for gunicorn and waitress."""

import os
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application

Application = Callable[..., Any]


def headers_only(application: Application) -> Application:
    """Answer HEAD with the headers that GET has, and with no body. Views answer both alike, and not every server drops
    what they say: on a connection that is used again it would be read as the beginning of somebody else's answer."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        body = application(environ, start_response)
        if environ.get("REQUEST_METHOD") != "HEAD":
            return body
        if close := getattr(body, "close", None):
            close()
        return []

    return answer


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = headers_only(get_wsgi_application())
