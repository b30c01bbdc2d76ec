"""`manage.py import_questions` reports on every question and ends with a code that says how it went."""

import json
import time

import pytest
from django.core.management import call_command

from lms.questions.formats import FORMATS
from tests.lms.questions.making import a_single


def run(capsys, *args):
    """The code it ends with, and what it says."""
    code = 0
    try:
        call_command("import_questions", *map(str, args))
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_good_file_ends_with_0_and_the_content_of_each_question(tmp_path, capsys):
    file = tmp_path / "题.gift"
    file.write_text("第一步?{=接案 ~预估}\n\n这是说明。\n", encoding="utf-8")
    code, out, _err = run(capsys, file, "--json")
    assert code == 1  # a text that is passed over is said with the code as well
    report = json.loads(out)
    assert report["counts"] == {"read": 1, "refused": 0, "duplicate": 0, "passed_over": 1}
    assert report["questions"][0]["question"]["correct"] == ["A"]
    file.write_text("第一步?{=接案 ~预估}\n", encoding="utf-8")
    assert run(capsys, file)[0] == 0


def test_refused_and_double_questions_are_named_with_line_and_reason(tmp_path, capsys):
    file = tmp_path / "题.txt"
    file.write_text(
        "社会工作的第一步?{=接案 ~预估}\n\n社会工作的第一步？{=接案 ~预估}\n\n哪个?{=甲 =乙 ~丙}\n",
        encoding="utf-8",
    )
    code, out, _err = run(capsys, file)
    assert code == 1
    assert "第 5 行" in out and "A, B" in out and "社会工作的第一步" in out
    assert "拒绝" in out and "重复" in out


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("没有.gift", None),
        ("空.gift", b""),
        ("空.xlsx", b""),
        ("错.docx", b"not a zip"),
        ("错.xlsx", b"PK\x03\x04nonsense"),
        ("图.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9),
        ("未知.pdf", b"%PDF-1.7"),
        ("大五码.txt", "台灣社會工作師專業倫理守則與實務操作指引".encode("big5") * 20),
        ("空白.xml", b"   \n"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_2_and_one_sentence(tmp_path, capsys, name, content):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    code, out, err = run(capsys, file)
    assert code == 2 and not out
    assert len(err.strip().splitlines()) == 1 and "Traceback" not in err


def test_ten_thousand_rows_are_reported_in_seconds(tmp_path, capsys):
    many = [
        a_single(f"第{n}题：编号为{n * 7919 % 10007}的服务对象，社会工作者应当先做什么？")
        for n in range(10_000)
    ]
    for name in ("xlsx", "gift"):
        file = tmp_path / f"many{FORMATS[name].endings[0]}"
        file.write_bytes(FORMATS[name].write(many).content)
        started = time.process_time()
        _code, out, _err = run(capsys, file)
        assert time.process_time() - started < 40
        assert out.count("\n") >= 10_000
