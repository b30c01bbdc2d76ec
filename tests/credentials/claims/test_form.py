"""The application form as a paper: what stands on which page."""

import datetime
from dataclasses import replace

import pytest

from credentials.claims.document import FormFacts, render
from tests.core.pdf.reading import text_of

USUAL = FormFacts(
    serial="SL-2026-000001",
    title="荆州市社会工作人才激励申请表",
    policy="荆州市社会工作人才激励",
    document="荆民政发〔2022〕5 号《关于印发〈荆州市社会工作人才激励办法〉的通知》",
    person=(
        *(("姓名", "林小荷"), ("联系电话", "13800000000"), ("证件类型", "居民身份证")),
        *(
            ("证件号码", "12019919900101001X"),
            ("工作单位", "荆州市示例社会工作服务站"),
            ("服务领域", "社区矫正"),
        ),
    ),
    subject=(
        *(
            ("申领项目", "考证激励 · 助理社会工作师"),
            ("资格等级", "助理社会工作师"),
            ("取得日期", "2026-06-01"),
        ),
        *(("发放标准", "500.00 元"), ("已领金额", "0.00 元")),
    ),
    amount="人民币 500.00 元",
    capitals="伍佰元整",
    payment=(("户名", "林小荷"), ("开户行（全称）", "示例银行荆州支行"), ("账号", "6222021234567890123")),
    said=(("在本单位工作起始日", "2024-01-01"),),
    papers=(("职业资格证书", True), ("身份证件复印件", True), ("银行卡复印件（写明开户行全称）", False)),
    opinions=("用人单位意见", "县（市、区）主管部门意见", "市级主管部门意见"),
    platform="薪火",
    dated=datetime.date(2026, 11, 2),
)


def pages_of(facts, folder):
    *pages, _end = text_of(render(facts), folder).split("\f")
    return ["".join(page.split()) for page in pages]


def test_the_usual_form_stands_on_one_page_and_is_the_same_twice(tmp_path):
    (page,) = pages_of(USUAL, tmp_path)
    assert "市级主管部门意见" in page and "第1页" in page
    assert render(USUAL) == render(USUAL)


@pytest.mark.parametrize("said", range(2, 40))
def test_the_last_place_for_a_seal_never_stands_alone_on_its_page(tmp_path, said):
    facts = replace(USUAL, said=tuple((f"说明 {number}", "甲" * 20) for number in range(said)))
    *_others, last = pages_of(facts, tmp_path)
    assert "市级主管部门意见" in last and "县（市、区）主管部门意见" in last


def test_a_single_opinion_stands_with_the_promise(tmp_path):
    for said in range(2, 40):
        lines = tuple((f"说明 {number}", "甲" * 20) for number in range(said))
        *_others, last = pages_of(replace(USUAL, said=lines, opinions=("用人单位意见",)), tmp_path)
        assert "用人单位意见" in last and "申请人承诺" in last and "承诺与意见" in last
