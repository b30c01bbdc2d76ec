import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from wagtail.documents.models import Document

from core.blocks.bodies import LessonBody
from core.blocks.outside import EmbedBlock, ExternalLinkBlock, allowed_hosts

PLAYER = "https://player.example.com/v?id=1"


def refused(block, url):
    with pytest.raises(ValidationError) as wrong:
        block.clean(block.to_python({"url": url, "title": "演示", "text": ""}))
    return str(wrong.value.block_errors["url"].message)


def test_a_link_to_another_site_says_that_it_leaves_and_hands_nothing_over():
    block = ExternalLinkBlock()
    value = block.clean(
        block.to_python({"url": " https://www.mca.gov.cn/ ", "title": "<b>民政部", "text": ""})
    )
    html = block.render(value)
    assert 'href="https://www.mca.gov.cn/" rel="noopener noreferrer external" target="_blank"' in html
    assert "www.mca.gov.cn" in html.split("block-external__note")[1]
    assert "<b>" not in html


def test_a_link_that_came_past_the_form_leads_nowhere():
    block = ExternalLinkBlock()
    html = block.render(block.to_python({"url": "javascript:alert(1)", "title": "点我", "text": ""}))
    assert "点我" in html
    assert "<a" not in html


@pytest.mark.parametrize(
    "url", ["http://www.mca.gov.cn/", "https://10.0.0.1/", "https://a:b@mca.gov.cn/", "x"]
)
def test_addresses_that_nobody_should_follow_are_refused_in_the_form(url):
    assert refused(ExternalLinkBlock(), url)
    assert refused(EmbedBlock(), url)


def test_by_default_no_site_is_shown_inside():
    assert allowed_hosts() == frozenset()
    assert "链接" in refused(EmbedBlock(), PLAYER)


def test_only_the_allowed_hosts_are_shown_inside_and_the_refusal_names_them(settings):
    settings.EMBED_HOSTS = ["Player.example.com", "v.example.cn"]
    block = EmbedBlock()
    assert block.clean(block.to_python({"url": PLAYER, "title": "演示"}))["url"] == PLAYER
    words = refused(block, "https://player.example.com.evil.cn/")
    assert "player.example.com.evil.cn" in words
    assert "player.example.com, v.example.cn" in words


def test_our_own_hosts_are_never_allowed_nor_words_that_are_no_host(settings):
    settings.ALLOWED_HOSTS = ["xinhuo.example.cn", ".our.example.cn"]
    settings.CONTENT_HOST = "content.example.cn:8443"
    settings.EMBED_HOSTS = [
        *("xinhuo.example.cn", "a.our.example.cn", "content.example.cn"),
        *(
            "*",
            "*.example.com",
            "ok.cn; script-src *",
            "localhost",
            "10.0.0.1",
            "https://v.cn",
            "ok.example.cn",
        ),
    ]
    assert allowed_hosts() == {"ok.example.cn"}


def test_attachments_are_listed_with_kind_size_and_pages(db):
    paper = b"%PDF-1.4\n1 0 obj <</Type/Pages/Count 12>> endobj\n"
    files = [
        Document.objects.create(title=title, file=ContentFile(content, name=name))
        for title, name, content in (("手册", "a.pdf", paper), ("表格", "b.xlsx", b"PK"))
    ]
    raw = {"title": "", "documents": [{"type": "item", "id": str(f.pk), "value": f.pk} for f in files]}
    html = str(LessonBody().to_python([{"type": "attachments", "value": raw}])[0].render())
    assert "附件" in html
    assert html.count("<li") == 2
    assert "PDF · " in html
    assert "12 页" in html
    assert files[1].url in html


def test_attachments_whose_files_were_deleted_are_left_out(db):
    raw = {"title": "材料", "documents": [{"type": "item", "id": "1", "value": 999_999}]}
    html = str(LessonBody().to_python([{"type": "attachments", "value": raw}])[0].render())
    assert "<li" not in html
