"""A badge taken from its page, and handed in to be verified."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

VERIFY = reverse("verify-badge")


def page_of(client, certificate):
    return client.get(reverse("credentials:badge-page", args=[certificate.serial]))


def given(client, form, certificate):
    return client.get(reverse(f"badge-{form}", args=[certificate.code]))


def hand_in(client, content: bytes | str, **more):
    file = SimpleUploadedFile("badge.json", content.encode() if isinstance(content, str) else content)
    return client.post(VERIFY, {"file": file, **more})


def heading(answer) -> str:
    return re.search(r"<h1[^>]*>(.*?)</h1>", answer.content.decode(), re.DOTALL)[1].strip()
