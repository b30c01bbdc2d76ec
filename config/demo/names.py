"""Invented names, ID numbers and phones for sample people: valid in form, nobody's in fact (docs/operators.md)."""

from __future__ import annotations

import datetime
import random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文单解仇翟区查盖朴"
DOUBLE = ("欧阳", "上官", "司马", "诸葛", "尉迟", "令狐", "长孙", "澹台", "单于", "东方")
GIVEN = (
    "若水 一鸣 小荷 明轩 雨桐 子涵 思远 佳宁 浩然 静怡 海燕 志强 春梅 建国 秀英 晓峰 雪晴 文博 慧敏 立新 雅琴 俊杰 丽华 大勇 心怡 "
    "云帆 可欣 书瑶 景行 知夏 以宁 怀瑾 望舒 青禾 北辰 南乔 清和 长风 采薇 知行 念慈 守正 敬之 乐山 若谷 䶮 堃 昇 㛃 玥 珺 喆 翀"
).split()
MINORITY = ("阿依古丽·麦麦提", "迪丽努尔·艾力", "扎西·多吉", "巴特尔·其木格")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def invented_name(number: int) -> str:
    """The name of sample person `number`: now and then a double surname, a rare character or a name with "·"."""
    chance = random.Random(f"name-{number}")
    if number % 53 == 17:
        return MINORITY[number // 53 % len(MINORITY)]
    surname = chance.choice(DOUBLE) if number % 29 == 11 else chance.choice(SURNAMES)
    return surname + chance.choice(GIVEN)


def sample_id_number(number: int) -> str:
    """A checksum-valid resident ID number in the unassigned region 120199; no two numbers below 11 million agree."""
    days, sequence = number * 37 % 11_000, number // 11_000
    birth = datetime.date(1970, 1, 1) + datetime.timedelta(days=days)
    body = f"120199{birth:%Y%m%d}{sequence:03}"
    return (
        body
        + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]
    )


def sample_phone(number: int) -> str:
    """Eleven digits with the prefix 120, which no mobile number has."""
    return f"120{number:08}"
