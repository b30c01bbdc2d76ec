"""What a device is called in the list of those that are signed in: the browser and the system, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# What a browser is built on it names as well ("Chrome", "Safari"), so that the first that fits is the one.
BROWSERS: Sequence[tuple[str, str | Promise]] = (
    (r"wxwork/", gettext_lazy("WeCom")),
    (r"MicroMessenger/", gettext_lazy("WeChat")),
    (r"DingTalk/", gettext_lazy("DingTalk")),
    (r"M?QQBrowser/", gettext_lazy("QQ Browser")),
    (r"UCBrowser/|UBrowser/", gettext_lazy("UC Browser")),
    (r"HuaweiBrowser/", gettext_lazy("Huawei Browser")),
    (r"MiuiBrowser/", gettext_lazy("Mi Browser")),
    (r"(HeyTap|Vivo|Samsung)Browser/", gettext_lazy("the browser of the phone")),
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
SYSTEMS: Sequence[tuple[str, str | Promise]] = (
    (r"HarmonyOS|OpenHarmony", gettext_lazy("HarmonyOS")),
    (r"iPhone|iPod", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", gettext_lazy("Android")),
    (r"Windows", "Windows"),
    (r"Macintosh|Mac OS X", "Mac"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
)


def device_words(user_agent: str) -> str:
    """Browser and system of a header such as browsers send it: "Chrome · Windows"; what is known of the two, or that neither
    is. Only for people to recognise their own devices by: anybody can send any header."""
    known = [name for name in (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)) if name]
    return " · ".join(known) or _("A device that does not say what it is")


def _first(kinds: Sequence[tuple[str, str | Promise]], user_agent: str) -> str:
    return next((str(name) for pattern, name in kinds if re.search(pattern, user_agent)), "")
