import pytest

from lms.courses.checking import (
    ERRORS,
    Block,
    Captions,
    Fault,
    Link,
    PageFacts,
    errors_in,
    findings_of,
    is_poor,
)
from lms.courses.queries.findings import WORDS

TEXT = Block("t", "正文", 1)


def faults(*blocks, kind="lesson", **facts):
    page = PageFacts(1, kind, "课时", blocks=blocks, **{"minutes": 10, **facts})
    return [finding.fault for finding in findings_of([page])]


def test_a_lesson_with_text_has_nothing_to_mend():
    assert faults(TEXT) == []


@pytest.mark.parametrize(
    "blocks", [(), (Block("t", "正文", 1, is_empty=True),), (Block("h", "标题", 1, is_content=False),)]
)
def test_a_lesson_without_content_is_empty(blocks):
    assert faults(*blocks) == [Fault.EMPTY_LESSON]
    assert faults(*blocks, has_package=True) == []
    assert faults(*blocks, kind="assignment") == [Fault.EMPTY_ASSIGNMENT]


def test_a_quiz_needs_questions_or_a_bank_that_serves_it():
    assert faults(kind="quiz") == [Fault.EMPTY_QUIZ]
    assert faults(kind="quiz", questions=1) == []
    assert faults(kind="quiz", is_drawn=True) == []
    assert faults(kind="quiz", is_drawn=True, lacks=("第1行", "第2行")) == [Fault.UNSERVABLE] * 2


def test_what_each_block_lacks_is_found():
    video = {"needs_file": True}
    assert faults(TEXT, Block("v", "视频", 2, **video)) == []
    assert faults(TEXT, Block("v", "视频", 2, **video, has_file=False, is_empty=True)) == [Fault.NO_FILE]
    assert faults(TEXT, Block("v", "视频", 2, **video, captions=Captions.NONE)) == [Fault.NO_CAPTIONS]
    assert faults(TEXT, Block("v", "视频", 2, **video, captions=Captions.EMPTY)) == [Fault.EMPTY_CAPTIONS]
    assert faults(TEXT, Block("v", "视频", 2, **video, length_known=False)) == [Fault.LENGTH_UNKNOWN]
    assert faults(TEXT, Block("a", "音频", 2, has_transcript=False)) == [Fault.NO_TRANSCRIPT]
    assert faults(TEXT, Block("p", "图片", 2, is_picture=True, has_picture=False)) == [Fault.NO_PICTURE]
    assert faults(TEXT, Block("p", "图片", 2, is_picture=True, alt=" ")) == [Fault.NO_ALT]
    assert faults(TEXT, Block("d", "文件", 2, lost_documents=1)) == [Fault.DOCUMENT_GONE]
    assert faults(TEXT, Block("f", "嵌入", 2, host_refused="a.cn")) == [Fault.HOST_NOT_ALLOWED]


@pytest.mark.parametrize("alt", ["图片", "图1", "Picture 2", "IMG_0231.JPG"])
def test_words_that_tell_nobody_what_a_picture_shows(alt):
    assert is_poor(alt)
    assert faults(TEXT, Block("p", "图片", 2, is_picture=True, alt=alt)) == [Fault.POOR_ALT]


def test_words_that_tell_what_a_picture_shows():
    assert not is_poor("社工在门口向老人出示工作证")


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        (Link("page", "甲"), None),
        (Link("page", "甲", is_live=False), Fault.PAGE_NOT_LIVE),
        (Link("page", "", is_there=False), Fault.PAGE_GONE),
        (Link("document", ""), None),
        (Link("document", "", is_there=False), Fault.DOCUMENT_GONE),
        (Link("address", "https://a.cn"), None),
        (Link("address", "http://a.cn", fault="not_https"), Fault.NOT_HTTPS),
        (Link("address", "https://10.0.0.1", fault="private"), Fault.ODD_ADDRESS),
    ],
)
def test_links_are_judged_one_by_one(link, fault):
    found = faults(TEXT, Block("x", "正文", 2, links=(Link("page", "好"), link)))
    assert found == ([fault] if fault else [])


def test_a_text_that_takes_longer_than_planned_and_a_draft_are_told():
    assert faults(TEXT, reading=11) == [Fault.READS_LONGER]
    assert faults(TEXT, reading=10) == []
    assert faults(TEXT, has_draft=True) == [Fault.DRAFT_LEFT_OUT]


def test_errors_come_first_and_only_they_stop_a_version():
    pages = [
        PageFacts(1, "lesson", "甲", (TEXT,), minutes=1, reading=5),
        PageFacts(2, "quiz", "乙"),
    ]
    findings = findings_of(pages)
    assert [finding.fault for finding in findings] == [Fault.EMPTY_QUIZ, Fault.READS_LONGER]
    assert errors_in(findings) == findings[:1]


def test_every_fault_has_its_words():
    assert set(WORDS) == set(Fault) > ERRORS
