"""One word for each act, on the button, in the history and in the hint: docs/glossary.md."""

from pathlib import Path

import pytest

from lms import models

CATALOGUE = Path(models.__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


@pytest.mark.parametrize(
    "former", ["审核", "停办", "收回名额", "已同意你的申请", "%(time)s 不同意", "已不通过"]
)
def test_a_former_word_for_an_act_stands_nowhere_any_more(former: str) -> None:
    lines = CATALOGUE.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if former in line] == []
