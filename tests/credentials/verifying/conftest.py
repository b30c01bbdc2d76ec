import io
import re
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.sheets.writing import Heading, Table, workbook
from tests.credentials.statements.conftest import entry  # noqa: F401


@pytest.fixture
def judged(client):
    """The page that answers about a file: its verdict, what was found, and its mark."""

    def upload(content, name="证书.pdf"):
        answer = client.post(reverse("verify-file"), {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 200
        assert "noindex" in answer["X-Robots-Tag"]
        text = answer.content.decode()
        found = answer.context.get("answer")
        mark = re.search(r"verdict--(\w+)", text)
        return SimpleNamespace(
            verdict=found and found.verdict.value,
            findings=found.findings if found else (),
            mark=mark and mark[1],
            text=text,
            form=answer.context["form"],
        )

    return upload


def sheet_of(*rows, headings=("核验码", "姓名")):
    table = Table("名单", [Heading(each) for each in headings], rows)
    return io.BytesIO(workbook(table))
