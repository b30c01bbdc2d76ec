"""An instructor brings a file of questions: three are wrong and say why, one is mended, a duplicate is found, and all go out
again as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from core.jobs.actions import run_job
from core.models import Job, Organisation
from lms.models import BankQuestion
from lms.questions.formats import FORMATS
from tests.factories import make_bank, make_bank_question
from tests.journeys.steps import hand_in, sign_in

KNOWN = "社区社会工作者入户走访独居老人时，应当首先做什么工作？"
FILE = """::一::个案工作的第一步是什么？{=接案 ~预估}

::二::下列哪一项是专业价值观？{=尊重 =接纳 ~责备}

::三::小组工作有几个阶段？{#五}

::四::社区工作的对象是什么？{=社区 ~个人

社区社会工作者入户走访独居老人时，应当首先做什么工作呢？{=接案 ~预估}
"""


def test_an_instructor_imports_a_file_mends_what_is_wrong_sees_a_duplicate_and_takes_all_out(
    device: Page,
    cast: SimpleNamespace,
    tree: dict[str, Organisation],
    check_page: Callable[..., None],
    live_server: Any,
    tmp_path: Path,
) -> None:
    bank = make_bank(tree["district"], title="社区题库")
    make_bank_question(bank, prompt=KNOWN)
    page = device
    sign_in(page, cast.instructor, live_server.url)
    page.goto(reverse("questions:bank", args=[bank.pk]))
    page.get_by_role("link", name="从文件导入").click()
    (tmp_path / "题.gift").write_text(FILE, encoding="utf-8")
    page.set_input_files("[name=file]", str(tmp_path / "题.gift"))
    hand_in(page.locator("form[enctype]"))
    _work()
    for number, words in ((2, "A, B"), (3, "不是数字"), (4, "括号")):
        wrong = page.locator("#import table").nth(1).locator("tbody tr").nth(number - 2)
        expect(wrong).to_contain_text(str(number))
        expect(wrong).to_contain_text(words)
    expect(page.locator("#import")).to_contain_text("相近")
    check_page(page)

    page.get_by_role("link", name="改正第 2 行").click()
    expect(page.locator(".help-warning").first).to_contain_text("A, B")
    page.fill("[name=answer]", "A")
    _put_a_picture(page, tmp_path)
    check_page(page)
    hand_in(page.locator("form[enctype]"))
    expect(page.locator("#import table").nth(1).locator("tbody tr")).to_have_count(2)

    with page.expect_navigation():
        page.locator("form[action$='/apply/'] button").click()
    _work()
    expect(page.locator("#import [role=status]")).to_be_visible()
    page.goto(reverse("questions:alike", args=[bank.pk]))
    expect(page.locator(".question-pair")).to_have_count(1)
    check_page(page)
    with page.expect_navigation():
        page.get_by_role("button", name="两题都保留").click()
    expect(page.locator(".question-pair")).to_have_count(0)

    mended = BankQuestion.objects.get(prompt__startswith="下列哪一项")
    page.goto(reverse("questions:question", args=[mended.pk]))
    expect(page.locator("img.question-picture")).to_have_attribute("alt", "一张家系图")
    expect(page.locator("img.question-picture")).to_have_js_property("naturalWidth", 40)
    check_page(page)
    page.goto(reverse("questions:take-out", args=[bank.pk, "moodle-xml"]))
    with page.expect_download() as coming:
        page.locator('main a.button[href*="/file/"]').click()
    read = list(FORMATS["moodle-xml"].read(Path(coming.value.path()).read_bytes()))
    assert len(read) == 4 and all(entry.is_good for entry in read)
    assert [each.alt for entry in read for each in entry.question.pictures] == ["一张家系图"]


def _work() -> None:
    """What the worker does; the page that is open notices."""
    run_job(Job.objects.latest("pk").pk)


def _put_a_picture(page: Page, folder: Path) -> None:
    Image.new("RGB", (40, 20), "red").save(folder / "家系图.png")
    page.get_by_text("添加图片").click()
    page.set_input_files("[name=new-picture-0-file]", str(folder / "家系图.png"))
    page.fill("[name=new-picture-0-alt]", "一张家系图")
