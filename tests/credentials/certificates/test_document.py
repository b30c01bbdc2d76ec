import dataclasses
import datetime as dt
import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.pdf.faces import MissingGlyph
from core.pdf.pages import chinese_date, english_date
from credentials.certificates import document
from credentials.certificates.document import (
    CertificateFacts,
    CertificateWording,
    render,
)
from tests.core.pdf.reading import fonts_of, picture_of, pixels_of, run_tool, text_of

UYGHUR = "阿卜杜热合曼·买买提托合提·艾合买提江·吐尔逊尼亚孜·伊敏"
FACTS = CertificateFacts(
    serial="XH-2026-TJ-000128",
    code="7KQ2-M9XD-4TBV-HC3P",
    name="欧阳晓明",
    course_title="社会工作实务：个案工作的通用过程",
    course_title_en="Social Work Practice: The General Process of Casework",
    hours="72",
    issuer="示例市社会工作指导中心",
    issuer_en="Example City Social Work Guidance Centre",
    issued_on=dt.date(2026, 11, 23),
    expires_on=dt.date(2029, 11, 22),
    verify_url="https://xinhuo.example.com/verify/XH-2026-TJ-000128?c=7KQ2M9XD4TBVHC3P",
    programme="薪火计划培训营",
    cohort="2026年第一期",
    watermark="样例",
)
LONG = replace(
    FACTS,
    name=UYGHUR,
    course_title="社会工作法规与政策：社会救助、儿童关爱、养老服务、社区治理与社会事务五大领域的制度体系与实务要点（2026年修订版）",
    course_title_en="Social Work Law and Policy: "
    + "Systems and Practice of Social Assistance and Child Care " * 2,
    programme="全市街道社工站督导人才与社区工作者精品培训班暨全科社工培训计划",
    cohort="2026年度第二批次（滨海新区、河西区联合班）",
    issuer="示例省社会工作人才培训与督导指导中心联合示例市民政事业发展服务中心",
    serial="XH-2026-TIANJIN-BINHAI-000000128",
    expires_on=None,
)


def test_equal_facts_give_equal_bytes():
    assert render(FACTS) == render(replace(FACTS))


def test_bytes_do_not_depend_on_the_process_or_its_environment():
    code = (
        "import hashlib, sys; sys.path.insert(0, '.');"
        "from tests.credentials.certificates.test_document import FACTS, render;"
        "print(hashlib.sha256(render(FACTS)).hexdigest())"
    )
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1", "PYTHONHASHSEED": "7", "TZ": "America/Lima"}
    root = Path(document.__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, env=environment, cwd=root
    )
    assert done.stdout.decode().strip() == hashlib.sha256(render(FACTS)).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"name": "欧阳晓敏"},
        {"code": "AAAA"},
        {"issued_on": dt.date(2026, 11, 24)},
        {"verify_url": "https://a.cn"},
    ],
)
def test_any_other_fact_gives_other_bytes(change):
    assert render(replace(FACTS, **change)) != render(FACTS)


@pytest.mark.parametrize(
    "facts", [FACTS, LONG, replace(FACTS, programme="", course_title_en="", issuer_en="")]
)
def test_the_file_is_sound_has_one_page_and_embeds_every_font(tmp_path, facts):
    pdf = render(facts)
    assert "No syntax" in run_tool(pdf, tmp_path, "qpdf", "--check", "{}")
    assert run_tool(pdf, tmp_path, "qpdf", "--show-npages", "{}").strip() == "1"
    rows = fonts_of(pdf, tmp_path)
    assert rows
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)
    assert len(pdf) < 60_000


@pytest.mark.parametrize(
    "name", ["王䶮", "李堃", "赵㛃", "陈𬭎", "刘昇", "䶮堃㛃𬭎", "龍㐀", "Anna Li", "张三"]
)
def test_the_name_can_be_searched_and_copied(tmp_path, name):
    assert name in text_of(render(replace(FACTS, name=name, watermark=None)), tmp_path).splitlines()


def test_all_facts_stand_on_the_page(tmp_path):
    text = text_of(render(replace(FACTS, watermark=None)), tmp_path)
    for fact in (
        *(FACTS.serial, FACTS.code, FACTS.name, FACTS.course_title, FACTS.course_title_en, FACTS.programme),
        *(FACTS.cohort, "72", FACTS.issuer, FACTS.issuer_en, "2026年11月23日", "23 November 2026"),
        *("2029年11月22日", "扫码核验", "结业证书", "CERTIFICATE OF COMPLETION"),
    ):
        assert fact in text
    assert "印章" not in text


