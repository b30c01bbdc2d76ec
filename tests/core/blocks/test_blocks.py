import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import RequestFactory
from wagtail.documents.models import Document

from core.blocks.bodies import LessonBody
from core.blocks.media import AUDIO, VIDEO, FileOfKindBlock
from core.blocks.questions import QuestionBlock, question_facts
from core.blocks.serving import byte_range, serve_media
from core.blocks.texts import CleanTextBlock, clean_html


def test_scripts_and_foreign_schemes_fall_out_of_rich_text():
    block = CleanTextBlock()
    dirty = '<p>好<script>alert(1)</script><a href="javascript:x" onclick="y">点</a><img src=x onerror=z></p>'
    html = block.render(block.to_python(dirty))
    assert html == '<p>好<a rel="noopener noreferrer">点</a></p>'


def test_allowed_tags_stay():
    assert clean_html("<p>一<b>二</b></p><ul><li>三</li></ul>") == "<p>一<b>二</b></p><ul><li>三</li></ul>"


def test_every_text_block_escapes_what_was_typed():
    body = LessonBody()
    raw = [
        {"type": "lead", "value": "<script>1</script>"},
        {"type": "heading", "value": "<script>2</script>"},
        {
            "type": "case",
            "value": {"title": "<script>3</script>", "text": "<script>4</script>", "question": "<i>"},
        },
        {"type": "quote", "value": {"text": "<script>5</script>", "source": "<script>6</script>"}},
        {"type": "callout", "value": {"kind": "ethics", "text": "<p>好<script>7</script></p>"}},
        {
            "type": "steps",
            "value": [
                {"type": "item", "id": "8", "value": {"title": "<script>8</script>", "text": "<p>做</p>"}}
            ],
        },
        {"type": "list", "value": [{"type": "item", "id": "9", "value": "<p>行<script>9</script></p>"}]},
    ]
    html = "".join(str(child.render()) for child in body.to_python(raw))
    assert "<script" not in html
    assert "做" in html
    assert "行" in html


def test_a_question_that_nobody_could_answer_is_refused_at_its_choices():
    block = QuestionBlock()
    choices = [{"type": "item", "id": "1", "value": {"text": "甲", "correct": False}}]
    value = block.to_python({"kind": "single", "prompt": "?", "choices": choices})
    with pytest.raises(ValidationError) as refused:
        block.clean(value)
    assert len(refused.value.block_errors["choices"].non_block_errors) == 2


def test_keys_of_choices_are_the_ids_of_their_blocks():
    choices = [
        {"type": "item", "id": f"id-{n}", "value": {"text": f"{n}", "correct": n == 1}} for n in range(3)
    ]
    value = QuestionBlock().to_python(
        {"kind": "single", "prompt": "?", "choices": choices, "explanation": "因为"}
    )
    facts = question_facts("q", value)
    assert facts["correct"] == ["id-1"]
    assert [choice["key"] for choice in facts["choices"]] == ["id-0", "id-1", "id-2"]
    assert all(set(choice) == {"key", "text"} for choice in facts["choices"])


@pytest.mark.parametrize(
    ("header", "expected"),
    [("", None), ("bytes=0-1", (0, 1)), ("bytes=5-", (5, 9)), ("bytes=-3", (7, 9)), ("bytes=0-99", (0, 9)),
     ("bytes=-99", (0, 9)), ("bytes=0-1,3-4", None), ("items=1-2", None)],
)  # fmt: skip
def test_a_range_is_read_as_browsers_mean_it(header, expected):
    assert byte_range(header, 10) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=5-3", "bytes=-0"])
def test_a_range_outside_the_file_is_an_error(header):
    with pytest.raises(ValueError):
        byte_range(header, 10)


@pytest.fixture
def video(db):
    return Document.objects.create(title="录像", file=ContentFile(b"0123456789", name="lesson.mp4"))


def test_a_phone_gets_the_piece_of_the_video_it_asks_for(video):
    answer = serve_media(video, RequestFactory().get("/", headers={"Range": "bytes=2-5"}))
    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == b"2345"
    assert answer["Content-Range"] == "bytes 2-5/10"
    assert answer["Content-Type"] == "video/mp4"


def test_without_a_range_the_whole_video_comes_and_says_that_ranges_work(video):
    answer = serve_media(video, RequestFactory().get("/"))
    assert answer.status_code == 200
    assert answer["Accept-Ranges"] == "bytes"
    assert b"".join(answer.streaming_content) == b"0123456789"
    answer.close()


def test_a_piece_that_is_not_there_is_refused(video):
    assert serve_media(video, RequestFactory().get("/", headers={"Range": "bytes=99-"})).status_code == 416


def test_other_documents_are_left_to_wagtail(db):
    paper = Document.objects.create(title="表", file=ContentFile(b"x", name="form.pdf"))
    assert serve_media(paper, RequestFactory().get("/")) is None


def test_a_file_of_the_wrong_kind_is_refused_with_its_name(video):
    assert FileOfKindBlock(VIDEO).clean(video) == video
    with pytest.raises(ValidationError, match=r"lesson.*mp3"):
        FileOfKindBlock(AUDIO).clean(video)


def test_an_svg_cannot_be_uploaded_as_a_picture(db):
    from django.core.files.uploadedfile import SimpleUploadedFile
    from wagtail.images.fields import WagtailImageField

    svg = SimpleUploadedFile(
        "x.svg", io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>").read(), "image/svg+xml"
    )
    with pytest.raises(ValidationError):
        WagtailImageField().clean(svg)
