"""Sends what nobody should send, as one role, and keeps the faults that came of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.forms import BaseForm
from django.test import Client

from core.models import User
from tests.architecture.nasty import ALL, OF_PYTHON, OF_SQLITE, Form, values_for

WHOLE = connection.vendor == "postgresql"
# The kinds of nonsense that the run on this database sends.
HERE = ALL.keys() - OF_PYTHON if WHOLE else OF_SQLITE | OF_PYTHON


class Sender:
    """Sends as one role, forgets what came of it, and keeps a list of the faults."""

    def __init__(self, user: User | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.user = user
        self.faults: list[str] = []
        self.sent = 0
        self._enter()

    def _enter(self) -> None:
        if self.user is not None:
            self.client.force_login(self.user)

    def get(self, address: str, data: Mapping[str, Any] | None = None, why: str = "", **more: Any) -> Any:
        return self._send("get", address, data, why, **more)

    def post(self, address: str, data: Any = None, why: str = "", **more: Any) -> Any:
        return self._send("post", address, data, why, **more)

    def _send(self, method: str, address: str, data: Any, why: str, **more: Any) -> Any:
        self.sent += 1
        if address.startswith("/accounts/"):
            cache.clear()  # they answer whoever has tried too often with the same form, so that a fault would be hidden
        with transaction.atomic():
            answer = self._ask(method, address, data, **more)
            if answer.status_code == 429:
                cache.clear()
                answer = self._ask(method, address, data, **more)
            if answer.status_code < 500 and getattr(answer, "streaming", False):
                b"".join(answer.streaming_content)
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            fault = answer.exc_info[1] if getattr(answer, "exc_info", None) else ""
            self.faults.append(f"{method} {address[:120]} {why}: {type(fault).__name__} {str(fault)[:160]}")
        if self.user is not None and "_auth_user_id" not in self.client.session:
            self._enter()
        return answer

    def _ask(self, method: str, address: str, data: Any, **more: Any) -> Any:
        if isinstance(data, bytes):
            return self.client.generic(method.upper(), address, data, **more)
        return getattr(self.client, method)(address, data, **more)


def refused(answer: Any) -> set[str]:
    """The fields in which a form of this page takes none of what was sent, whatever stands in the others."""
    layers = [layer for context in answer.context or [] for layer in getattr(context, "dicts", [context])]
    held = [value for layer in layers for value in layer.values()]
    forms = {id(value): value for value in held if isinstance(value, BaseForm) and value.is_bound}
    return {form.add_prefix(name) for form in forms.values() for name in form.fields if not takes(form, name)}


def takes(form: BaseForm, name: str) -> bool:
    try:
        form.fields[name].clean(form[name].data)
    except ValidationError:
        return False
    except Exception:  # a field that wants more than what was sent, such as a file's: nothing is known of it
        return True
    return True


def send_nonsense(
    sender: Sender, form: Form, whole: Mapping[str, Any], held: Mapping[str, list[str]]
) -> None:
    """Each kind of nonsense in all fields that it is for at once; where some of them stopped it, then in those alone that may
    let it further in."""
    kinds = {name: values_for(name, of) for name, of in held.items()}
    for why in dict.fromkeys(why for values in kinds.values() for why in values):
        if why not in HERE:
            continue
        wrong = {name: values[why] for name, values in kinds.items() if why in values}
        send = sender.get if form.method == "get" else sender.post
        answer = send(form.action, {**whole, **wrong}, f"{', '.join(wrong)} = {why}")
        stopped = refused(answer) if len(wrong) > 1 else set()
        got_in = answer.status_code == (302 if form.method == "post" else 200) and not stopped & wrong.keys()
        alone = () if got_in or len(wrong) < 2 else wrong.keys() - stopped
        for name in sorted(alone):
            send(form.action, {**whole, name: wrong[name]}, f"{name} = {why}")


def filled(form: Form, rows: SimpleNamespace) -> dict[str, list[str]]:
    """The form as somebody would send it who has filled everything in."""
    usual = {
        "person": rows.person.pk, "mentee": rows.person.pk, "supervisor": rows.supervisor.pk,
        "course": rows.version.course_id, "organisation": rows.place.pk, "parent": rows.place.pk,
        "account": rows.person.user.email, "title": "春季班", "name": "王小明", "code": "sv-900", "capacity": 30,
        "goal": "目标", "reason": "理由充分", "topics": "接案预估", "statement": "想学", "issuer": "示例市", "text": "记",
        "starts_on": "2027-03-01", "ends_on": "2027-04-01", "opens_at": "2027-01-01 08:00", "closes_at": "2027-02-01 08:00",
        "name_en": "x", "position": 1, "source": "文件", "minutes_per_hour": 45, "tier": "station", "kind": "station",
        "number": "11010519491231002X", "phone": "13900139000",
    }  # fmt: skip
    return {name: held if any(held) else [str(usual.get(name, ""))] for name, held in form.values.items()}
