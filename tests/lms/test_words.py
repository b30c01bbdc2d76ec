"""One word for each act, on the button, in the history and in the hint: docs/glossary.md."""

from pathlib import Path

import pytest
from django.utils.translation import override

from credentials.claims.states import ClaimState, Verdict
from lms import models
from lms.admissions.states import StepState
from supervision.appointments.states import ApplicationState

INSIDE = "locale/zh_Hans/LC_MESSAGES/django.po"
CATALOGUE = Path(models.__file__).parent / INSIDE


@pytest.mark.parametrize(
    "former",
    [
        "审核",
        "停办",
        "收回名额",
        "已同意你的申请",
        "%(time)s 不同意",
        "已不通过",
        "已不予通过",
        "未录取",
        "未获通过",
        "批改",
    ],
)
def test_a_former_word_for_an_act_stands_nowhere_any_more(former: str) -> None:
    lines = CATALOGUE.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if former in line] == []


@pytest.mark.parametrize(
    "former", ["任职机构", "从业开始日期", "更正学时”", '"更正学时"', "申请未通过", "申领未通过"]
)
def test_of_two_words_for_one_thing_one_is_left(former: str) -> None:
    root = Path(models.__file__).parent.parent
    found = {path: path.read_text(encoding="utf-8") for path in root.glob(f"*/{INSIDE}")}
    assert len(found) >= 6 and [path for path, text in found.items() if former in text] == []


def test_a_refusal_and_what_was_refused_are_called_the_same() -> None:
    with override("zh-hans"):
        states = (ClaimState.REFUSED, Verdict.REFUSE, ApplicationState.REFUSED, StepState.REFUSED)
        assert {str(one.label) for one in states} == {"不予通过"}
