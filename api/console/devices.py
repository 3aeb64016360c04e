"""What a browser says of itself, in plain words, and where it is, not too exactly."""

from __future__ import annotations

import ipaddress

from fastapi import Request

from cases.staff import Browser

# The first mark found in the header counts: many browsers also name those they descend from.
SYSTEMS = (
    ("HarmonyOS", "鸿蒙手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Kylin", "麒麟电脑"),
    ("UOS", "统信电脑"),
    ("Linux", "Linux 电脑"),
)
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("QQBrowser", "QQ 浏览器"),
    ("360SE", "360 浏览器"),
    ("QIHU", "360 浏览器"),
    ("UCBrowser", "UC 浏览器"),
    ("HuaweiBrowser", "华为浏览器"),
    ("Edg", "Edge 浏览器"),
    ("Firefox", "火狐浏览器"),
    ("Chrome", "Chrome 浏览器"),
    ("Safari", "Safari 浏览器"),
)


def browser_of(request: Request) -> Browser:
    """How the person will recognise this browser in the list of their sessions."""
    said = request.headers.get("user-agent", "")[:400]
    return Browser(device_words(said), masked_address(address_of(request)))


def address_of(request: Request) -> str:
    """The network address the request came from."""
    return request.client.host if request.client else "-"


def device_words(said: str) -> str:
    """Windows 电脑，Edge 浏览器; what is not known is said to be so."""
    system = next((word for mark, word in SYSTEMS if mark in said), "没认出的设备")
    browser = next((word for mark, word in BROWSERS if mark in said), "没认出的浏览器")
    return f"{system}，{browser}"


def masked_address(address: str) -> str:
    """10.20.30.* or 2001:db8:1:*; "" for what is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.is_loopback:
        return "本机"
    if found.version == 4:
        return ".".join([*str(found).split(".")[:3], "*"])
    return ":".join([*(part.lstrip("0") or "0" for part in found.exploded.split(":")[:3]), "*"])
