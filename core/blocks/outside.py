"""Blocks that lead out of the site: a link, and something of a site that was allowed to be shown inside a lesson."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from core.blocks.links import LONGEST, AddressFault, address_fault, host_of

FAULTS: dict[AddressFault, str | Promise] = {
    AddressFault.NOT_HTTPS: _("Only addresses that begin with https:// can be linked to."),
    AddressFault.ODD: _("This is no address of a web page. Copy it from the address bar of your browser."),
    AddressFault.PRIVATE: _(
        "This address is reached from inside a network only. Trainees could not open it."
    ),
    AddressFault.WITH_PASSWORD: _("There is a user name in this address. Take it out."),
}


def allowed_hosts() -> frozenset[str]:
    """The hosts whose pages lessons may show inside (EMBED_HOSTS). Never our own: there the sandbox would hold nothing."""
    hosts = {host.lower() for host in settings.EMBED_HOSTS}
    return frozenset(
        host for host in hosts if address_fault(f"https://{host}") is None and not _is_ours(host)
    )


def _is_ours(host: str) -> bool:
    own = (*settings.ALLOWED_HOSTS, settings.CONTENT_HOST.partition(":")[0])
    return any(host == each or (each.startswith(".") and f".{host}".endswith(each)) for each in own)


def _refuse(words: Any) -> StructBlockValidationError:
    return StructBlockValidationError(block_errors={"url": ValidationError(words)})


class ExternalLinkBlock(blocks.StructBlock):
    """A page of another site. It opens in a window of its own, and says so."""

    url = blocks.CharBlock(label=_("Address"), max_length=LONGEST, help_text=_("Beginning with https://"))
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("What it is good for"), required=False, max_length=300)

    class Meta:
        icon = "link-external"
        label = _("Link to another site")
        template = "core/blocks/external.html"

    def clean(self, value: Any) -> Any:
        """Refuse what is no https address of a public page."""
        cleaned = super().clean(value)
        cleaned["url"] = cleaned["url"].strip()
        if fault := address_fault(cleaned["url"]):
            raise _refuse(FAULTS[fault])
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        fault = address_fault(value["url"] or "")  # whatever way it came into the database
        context |= {"address": "" if fault else value["url"], "host": host_of(value["url"] or "")}
        return context


class EmbedBlock(blocks.StructBlock):
    """A page of another site inside the lesson; only of the hosts that whoever runs this site has allowed."""

    url = blocks.CharBlock(
        label=_("Address"),
        max_length=LONGEST,
        help_text=_("The address that the other site gives for embedding, beginning with https://"),
    )
    title = blocks.CharBlock(label=_("Title"), max_length=120)

    class Meta:
        icon = "code"
        label = _("Content of another site")

    def clean(self, value: Any) -> Any:
        """Refuse every host that is not allowed, with the names of those that are."""
        cleaned = super().clean(value)
        cleaned["url"] = cleaned["url"].strip()
        if fault := address_fault(cleaned["url"]):
            raise _refuse(FAULTS[fault])
        hosts = allowed_hosts()
        if not hosts:
            raise _refuse(
                _("No site is allowed to be shown inside lessons here. Use “Link to another site” instead.")
            )
        if (host := host_of(cleaned["url"])) not in hosts:
            words = _(
                "“%(host)s” is not allowed to be shown inside lessons; allowed are: %(hosts)s. Use “Link to another site” instead."
            )
            raise _refuse(words % {"host": host, "hosts": ", ".join(sorted(hosts))})
        return cleaned


def frame_facts(key: str, value: Any) -> dict[str, Any]:
    """What a version keeps of something that is shown inside."""
    return {"key": key, "title": value["title"], "url": value["url"]}
