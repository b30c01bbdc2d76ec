"""Files that nobody should send: long, deep, cut off, lying about themselves. Each is read or refused in bounded time."""

import io
import time
import zipfile

import pytest

from lms.questions.formats import FORMATS, FileRefused, read_all, words_of
from lms.questions.policy import FaultKind
from tests.lms.questions.making import a_picture, a_single

MANY = 10_001
SECONDS = 20  # of CPU time; measured are 0.5 to 2
ESSAY = "<question type='essay'><questiontext format='html'><text>{}</text></questiontext>{}</question>"
CLOZE = "<question type='cloze'><questiontext><text>{}</text></questiontext></question>"


def quiz(*questions):
    return ("<quiz>" + "".join(questions) + "</quiz>").encode()


@pytest.fixture(scope="module")
def many():
    return [
        a_single(f"第{n}题：编号为{n * 7919 % 10007}的服务对象，社会工作者应当先做什么？")
        for n in range(MANY)
    ]


@pytest.mark.parametrize("name", list(FORMATS))
def test_ten_thousand_questions_are_all_read_in_seconds(many, name):
    content = FORMATS[name].write(many).content
    begun = time.process_time()
    entries = read_all(content, FORMATS[name])
    assert time.process_time() - begun < SECONDS
    assert len(entries) == MANY and all(entry.is_good for entry in entries)
    assert [entry.question.prompt for entry in entries] == [question.prompt for question in many]


@pytest.mark.parametrize(
    "content",
    [
        quiz(ESSAY.format("x", "") * 250_000),
        quiz(ESSAY.format("x", "<a>" * 59 + "</a>" * 59) + "<b/>" * 3_000_000),
        quiz(ESSAY.format("&lt;b&gt;" * 2_000_000, "")),
        quiz(
            ESSAY.format("&lt;img src='a.png' alt='x'>" * 300_000, "<file name='a.png'>iVBORw0KGgo=</file>")
        ),
        quiz(CLOZE.format("{1:MC:" + "~a" * 2_000_000 + "}"), CLOZE.format("{1:MC:=a~b}" * 300_000)),
        quiz(CLOZE.format("{1:SA:" * 500_000)),
        quiz(ESSAY.format("x", "<file name='a.png'>" + "A" * 18_000_000 + "</file>")),
    ],
    ids=["questions", "deep", "signs", "pictures", "choices", "unclosed", "file"],
)
def test_a_huge_file_of_moodle_is_read_or_refused_in_bounded_time(content):
    begun = time.process_time()
    try:
        entries = read_all(content, FORMATS["moodle-xml"])
    except FileRefused:
        entries = []
    assert time.process_time() - begun < SECONDS
    assert not entries or entries[-1].faults


def test_a_paper_that_names_a_picture_which_is_not_in_it_says_which(tmp_path):
    whole = FORMATS["word"].write([a_single("看图[[picture:图1.png]]答", pictures=(a_picture(),))]).content
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as packed, zipfile.ZipFile(kept, "w") as made:
        for part in packed.namelist():
            if not part.startswith("word/media/"):
                made.writestr(part, packed.read(part))
    (entry,) = FORMATS["word"].read(kept.getvalue())
    assert [fault.kind for fault in entry.faults] == [FaultKind.NO_PICTURE]
    assert "图1.png" in words_of(entry.faults[0])


@pytest.mark.parametrize("name", ["gift", "aiken", "xlsx"])
@pytest.mark.parametrize("encoding", ["big5", "shift_jis"])
def test_a_text_in_another_encoding_is_refused_with_what_to_do(name, encoding):
    text = {
        "big5": "台灣社會工作師專業倫理守則與實務操作指引",
        "shift_jis": "ソーシャルワーカーの倫理綱領について",
    }
    with pytest.raises(FileRefused) as refused:
        read_all((text[encoding] * 40).encode(encoding), FORMATS[name])
    assert str(refused.value)


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_file_that_is_cut_off_loses_nothing_without_a_word(name):
    whole = FORMATS[name].write([a_single(f"第{n}题？") for n in range(6)]).content
    for share in (0.3, 0.6, 0.9):
        try:
            entries = read_all(whole[: int(len(whole) * share)], FORMATS[name])
        except FileRefused:
            continue
        good = [entry.question.prompt for entry in entries if entry.is_good]
        assert good == [f"第{n}题？" for n in range(len(good))]
        assert len(good) < 6 and (entries[-1].faults or name in ("gift", "aiken"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "gb18030"])
def test_a_text_in_the_encodings_of_chinese_programs_is_read(encoding):
    content = "社会工作者的第一步是什么？{=接案 ~预估}\n".encode(encoding)
    (entry,) = read_all(content, FORMATS["gift"])
    assert entry.is_good and entry.question.prompt == "社会工作者的第一步是什么？"
