"""Numbers that nobody may read in passing: planted in the rows of a test, and looked for in whatever is answered.

An ID, a bank account and a mobile number of nobody, each known by how it begins; a masked one does not begin so.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from types import SimpleNamespace
from typing import Any

from core.models import Person, User

ID, ACCOUNT, PHONE = (
    "1201991983",
    "62229999007",
    "120555",
)  # how they begin: invalid by region, check digit and prefix
PLANTED = {"ID": ID, "account": ACCOUNT, "phone": PHONE}
PAGE_LIMIT = 3_000_000  # characters of one answer that are looked through


def number_for(kind: str, pk: int) -> str:
    return {"ID": f"{ID}{pk:07}X", "account": f"{ACCOUNT}{pk:08}", "phone": f"{PHONE}{pk:05}"}[kind]


def plant(person: Person) -> None:
    """Give this person an ID and a mobile number."""
    person.set_id_number("resident_id", number_for("ID", person.pk))
    person.save()
    user = User.objects.get(pk=person.user_id)
    user.phone = number_for("phone", person.pk)
    user.save()


def plant_furnished(rows: SimpleNamespace) -> None:
    """The numbers of a claim and of its line in a batch, as `furnish` has made them."""
    plant(rows.person)
    rows.claim.account_sealed = number_for("account", rows.claim.pk)
    rows.claim.save()
    line = rows.payment_line
    line.id_sealed, line.account_sealed = number_for("ID", line.pk), number_for("account", line.pk)
    line.phone_sealed = number_for("phone", line.pk)
    line.save()


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def leaks(content: bytes) -> list[str]:
    """What of the planted numbers this says, also in groups of digits, inside of a table, an archive or a PDF."""
    text = _text(content)
    for each in " -\n\u3000\u00a0":  # ten times as fast as one `translate`
        text = text.replace(each, "")
    text = text[:PAGE_LIMIT]
    return [name for name, begins in PLANTED.items() if begins in text]


def _text(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(_text(archive.read(name)) for name in archive.namelist())
    if content.startswith(b"%PDF-") and shutil.which("pdftotext"):
        command = ["pdftotext", "-enc", "UTF-8", "-", "-"]
        shown = subprocess.run(command, input=content, capture_output=True, check=False)
        return shown.stdout.decode(errors="replace")
    return content.decode(errors="replace")
