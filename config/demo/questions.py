"""The sample bank: questions of our own for the three subjects of the national examination, of every kind."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from wagtail.models import Page

from config.demo.teaching import Plan, fill, open_cohorts
from core.models import Organisation, Person, User
from lms.courses.actions import write_course
from lms.courses.models import CoursePage
from lms.questions.actions import add_questions, find_alike, import_questions, open_bank
from lms.questions.formats import FORMATS, read_all
from lms.questions.models import QuestionBank
from lms.questions.policy import Choice, Difficulty, Kind, Part, Picture, Question, letter
from lms.questions.states import QuestionState

CODE = "exam-sample"
FILE = Path(__file__).parent / "content" / "questions.gift"
CASES = (
    (
        "社会工作实务",
        "老年社会工作",
        "【示例】赵奶奶，76岁，老伴去年去世，子女在外地。近两个月她很少出门，饭菜常常凑合，见到邻居也不愿多说。居委会把情况转给了街道社工站。",
        (("赵奶奶目前有哪些需要？", 8, "饮食与健康照料；情绪支持与哀伤处理；社会交往；与子女的联系。"),
         ("请为赵奶奶拟定服务目标和主要的介入步骤。", 12, "先建立关系、评估风险；再做哀伤辅导和人生回顾；链接助餐、邻里结对和老年活动；与子女商定固定联系；定期评估后结案并跟进。")),
    ),
    (
        "社会工作实务",
        "青少年社会工作",
        "【示例】小宇，15岁，父母离异后随父亲生活。半年来成绩下降，夜里打游戏，与父亲一说话就吵架。班主任建议父子俩到社工站求助。",
        (("用生态系统的眼光分析小宇的处境。", 10, "个人：学业挫折、作息紊乱；家庭：亲子沟通不良、母亲缺位；学校：老师已经关注；社区：朋辈和活动资源可以利用。"),
         ("社会工作者怎样改善父子沟通？", 10, "分别会谈、再做家庭会谈；教父亲倾听和表达；订立双方同意的作息约定；及时肯定小的改变。")),
    ),
)  # fmt: skip

PRACTICE = Plan("practice", "考前练习常年班", "Exam Practice, all year", 200, -20, -6, -5, 300)


def keep_bank(organisation: Organisation, actor: User) -> QuestionBank:
    """Open the sample bank and fill it; a number of its questions is easy or hard, as in a real one. What is there is not
    touched."""
    kept = QuestionBank.objects.filter(organisation=organisation, code=CODE).first()
    if kept is not None:
        return kept
    bank = open_bank(
        organisation=organisation,
        code=CODE,
        title="全国考试练习题库（示例）",
        title_en="Practice questions (sample)",
        actor=actor,
    )
    entries = read_all(FILE.read_bytes(), FORMATS["gift"])
    levels = (Difficulty.EASY, Difficulty.MEDIUM, Difficulty.MEDIUM, Difficulty.HARD)
    graded = [
        replace(each, question=_graded(each.question, levels[each.number % 4])) if each.question else each
        for each in entries
    ]
    import_questions(bank=bank, entries=graded, actor=actor, name=FILE.name)
    add_questions(
        bank=bank,
        questions=[*(_case(*case) for case in CASES), _with_picture(), *_twins()],
        actor=actor,
        state=QuestionState.IN_USE,
    )
    find_alike(bank=bank, actor=actor)
    return bank


def _with_picture() -> Question:
    """A question about a picture, drawn here: a small family as social workers note it down."""
    texts = ("丈夫", "妻子", "儿子", "女儿")
    return Question(
        key="",
        kind=Kind.SINGLE,
        prompt="【示例】下面的家系图中，圆形代表这个家庭的谁？\n[[picture:家系图.png]]",
        point=("社会工作实务", "家庭社会工作"),
        choices=tuple(Choice(letter(place), text) for place, text in enumerate(texts)),
        correct=("B",),
        explanation="家系图用方形表示男性，圆形表示女性，横线表示婚姻，下方是子女。",
        pictures=(
            Picture(
                "家系图.png",
                "image/png",
                _genogram(),
                "上方一个方形和一个圆形以横线相连，横线下方连着一个方形",
            ),
        ),
    )


def _genogram() -> bytes:
    """A man, a woman and their son, 320 pixels wide."""
    picture = Image.new("RGB", (320, 200), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((40, 30, 100, 90), outline="black", width=4)
    pen.ellipse((220, 30, 280, 90), outline="black", width=4)
    pen.line((100, 60, 220, 60), fill="black", width=4)
    pen.line((160, 60, 160, 130), fill="black", width=4)
    pen.rectangle((130, 130, 190, 190), outline="black", width=4)
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def _twins() -> list[Question]:
    """Two questions that are nearly the same: what the page of near duplicates is for."""
    texts = ("评估老人的安全和健康风险", "马上联系养老机构", "请邻居轮流照看", "等子女回来再处理")
    first = (
        "【示例】社区社会工作者入户走访时发现一位独居老人近来情绪低落、饮食减少，社会工作者首先应当做什么？"
    )
    return [
        Question(
            key="",
            kind=Kind.SINGLE,
            prompt=prompt,
            point=("社会工作实务", "老年社会工作"),
            choices=tuple(Choice(letter(place), text) for place, text in enumerate(texts)),
            correct=("A",),
        )
        for prompt in (first, first.replace("近来", "最近").replace("首先应当", "首先应该"))
    ]


def offer_practice(
    parent: Page, outline: Mapping[str, Any], bank: QuestionBank, people: Sequence[Person], *, actor: User
) -> CoursePage:
    """Write the course whose quizzes name the sample bank and draw from it, and admit these people. Idempotent."""
    modules = [
        {**module, "quiz": {**module["quiz"], "bank": bank}} if "quiz" in module else module
        for module in outline["modules"]
    ]
    course = write_course(parent=parent, outline={**outline, "modules": modules}, actor=actor)
    cohort = open_cohorts(course, [PRACTICE], bank.organisation, actor)["practice"]
    fill(cohort, people, len(people), actor)
    return course


def _graded(question: Question, difficulty: Difficulty) -> Question:
    """What the file leaves open: the difficulty, two points for several right choices, who marks it."""
    points = Decimal(2) if question.kind == Kind.MULTIPLE else question.points
    kind = Kind.SHORT if question.prompt.startswith("请说明") else question.kind
    return replace(question, difficulty=difficulty, points=points, kind=kind, source="示例")


def _case(subject: str, chapter: str, material: str, asked: tuple[tuple[str, int, str], ...]) -> Question:
    parts = tuple(
        Part("ABCDEF"[place], prompt, Decimal(points), Kind.ESSAY, answer)
        for place, (prompt, points, answer) in enumerate(asked)
    )
    return Question(
        "",
        Kind.CASE,
        material,
        point=(subject, chapter),
        points=sum((part.points for part in parts), Decimal(0)),
        difficulty=Difficulty.HARD,
        source="示例",
        parts=parts,
    )
