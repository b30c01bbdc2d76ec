"""Units of cmi5 as the tests play them: the statements that one makes, and one that speaks to the store over HTTP."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.urls import reverse

from lms.packages.policy.xapi.cmi5 import ADL, CATEGORY, MOVE_ON
from lms.packages.policy.xapi.shape import SESSION_ID

HOST, SITE = "localhost", "127.0.0.1"


def statement(
    verb: str, actor: Any, registration: str, session: str, activity: str, **result: Any
) -> dict[str, Any]:
    """A statement that cmi5 defines, as a unit has to make it. A result of None takes an entry out."""
    judging = verb in ("completed", "passed", "failed")
    said: dict[str, Any] = {} if verb == "initialized" else {"duration": "PT30S"}
    said |= {
        "completed": {"completion": True},
        "passed": {"success": True},
        "failed": {"success": False},
    }.get(verb, {})
    said = {name: value for name, value in {**said, **result}.items() if value is not None}
    categories = [{"id": CATEGORY}] + ([{"id": MOVE_ON}] if judging else [])
    return {
        "id": str(uuid.uuid4()),
        "actor": actor,
        "verb": {"id": f"{ADL}{verb}", "display": {"en": verb}},
        "object": {"id": activity},
        "context": {
            "registration": registration,
            "contextActivities": {"category": categories},
            "extensions": {SESSION_ID: session},
        },
        "timestamp": "2026-11-28T09:00:00Z",
        **({"result": said} if said else {}),
    }


class Au:
    """A unit that was launched in a lesson, with its token, on the content's own host and without a cookie."""

    def __init__(
        self, learner: Any, stranger: Any, enrolment: Any, item: str = "https://example.com/au"
    ) -> None:
        """`learner`: a client that is signed in; `stranger`: one that is not."""
        key = enrolment.version.lessons.get().key
        begin = reverse("lms:package-begin", args=[enrolment.pk, key])
        body = json.dumps({"item": item})
        answer = learner.post(begin, body, content_type="application/json", HTTP_HOST=SITE)
        assert answer.status_code == 200, answer.content
        self.begun, self.client = answer.json(), stranger
        said = parse_qs(urlsplit(self.begun["href"]).query)
        self.said = {name: values[0] for name, values in said.items()}
        self.actor = json.loads(self.said["actor"])
        self.registration, self.activity = self.said["registration"], self.said["activityId"]
        self.store = urlsplit(self.said["endpoint"]).path
        self.token = self.session = ""

    def fetch(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.post(urlsplit(self.said["fetch"]).path, HTTP_HOST=HOST).json()
        return answer

    def signed_in(self) -> Au:
        self.token = self.fetch()["auth-token"]
        template = self.state("LMS.LaunchData").json()["contextTemplate"]
        self.session = template["extensions"][SESSION_ID]
        return self

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None, **more: Any) -> Any:
        """A request of the store. What is no bytes is sent as JSON; a header of None is left out."""
        headers = {
            "HTTP_X_EXPERIENCE_API_VERSION": "1.0.3",
            "HTTP_AUTHORIZATION": f"Basic {self.token if token is None else token}",
            "HTTP_HOST": HOST,
            **more,
        }
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = headers.pop("CONTENT_TYPE", "application/json")
        headers = {name: value for name, value in headers.items() if value is not None}
        return self.client.generic(method, f"{self.store}{path}", data, content_type=kind, **headers)

    def state(self, name: str, method: str = "GET", body: Any = None, **more: Any) -> Any:
        asked = {
            "activityId": self.activity,
            "agent": json.dumps(self.actor),
            "registration": self.registration,
        }
        return self.ask(method, f"activities/state?{urlencode({**asked, 'stateId': name})}", body, **more)

    def statement(self, verb: str, **result: Any) -> dict[str, Any]:
        return statement(verb, self.actor, self.registration, self.session, self.activity, **result)

    def say(self, verb: str, **result: Any) -> Any:
        return self.ask("POST", "statements", self.statement(verb, **result))

    def other(self) -> dict[str, Any]:
        """A statement that cmi5 allows and does not define."""
        said = self.statement("experienced")
        del said["context"]["contextActivities"], said["result"]
        return said