def test_a_very_long_name_and_title_are_whole(tmp_path):
    text = "".join(text_of(render(replace(LONG, watermark=None)), tmp_path).split())
    for fact in (LONG.name, LONG.course_title, LONG.programme, LONG.cohort, LONG.issuer, LONG.serial):
        assert fact in text
    assert "长期有效" in text


def test_nothing_overlaps_on_the_fullest_certificate(tmp_path):
    rows = run_tool(render(replace(LONG, watermark=None)), tmp_path, "pdftotext", "-bbox", "{}", "-")
    words = _boxes(rows)
    assert len(words) > 20
    for index, (text, left, top, right, bottom) in enumerate(words):
        assert 45 < left < right < 797, text
        assert 45 < top < bottom < 551, text
        for other, left2, top2, right2, bottom2 in words[index + 1 :]:
            apart = right <= left2 + 1 or right2 <= left + 1 or _below(bottom, top, top2, bottom2)
            assert apart, (text, other)


def _below(bottom: float, top: float, top2: float, bottom2: float) -> bool:
    """Whether the inked parts (the middle 60 % of the font's tall box) are one above the other."""
    ink, ink2 = (bottom - top) * 0.22, (bottom2 - top2) * 0.22
    return bottom - ink <= top2 + ink2 or bottom2 - ink2 <= top + ink


def _boxes(page: str) -> list[tuple[str, float, float, float, float]]:
    found = re.findall(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>', page)
    return [(text, *(float(number) for number in numbers)) for *numbers, text in found]


def test_a_missing_glyph_refuses_the_whole_certificate_and_names_it():
    with pytest.raises(MissingGlyph) as refusal:
        render(replace(FACTS, name="王ཀ", cohort="\U000323af班"))
    assert refusal.value.characters == ["ཀ", "\U000323af"]


@pytest.mark.parametrize("field", ["name", "course_title", "serial"])
def test_a_blank_certificate_is_refused(field):
    with pytest.raises(ValueError, match="needs"):
        render(replace(FACTS, **{field: " "}))


@pytest.mark.parametrize("facts", [FACTS, LONG])
def test_the_code_is_read_from_a_page_seen_at_75_dpi(tmp_path, facts):
    picture = picture_of(render(facts), tmp_path, 75)
    assert run_tool(b"", tmp_path, "zbarimg", "-q", "--raw", str(picture)).strip() == facts.verify_url


def test_serial_and_code_are_in_the_properties_of_the_file(tmp_path):
    info = run_tool(render(replace(FACTS, name="陈𬭎")), tmp_path, "pdfinfo", "-isodates", "{}")
    assert "Title:           结业证书 陈𬭎 XH-2026-TJ-000128" in info
    assert "Subject:         XH-2026-TJ-000128" in info
    assert "Keywords:        serial=XH-2026-TJ-000128; code=7KQ2-M9XD-4TBV-HC3P" in info
    assert "2026-11-2" in info


def test_a_sample_is_marked_and_a_real_one_is_not(tmp_path):
    marked, plain = render(FACTS), render(replace(FACTS, watermark=None))
    assert set("样例") <= set(text_of(marked, tmp_path))
    assert not set("样例") & set(text_of(plain, tmp_path).replace("示例市", ""))
    assert (pixels_of(marked, tmp_path, 40) < 240).sum() > (pixels_of(plain, tmp_path, 40) < 240).sum()


def test_the_wording_is_a_fact_like_the_others(tmp_path):
    wording = CertificateWording(
        heading="培训证书", heading_en="Certificate of Training", statement="学习期满。"
    )
    text = text_of(render(replace(FACTS, wording=wording, watermark=None)), tmp_path)
    assert "培训证书" in text
    assert "学习期满。" in text
    assert "结业" not in text


def test_facts_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        FACTS.name = "别人"  # type: ignore[misc]


def test_dates_are_written_out_the_same_on_every_machine():
    assert chinese_date(dt.date(2026, 3, 2)) == "2026年3月2日"
    assert english_date(dt.date(2026, 3, 2)) == "2 March 2026"
