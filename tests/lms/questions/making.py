"""Questions of every kind, for tests: by hand, and as hypothesis draws them."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import assume
from hypothesis import strategies as st

from lms.questions.policy import (
    Accepted,
    Blank,
    Choice,
    Difficulty,
    Kind,
    Number,
    Pair,
    Part,
    Picture,
    Question,
    faults,
    letter,
    true_or_false,
)

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x02\x00\x00\x00"
SIGNS = "社会工作者案主的小组个AB.、12(){}=~#%:\\|/<>&\"'【】答案：；;-_ \n对，"
PIECES = [
    "A. 甲",
    "1. 乙",
    "（1）",
    "答案：",
    "【解析】",
    "->",
    "$CATEGORY: x",
    "//",
    "::t::",
    "%50%",
    "{}",
    "(2分)",
    "ANSWER: A",
]


def texts(longest=24):
    """Texts that are all that formats find hard, but without spaces at their ends or two in a row."""
    signs = st.text(st.sampled_from(SIGNS), min_size=1, max_size=longest)
    return (
        st.lists(st.one_of(signs, st.sampled_from(PIECES)), min_size=1, max_size=3)
        .map("".join)
        .map(lambda text: "\n".join(" ".join(line.split()) for line in text.split("\n")).strip())
        .filter(lambda text: text and "___" not in text)
    )


def lines(longest=16):
    return texts(longest).map(lambda text: " ".join(text.split())).filter(bool)


def maybe(strategy):
    return st.one_of(st.just(""), strategy)


shares = st.sampled_from([Decimal(100), Decimal(50), Decimal("33.33"), Decimal("12.5")])
keys = st.from_regex(r"[A-Za-z0-9-]{1,12}", fullmatch=True)
names = st.sampled_from(["社会工作实务", "第一章", "接案/预估", "小组 工作", "a\\b"])


@st.composite
def accepted(draw, most=3, strategy=None):
    rows = draw(st.lists(strategy or lines(), min_size=1, max_size=most, unique=True))
    given = [Accepted(text, draw(shares), draw(maybe(texts()))) for text in rows]
    return (replace(given[0], share=Decimal(100)), *given[1:])


@st.composite
def with_pictures(draw, question):
    """The question with pictures in its prompt, its explanation and a choice, described or not."""
    named = draw(st.lists(st.sampled_from(["图1.png", "图 2.png", "50%25.png"]), max_size=3, unique=True))
    pictures = tuple(replace(a_picture(name), alt=draw(maybe(lines()))) for name in named)
    marks = [f"[[picture:{name}]]" for name in named]
    changed = {"pictures": pictures}
    if marks:
        changed["prompt"] = (
            f"{marks[0]}{question.prompt}" if draw(st.booleans()) else f"{question.prompt}\n{marks[0]}"
        )
    if marks[1:]:
        changed["explanation"] = f"{question.explanation}{marks[1]}"
    if marks[2:] and question.choices and question.kind != Kind.TRUE_FALSE:
        first, *rest = question.choices
        changed["choices"] = (replace(first, text=f"{first.text} {marks[2]}"), *rest)
    elif marks[2:]:
        changed["explanation"] += marks[2]
    return replace(question, **changed)


@st.composite
def questions(draw, kinds=tuple(Kind), feedback=True):
    kind = draw(st.sampled_from(kinds))
    made = Question(
        key=draw(maybe(keys)),
        kind=kind,
        prompt=draw(texts()),
        title=draw(maybe(lines())),
        point=tuple(draw(st.lists(names, max_size=4))),
        difficulty=draw(st.sampled_from(Difficulty)),
        points=draw(st.sampled_from([Decimal(1), Decimal(2), Decimal("0.5"), Decimal(20)])),
        explanation=draw(maybe(texts())),
        tags=tuple(draw(st.lists(lines(), max_size=2, unique=True))),
        source=draw(maybe(lines())),
    )
    question = replace(made, **draw(OF_KIND[kind]()))
    assume(not faults(question))
    return question


@st.composite
def choosing(draw):
    rows = draw(st.lists(texts(), min_size=2, max_size=6, unique=True))
    return {
        "choices": tuple(Choice(letter(n), text, None, draw(maybe(texts()))) for n, text in enumerate(rows))
    }


@st.composite
def single(draw):
    facts = draw(choosing())
    return facts | {"correct": (draw(st.sampled_from([each.key for each in facts["choices"]])),)}


@st.composite
def multiple(draw):
    facts = draw(choosing())
    right = draw(st.sets(st.sampled_from([each.key for each in facts["choices"]]), min_size=1))
    return facts | {"correct": tuple(sorted(right))}


@st.composite
def either(draw):
    choices = true_or_false(said=(draw(maybe(texts())), draw(maybe(texts()))))
    return {"choices": choices, "correct": (draw(st.sampled_from(["true", "false"])),)}


@st.composite
def fill_in(draw):
    pieces = draw(st.lists(lines(), min_size=2, max_size=4))
    blanks = tuple(Blank(draw(accepted())) for _piece in pieces[1:])
    return {"prompt": " ____ ".join(pieces), "blanks": blanks}


@st.composite
def matching(draw):
    rows = draw(st.lists(lines(), min_size=4, max_size=7, unique=True))
    pairs = zip(rows[0::2], rows[1::2], strict=False)
    rest = (rows[-1],) if len(rows) % 2 else ()
    return {"pairs": tuple(Pair(letter(n), *both) for n, both in enumerate(pairs)), "distractors": rest}


@st.composite
def ordering(draw):
    rows = draw(st.lists(texts(), min_size=2, max_size=5, unique=True))
    return {"items": tuple(Choice(letter(n), text) for n, text in enumerate(rows))}


@st.composite
def numeric(draw):
    values = st.sampled_from([Decimal(v) for v in ("0", "3.14", "-12", "1800")])
    rows = draw(st.lists(values, min_size=1, max_size=3, unique=True))
    numbers = [
        Number(v, draw(st.sampled_from([Decimal(0), Decimal("0.01")])), draw(shares), draw(maybe(texts())))
        for v in rows
    ]
    return {
        "numbers": (replace(numbers[0], share=Decimal(100)), *numbers[1:]),
        "unit": draw(maybe(st.sampled_from(["元", "%", "m/s"]))),
    }


@st.composite
def short(draw):
    by_hand = draw(st.booleans())
    return {
        "answers": () if by_hand else draw(accepted()),
        "model": draw(maybe(texts())),
        "exact_case": not by_hand and draw(st.booleans()),
    }


@st.composite
def case(draw):
    rows = draw(st.lists(texts(), min_size=1, max_size=3))
    parts = tuple(
        Part(
            letter(n),
            text,
            Decimal(n + 1),
            draw(st.sampled_from([Kind.ESSAY, Kind.SHORT])),
            draw(maybe(texts())),
        )
        for n, text in enumerate(rows)
    )
    return {"parts": parts, "points": sum(part.points for part in parts)}


OF_KIND = {
    Kind.SINGLE: single,
    Kind.MULTIPLE: multiple,
    Kind.TRUE_FALSE: either,
    Kind.FILL_IN: fill_in,
    Kind.MATCHING: matching,
    Kind.ORDERING: ordering,
    Kind.NUMERIC: numeric,
    Kind.SHORT: short,
    Kind.ESSAY: lambda: st.fixed_dictionaries({"model": maybe(texts())}),
    Kind.CASE: case,
}


def a_single(prompt="个案工作的第一步是什么?", right="A", **fields):
    """A question with one right choice of four."""
    choices = tuple(Choice(letter(n), text) for n, text in enumerate(["接案", "预估", "计划", "结案"]))
    return Question(
        **{
            "key": "",
            "kind": Kind.SINGLE,
            "prompt": prompt,
            "choices": choices,
            "correct": (right,),
            **fields,
        }
    )


def a_picture(name="图1.png"):
    return Picture(name, "image/png", PNG)
