"""A certificate becomes a badge on a phone; a stranger checks it, a changed one is found out, a revoked one is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page, expect

from cms.public import set_up_site
from credentials.certificates.actions import revoke
from credentials.models import Badge
from tests.factories import make_certificate
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.steps import sign_in


def test_taken_along_changed_and_revoked(
    open_browser: Callable[..., Page],
    check_page: Callable[..., None],
    live_server: Any,
    cast: SimpleNamespace,
    tree: dict[str, Any],
    tmp_path: Path,
) -> None:
    set_up_site()
    certificate = make_certificate(cast.trainee.person, tree["district"])
    trainee, stranger = open_browser(**PHONE), open_browser(**DESKTOP)
    sign_in(trainee, cast.trainee, live_server.url)
    trainee.goto(certificate.get_absolute_url())
    trainee.get_by_role("link", name="开放徽章").click()
    expect(trainee.locator(".badge-show__picture")).to_be_visible()
    check_page(trainee)
    with trainee.expect_download() as taken:
        trainee.get_by_role("link", name="徽章文件（JSON）").click()
    file = tmp_path / "badge.json"
    taken.value.save_as(file)
    assert file.read_text(encoding="utf-8") == Badge.objects.get().credential

    stranger.goto(f"{live_server.url}{reverse('verify')}")
    stranger.get_by_role("link", name="我收到的是开放徽章").click()
    check_page(stranger)
    hand_in(stranger, file, "徽章真实有效")
    check_page(stranger)
    assert certificate.name not in stranger.content()
    forged = json.loads(file.read_text(encoding="utf-8"))
    forged["credentialSubject"]["achievement"]["name"] = "高级督导研修"
    other = tmp_path / "forged.json"
    other.write_text(json.dumps(forged), encoding="utf-8")
    stranger.goto(f"{live_server.url}{reverse('verify-badge')}")
    hand_in(stranger, other, "徽章内容被改动过")
    expect(stranger.get_by_text("课程", exact=True).first).to_be_visible()
    check_page(stranger)
    revoke(certificate=certificate, reason="考试作弊", actor=cast.administrator)
    stranger.goto(f"{live_server.url}{reverse('verify-badge')}")
    hand_in(stranger, file, "徽章已撤销")


def hand_in(page: Page, file: Path, answer: str) -> None:
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="核验", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(answer)
