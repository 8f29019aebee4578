"""Which client counts as a browser: by what it declares, in the order the rule says."""

from __future__ import annotations

import pytest

from wushu.dataplane.usage.clients import client_of
from wushu.dataplane.usage.types import Client

FIREFOX = b"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
CHROME = (
    b"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    b"Chrome/126.0.0.0 Safari/537.36"
)
WECHAT = (
    b"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    b"(KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50(0x18003237) NetType/WIFI Language/zh_CN"
)


@pytest.mark.parametrize("agent", [FIREFOX, CHROME, WECHAT])
def test_who_looks_like_a_browser_and_speaks_a_language_is_one(agent):
    assert client_of(agent, b"zh-CN,zh;q=0.9", with_key=False) is Client.BROWSER


@pytest.mark.parametrize(
    "agent",
    [
        b"",
        b"curl/8.5.0",
        b"Wget/1.21",
        b"python-requests/2.32",
        b"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        b"Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/126.0.0.0 Safari/537.36",
        b"MyOwnReader/1.0",
        "数据采集".encode(),
    ],
)
def test_who_names_itself_a_program_or_nothing_is_one(agent):
    assert client_of(agent, b"zh-CN", with_key=False) is Client.PROGRAM


def test_a_key_is_for_programs_whatever_else_is_said():
    assert client_of(FIREFOX, b"zh-CN", with_key=True) is Client.PROGRAM


def test_a_browser_without_a_language_is_none():
    assert client_of(FIREFOX, b"", with_key=False) is Client.PROGRAM
