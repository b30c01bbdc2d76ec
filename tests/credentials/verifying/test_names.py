"""A code's name cannot be found out by trying: ten wrong names a day, on its page and in tables together."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from credentials.certificates.queries import WRONG_NAMES_A_DAY
from tests.credentials.conftest import pdf_of
from tests.credentials.statements.conftest import content_of, issued
from tests.credentials.verifying.conftest import sheet_of
from tests.credentials.verifying.test_lists import rows_of, sent
from tests.factories import make_certificate


@pytest.mark.parametrize("kind", ["certificate", "statement"])
def test_wrong_names_are_counted_by_code_and_day_whoever_types_them(
    client, certificate, entry, cast, tree, kind
):
    paper = certificate if kind == "certificate" else issued(cast)
    content = pdf_of(certificate) if kind == "certificate" else content_of(paper)
    address = reverse("verify-code", args=[paper.code])

    def asked(name, number=0):
        answer = client.post(address, {"name": name}, REMOTE_ADDR=f"10.0.0.{number}")
        return answer.context["answer"].name_matches, answer.content.decode()

    for number in range(1, WRONG_NAMES_A_DAY):
        assert asked(f"林小{number}", number)[0] is False
        assert asked("林小荷")[0] is True, "a right name costs none"
    assert "姓名不符" in rows_of(sent(client, sheet_of((paper.code, "林小河"))))[0][4]
    matches, text = asked("林小荷", 200)
    assert matches is None and "今天用这个核验码比对错误姓名的次数已满" in text
    row = rows_of(sent(client, sheet_of((paper.code, "林小荷"))))[0]
    assert "比对错误姓名的次数已满" in row[4] and row[5] == "林**", "what the paper is worth is still said"
    answer = client.post(address, {"file": SimpleUploadedFile("证书.pdf", content)})
    assert answer.context["answer"].file_matches is True
    other = make_certificate(cast.other_trainee.person, tree["district"])
    answer = client.post(reverse("verify-code", args=[other.code]), {"name": other.name})
    assert answer.context["answer"].name_matches is True
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert asked("林小荷")[0] is True
