from datetime import datetime

from supervision.agreements.document import AgreementFacts, Signed, render
from tests.credentials.statements.test_document import pages_of


def facts(**more):
    plain = {
        "title": "督导协议",
        "number": 1,
        "mentee": "䶮堃",
        "supervisor": "欧阳若水",
        "code": "SV001",
        "organisation": "同心社工机构",
        "goals": "独立完成一个个案\n学会转介",
        "frame": (("频次", "每两周一次"),),
        "sections": (("目的", "支持成长。"),),
        "signed": (Signed("欧阳若水", datetime(2026, 3, 1, 9, 30)),),
        "sha256": "0" * 64,
    }
    return AgreementFacts(**plain | more)


def test_equal_facts_give_equal_bytes_and_a_sample_says_so():
    assert render(facts()) == render(facts())
    assert render(facts(watermark="样例")) != render(facts())


def test_a_long_agreement_takes_more_pages(tmp_path):
    long = tuple((f"第{number}节", "很长的约定，" * 150) for number in range(12))
    assert pages_of(render(facts()), tmp_path) == 1
    assert pages_of(render(facts(sections=long)), tmp_path) > 2
