"""What a template may say, and how it is drawn: nothing cut, nothing blank, the same bytes every time."""

import datetime
import io
import time
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.pdf.faces import MissingGlyph
from core.pdf.paper import DocumentInfo
from core.pdf.pictures import BadPicture, check_png
from credentials.designs.document import (
    PLACEHOLDERS,
    RARE_NAMES,
    Design,
    Printed,
    Signatory,
    Spec,
    draw,
    fill,
    spec_from,
    unknown_placeholders,
)
from credentials.designs.states import Colour, Frame, Paper, Spot
from tests.core.pdf.reading import text_of

DAY = datetime.date(2026, 11, 26)
VALUES = {
    "name": "林小荷", "course": "社会工作实务", "course_en": "Practice", "cohort": "第一期", "hours": "72", "issuer": "和平区指导中心",
    "issued_on": "2026年11月26日", "expires_on": "长期有效", "serial": "XH-2026-000001-C",
}  # fmt: skip


def png(*, clear: bool = True, size: tuple[int, int] = (40, 30)) -> bytes:
    file = io.BytesIO()
    picture = Image.new("RGBA", size, (200, 30, 30, 0 if clear else 255))
    picture.paste((200, 30, 30, 255), (5, 5, 20, 20))
    picture.save(file, "PNG")
    return file.getvalue()


def printed(**values: str) -> Printed:
    facts = {**VALUES, **values}
    info = DocumentInfo(title="证书", author="", subject="", keywords="", dated=DAY)
    return Printed(info, facts, facts, "A2345-B6789", "https://xinhuo.example/verify/A2345/")


FULL = Spec(
    signatories=(Signatory("王主任", "中心主任", 3), Signatory("李督导", "督导长")), seal=1, background=2, seal_at="left"
)  # fmt: skip
PICTURES = {1: png(), 2: png(clear=False, size=(300, 200)), 3: png(size=(120, 40))}


@pytest.mark.parametrize("paper", Paper.values)
@pytest.mark.parametrize("name", RARE_NAMES)
def test_the_hardest_names_are_there_whole(paper, name, tmp_path):
    text = text_of(draw(printed(name=name), Design(replace(FULL, paper=paper), PICTURES)), tmp_path)
    bare = "".join(text.split())
    assert "".join(name.split()) in bare
    for value in ("王主任", "督导长", "和平区指导中心", "第一期", "XH-2026-000001-C"):
        assert value in bare


@given(
    st.sampled_from(Paper.values),
    st.sampled_from(Frame.values),
    st.sampled_from(Colour.values),
    st.permutations(Spot.values),
)
def test_every_choice_can_be_drawn_and_draws_the_same_again(paper, frame, colour, spots):
    spec = replace(
        FULL, paper=paper, frame=frame, colour=colour, issuer_at=spots[0], proof_at=spots[1], seal_at=spots[2]
    )
    first = draw(printed(), Design(spec, PICTURES))
    assert first == draw(printed(), Design(spec_from(asdict(spec)), PICTURES))


def test_a_wording_far_too_long_gets_smaller_and_stays_whole(tmp_path):
    body = "\n".join(["{姓名}", *("本单位对学员的学习情况予以证明，" * 6 for _ in range(7)), "{课程}"])
    text = "".join(text_of(draw(printed(), Design(Spec(body=body))), tmp_path).split())
    assert text.count("予以证明") == 42


def test_a_character_without_a_glyph_is_refused():
    with pytest.raises(MissingGlyph, match="1F600"):
        draw(printed(name="林😀"), Design(Spec()))
    with pytest.raises(MissingGlyph):
        draw(printed(), Design(Spec(heading="证书😀")))


def test_placeholders_are_known_by_both_names_and_others_are_named():
    assert fill("{姓名}与{ name }，{课程}", VALUES) == ["林小荷与林小荷，社会工作实务"]
    assert fill("{课程英文名}\n\n学时 {学时}", {**VALUES, "course_en": ""}) == ["学时 72"]
    assert unknown_placeholders("{姓名}{身份证号}{身份证号}{") == ["身份证号", "{"]
    assert [unknown_placeholders(f"{{{name}}}") for name in PLACEHOLDERS] == [[]] * len(PLACEHOLDERS)
    with pytest.raises(KeyError, match="身份证号"):
        fill("{身份证号}", VALUES)


@given(st.text(max_size=60))
def test_what_has_no_fault_can_be_filled(text):
    if not unknown_placeholders(text):
        fill(text, VALUES)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"GIF89a", "kind"),
        (b"\x89PNG\r\n\x1a\nbroken", "broken"),
        (png(clear=False), "alpha"),
        (png(size=(4001, 25)), "size"),
    ],
)
def test_only_a_png_with_a_clear_ground_is_a_seal(data, fault):
    with pytest.raises(BadPicture) as bad:
        check_png(data, transparent=True)
    assert bad.value.fault == fault
    assert check_png(png(), transparent=True) == (40, 30)
    assert check_png(png(clear=False), transparent=False) == (40, 30)


def test_pictures_are_packed_once_for_a_batch():
    design = Design(FULL, PICTURES)
    draw(printed(), design)
    start = time.process_time()
    for number in range(40):
        draw(printed(serial=f"XH-2026-{number:06}-C"), design)
    assert (time.process_time() - start) / 40 < 0.02  # 4 ms on an idle machine
