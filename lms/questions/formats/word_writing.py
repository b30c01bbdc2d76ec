"""Questions written as a Word paper, in the layout that `word` reads."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from core.sheets.writing import UNWRITABLE
from lms.questions.formats.drafts import Draft, draft_of, join_path
from lms.questions.formats.papers import KEEP, shielded
from lms.questions.formats.results import Loss, Written, loss
from lms.questions.policy import PICTURE, Picture, Question, letter

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
WHEN = (2020, 1, 1, 0, 0, 0)  # the same questions are the same bytes
FIELDS = {
    "编号": "key", "标题": "title", "选项得分": "shares", "选项反馈": "feedback", "答案": "answer", "评分要点": "model",
    "解析": "explanation", "难度": "difficulty", "分值": "points", "单位": "unit", "区分大小写": "exact_case",
    "标签": "tags", "来源": "source",
}  # fmt: skip
NUMERALS = "一二三四五六七八九十"
PIXEL = 9525  # in the units of drawings; WIDEST is about 14 cm
WIDEST = 5_000_000
TYPES = {"image/png": "png", "image/jpeg": "jpeg", "image/gif": "gif", "image/webp": "webp"}


def write(questions: Sequence[Question]) -> Written:
    """The questions as a paper: a heading wherever the kind changes, then each with its fields."""
    losses: list[Loss] = []
    for number, question in enumerate(questions, 1):
        losses += loss(number, question, lost(question))
    media: dict[str, Picture] = {}
    body = "".join(_paragraphs(questions, media))
    return Written(_packed(body, media), tuple(losses))


def lost(question: Question) -> list[str]:
    """The fields that are left out."""
    texts = question.texts()
    found = ["signs"] if any(UNWRITABLE.search(text) or KEEP in text for text in texts) else []
    shown = {name for text in texts for name in PICTURE.findall(text)}
    return found + (["pictures"] if any(each.name not in shown for each in question.pictures) else [])


def _paragraphs(questions: Sequence[Question], media: dict[str, Picture]) -> Iterator[str]:
    kind, headings = "", 0
    for number, question in enumerate(questions, 1):
        draft = draft_of(question)
        pictures: dict[str, tuple[int, Picture]] = {}
        for each in question.pictures:
            media[f"media/q{number}/{each.name}"] = each
            pictures[each.name] = (len(media), each)
        if draft.kind != kind:
            kind, headings = draft.kind, headings + 1
            yield _paragraph(f"{NUMERALS[(headings - 1) % 10]}、{kind}", {}, heading=True)
        for line in _lines(number, draft):
            yield _paragraph(line, pictures)


def _lines(number: int, draft: Draft) -> Iterator[str]:
    yield f"{number}. {shielded(draft.prompt)}"
    for place, text in enumerate(draft.choices):
        yield f"{letter(place)}. {shielded(text)}"
    yield from _fields(draft)
    if draft.point:
        yield f"知识点：{join_path(draft.point)}"
    for place, part in enumerate(draft.parts, 1):
        yield f"（{place}）{shielded(part.prompt)}"
        yield f"题型：{part.kind}"
        yield from _fields(part)


def _fields(draft: Draft) -> Iterator[str]:
    for name, attribute in FIELDS.items():
        if text := getattr(draft, attribute):
            yield f"{name}：{shielded(text)}"


def _paragraph(text: str, pictures: dict[str, tuple[int, Picture]], *, heading: bool = False) -> str:
    style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' if heading else ""
    pieces = PICTURE.split(text)
    runs = []
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            runs.append(_run(piece))
        elif piece in pictures:
            runs.append(_drawing(piece, *pictures[piece]))
        else:
            runs.append(_run(f"[[picture:{piece}]]"))
    return f"<w:p>{style}{''.join(runs)}</w:p>"


def _run(text: str) -> str:
    if not text:
        return ""
    text = escape(UNWRITABLE.sub("", text))
    text = text.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    text = text.replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def _drawing(name: str, number: int, picture: Picture) -> str:
    wide, high = _size(picture)
    scale = min(1.0, WIDEST / (wide * PIXEL))
    size = f'cx="{int(wide * PIXEL * scale)}" cy="{int(high * PIXEL * scale)}"'
    shown = escape(name)
    said = f" descr={quoteattr(UNWRITABLE.sub('', picture.alt))}" if picture.alt else ""
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent {size}/><wp:docPr id="{number}" name="{shown}"{said}/>'
        f'<a:graphic><a:graphicData uri="{DRAWING}/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="{shown}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="p{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def _size(picture: Picture) -> tuple[int, int]:
    """Width and height in pixels; of kinds that do not say it at their beginning, a usual one."""
    data = picture.data
    wide, high = 320, 240
    if picture.type == "image/png" and len(data) >= 24:
        wide, high = struct.unpack(">II", data[16:24])
    elif picture.type == "image/gif" and len(data) >= 10:
        wide, high = struct.unpack("<HH", data[6:10])
    return min(max(wide, 1), 20_000), min(max(high, 1), 20_000)


def _packed(body: str, media: dict[str, Picture]) -> bytes:
    spaces = f'xmlns:w="{W}" xmlns:r="{OFFICE}" xmlns:a="{DRAWING}/main" xmlns:pic="{DRAWING}/picture"'
    spaces += f' xmlns:wp="{DRAWING}/wordprocessingDrawing"'
    pictures = "".join(
        f'<Relationship Id="p{number}" Type="{OFFICE}/image" Target="{escape(path)}"/>'
        for number, path in enumerate(media, 1)
    )
    endings = "".join(
        f'<Override PartName="/word/{escape(path)}" ContentType="{each.type}"/>'
        for path, each in media.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{endings}<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{head}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="s1" Type="{OFFICE}/styles" Target="styles.xml"/>{pictures}</Relationships>',
        "word/styles.xml": f'{head}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体"/><w:sz w:val="21"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="28"/></w:rPr></w:style></w:styles>',
        "word/document.xml": f"{head}<w:document {spaces}><w:body>{body}<w:sectPr/></w:body></w:document>",
    }
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(_named(name), text.encode("utf-8", "replace"))
        for path, each in media.items():
            packed.writestr(_named(f"word/{path}"), each.data)
    return kept.getvalue()


def _named(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, WHEN)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
