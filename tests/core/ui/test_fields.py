"""Text of one line is one line, whatever was pasted."""

import pytest

from core.pdf.faces import missing_glyphs
from core.ui.fields import LineField, one_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  接案与预估 ", "接案与预估"),
        ("标题\r\nBcc: x\x0b二\u2028三\x85四", "标题 Bcc: x 二三 四"),
        ("危机\u202e干预\u200b", "危机干预"),
        ("Intake\tand assessment", "Intake and assessment"),
        ("䶮·堃", "䶮·堃"),
    ],
)
def test_a_title_is_one_line_that_can_be_printed(typed, kept):
    assert one_line(typed) == LineField().clean(typed) == kept
    assert missing_glyphs(kept) == []
