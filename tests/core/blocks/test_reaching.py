"""Links are asked at a server of the test's own, over a real TLS connection."""

import datetime
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.blocks.reaching import Unreachable, Way, is_public, reach

HOST = "pages.example.com"


class Pages(BaseHTTPRequestHandler):
    def answer(self):
        self.server.asked.append((self.command, self.path, self.headers["Host"]))
        path = self.path.partition("?")[0]
        status, location = {
            "/there": (200, ""),
            "/wall": (403, ""),
            "/gone": (404, ""),
            "/broken": (500, ""),
            "/moved": (301, "/there"),
            "/round": (302, "/round"),
            "/inside": (302, "https://inside.internal/"),
            "/plain": (302, f"http://{HOST}/there"),
            "/private": (302, "https://router.example.com/"),
        }.get(path, (405 if self.command == "HEAD" else 200, ""))
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.end_headers()

    do_HEAD = do_GET = answer  # noqa: N815 - the library’s names

    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=400))
        .not_valid_after(now + datetime.timedelta(days=400))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def server(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = HTTPServer(("127.0.0.1", 0), Pages)
    server.asked = []
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def way(server, certificate):
    """Every name but the router's leads to the test's server."""
    context = ssl.create_default_context(cafile=str(certificate))
    found = {"router.example.com": ["192.168.1.1"], "nobody.example.com": []}
    return Way(
        resolve=lambda host: found.get(host, ["127.0.0.1"]),
        allows=lambda address: address == "127.0.0.1",
        port=server.server_address[1],
        context=context,
    )


@pytest.mark.parametrize("path", ["/there", "/wall", "/moved", "/only-get?q=个案&x=1", "/中文"])
def test_a_page_that_is_there_is_reached(way, path):
    reach(f"https://{HOST}{path}", way)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (f"https://{HOST}/gone", "gone"),
        (f"https://{HOST}/broken", "broken"),
        (f"https://{HOST}/round", "loops"),
        (f"https://{HOST}/plain", "broken"),
        (f"https://{HOST}/inside", "private"),
        (f"https://{HOST}/private", "private"),
        ("https://router.example.com/", "private"),
        ("https://nobody.example.com/", "name"),
        ("https://other.example.com/there", "secure"),
        ("https://127.0.0.1/", "private"),
    ],
)
def test_what_nobody_reaches_is_told_with_its_reason(way, url, reason):
    with pytest.raises(Unreachable) as told:
        reach(url, way)
    assert told.value.reason == reason


def test_a_line_break_in_an_address_asks_nothing(way, server):
    with pytest.raises(Unreachable):
        reach(f"https://{HOST}/a\r\nX-Other: 1", way)
    assert server.asked == []


def test_one_name_with_a_private_address_among_public_ones_is_not_asked(way, server):
    mixed = Way(lambda _host: ["127.0.0.1", "10.0.0.1"], way.allows, way.port, way.context)
    with pytest.raises(Unreachable, match="private"):
        reach(f"https://{HOST}/there", mixed)
    assert server.asked == []


def test_a_host_that_says_nothing_costs_so_long_and_no_longer(way):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = Way(way.resolve, way.allows, silent.getsockname()[1], way.context, seconds=0.3)
        began = time.monotonic()
        with pytest.raises(Unreachable, match="time"):
            reach(f"https://{HOST}/there", slow)
        assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),
        *("::1", "::", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1"),
        *("2002:a00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "ff02::1", "x", ""),
    ],
)
def test_addresses_inside_networks_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2400:3200::1"])
def test_addresses_of_the_public_network_are(address):
    assert is_public(address)
