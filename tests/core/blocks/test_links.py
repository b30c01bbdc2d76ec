import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.blocks.links import AddressFault, address_fault, addresses_in, host_of, is_of


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://www.mca.gov.cn/n152/index.html?a=1#b", None),
        ("https://例子.公司/页", None),
        ("http://www.mca.gov.cn/", AddressFault.NOT_HTTPS),
        ("javascript:alert(1)", AddressFault.NOT_HTTPS),
        ("//www.mca.gov.cn/", AddressFault.NOT_HTTPS),
        ("", AddressFault.NOT_HTTPS),
        ("https://", AddressFault.ODD),
        ("https://mca", AddressFault.ODD),
        ("https://a.b c/", AddressFault.ODD),
        ("https://www.mca.gov.cn:8443/", AddressFault.ODD),
        ("https://www.mca.gov.cn:x/", AddressFault.ODD),
        ("https://[::1", AddressFault.ODD),
        ("https://www.mca.gov.cn\\@evil.example/", AddressFault.ODD),
        ("https://www.mca.gov.cn/\u202e", AddressFault.ODD),
        ("https://www.mca.gov.cn;script-src/", AddressFault.ODD),
        ("https://mca.gov.cn@evil.example/", AddressFault.WITH_PASSWORD),
        ("https://localhost/", AddressFault.PRIVATE),
        ("https://files.internal./", AddressFault.PRIVATE),
        ("https://10.0.0.1/", AddressFault.PRIVATE),
        ("https://8.8.8.8/", AddressFault.PRIVATE),
        ("https://[::1]/", AddressFault.PRIVATE),
        ("https://2130706433/", AddressFault.ODD),
        ("https://0x7f.1/", AddressFault.ODD),
        ("https://www.mca.gov.cn/" + "a" * 500, AddressFault.ODD),
    ],
)
def test_an_address_is_judged_by_how_it_is_written(url, fault):
    assert address_fault(url) == fault


@given(st.text(max_size=80))
def test_no_text_is_too_odd_to_be_judged(text):
    for url in (text, f"https://{text}", f"https://{text}.cn/"):
        address_fault(url)
        host_of(url)


def test_only_exactly_the_allowed_host_is_of_it():
    hosts = {"player.example.com"}
    assert is_of("https://player.example.com/v?id=1", hosts)
    assert is_of("https://PLAYER.example.com./v", hosts)
    for url in (
        "https://a.player.example.com/",
        "https://player.example.com.evil.cn/",
        "http://player.example.com/",
    ):
        assert not is_of(url, hosts)


def test_the_addresses_of_rich_text_are_found_however_deep_and_fast():
    kept = {"id": "1", "value": [{"text": '<p><a class="x" href="https://a.cn/?x=1&amp;y=2">甲</a></p>'}]}
    assert addresses_in(kept) == ["https://a.cn/?x=1&y=2"]
    assert addresses_in('<a href="mailto:a@b.cn">信</a><a linktype="page" id="3">页</a>') == []
    began = time.monotonic()
    addresses_in("<a " * 20_000 + 'href="x')
    assert time.monotonic() - began < 5
