"""Nobody leads the crawler into a private network: by spelling, by redirect, by DNS."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import pytest

from quynhon_crawler.config import Portal
from quynhon_crawler.crawl.guard import Guard, is_public, literal
from quynhon_crawler.sample import SamplePortal
from tests.crawl.archives import archive, ask, stored
from tests.crawl.dns_server import DnsServer
from tests.crawl.run_crawl import quynhon

PUBLIC = Guard(Portal(name="p", url="https://quynhon.gov.vn/"))
SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "017700000001", "0x7f000001", "0x7f.1", "0177.0.0.01",
    "127.0.0.1.", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
    "%31%32%37.0.0.1", "１２７.0.0.1", "127。0。0。1", "0.0.0.0", "0", "[::]",
    "10.0.0.1", "172.16.5.5", "192.168.1.1", "100.64.0.1", "100.100.100.200", "169.254.169.254",
    "2852039166", "0xa9fea9fe", "[fd00:ec2::254]", "[fe80::1]", "224.0.0.1", "255.255.255.255", "198.18.0.1",
)  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
def test_private_addresses_are_known_in_every_spelling(host: str) -> None:
    assert PUBLIC.refusal(f"http://{host}/latest/meta-data/")


@pytest.mark.parametrize("host", ["8.8.8.8", "134744072", "[2001:4860:4860::8888]", "[::ffff:8.8.8.8]"])
def test_public_addresses_may_be_asked(host: str) -> None:
    found = literal(host)
    assert found is not None
    assert is_public(found)
    assert PUBLIC.refusal(f"http://{host}/") is None


@pytest.mark.parametrize(
    "host", ["quynhon.gov.vn", "1.gov.vn", "0x.vn", "1234567890123456789012345", "", "1.2.3.4.5"]
)
def test_names_are_left_to_dns(host: str) -> None:
    assert literal(host) is None


def test_a_portal_named_at_a_private_address_is_exempt_there_and_nowhere_else() -> None:
    guard = Guard(Portal(name="p", url="http://192.168.1.5:8080/"))
    assert guard.refusal("http://192.168.1.5:8080/tin-tuc") is None
    assert guard.refusal("http://192.168.1.5/")
    assert guard.refusal("http://192.168.1.1:8080/")
    assert guard.may_connect("192.168.1.5", "192.168.1.5")


def test_a_name_that_leads_into_a_private_network_needs_leave() -> None:
    url = "http://cong.noi-bo.vn/"
    assert not Guard(Portal(name="p", url=url)).may_connect("cong.noi-bo.vn", "10.1.2.3")
    assert Guard(Portal(name="p", url=url, allow_private=True)).may_connect("cong.noi-bo.vn", "10.1.2.3")
    assert not Guard(Portal(name="p", url=url, allow_private=True)).may_connect("khac.vn", "10.1.2.3")
    assert Guard(Portal(name="p", url="http://localhost:1/")).may_connect("localhost", str(ip_address("::1")))


def portal_named(name: str, port: int, more: str = "") -> str:
    return f'min_free = 0\n{more}[archive]\nemail = "luu@example.vn"\n[[portals]]\nname = "p"\nurl = "http://{name}:{port}/"\n'


def test_dns_answers_are_judged(tmp_path: Path) -> None:
    with SamplePortal(articles=3) as portal, DnsServer({"cong.test": [["127.0.0.1"]]}) as dns:
        folder = archive(tmp_path, portal_named("cong.test", portal.port, f'dns = "{dns.address}"\n'))
        done = quynhon("crawl", "p", "--archive", folder)
        assert portal.requests == 0
    assert done.returncode == 1
    assert "cong.test leads to 127.0.0.1, an address of a private network" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_with_leave_a_name_may_lead_anywhere_and_dns_is_asked_where_told(
    address: str, tmp_path: Path
) -> None:
    with SamplePortal(address, articles=3) as portal, DnsServer({"cong.test": [[address]]}) as dns:
        more = portal_named("cong.test", portal.port, f'dns = "{dns.address}"\n') + "allow_private = true\n"
        done = quynhon("crawl", "p", "--archive", archive(tmp_path, more))
        assert portal.requests > 10
    assert done.returncode == 0, done.stderr
    assert dns.asked


def test_a_name_that_nobody_knows_is_told_in_a_line(tmp_path: Path) -> None:
    with DnsServer({}) as dns:
        folder = archive(tmp_path, portal_named("khong-co.test", 80, f'dns = "{dns.address}"\n'))
        done = quynhon("crawl", "p", "--archive", folder)
    assert done.returncode == 1
    assert "the host name is not known" in done.stderr


def test_a_redirect_to_a_private_address_is_recorded_and_not_followed(tmp_path: Path) -> None:
    with SamplePortal(articles=3) as portal, SamplePortal(articles=1) as inside:
        spelled = f"http://2130706433:{inside.port}/bi-mat"
        head = f"HTTP/1.1 302 Found\r\nLocation: {spelled}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        portal.fault("/gioi-thieu", "raw", raw=head.encode())
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path))
        assert inside.requests == 0
    assert done.returncode == 0, done.stderr
    (record,) = [item.record for item in stored(tmp_path) if item.record.url.endswith("/gioi-thieu")]
    assert record.block == head.encode()


def test_ipv6(tmp_path: Path) -> None:
    with SamplePortal("::1", articles=3) as portal:
        done = quynhon("crawl", portal.url, "--archive", archive(tmp_path))
        assert {article.url for article in portal.truth.articles} == {
            url for (url,) in ask(tmp_path, "url", "articles")
        }
    assert done.returncode == 0, done.stderr
    assert {item.record.headers["warc-ip-address"] for item in stored(tmp_path)} == {"::1"}


def test_a_public_host_is_not_asked_without_a_contact(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    done = quynhon("crawl", "http://cong.test/", "--archive", folder)
    assert done.returncode == 2
    assert "archive.toml: fill in email (and operator) in [archive] first" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert 'url = "http://cong.test/"' in (folder / "archive.toml").read_text()


def test_a_crawl_asks_in_the_name_of_who_runs_it(tmp_path: Path) -> None:
    with SamplePortal(articles=1) as portal, DnsServer({"cong.test": [["127.0.0.1"]]}) as dns:
        more = portal_named("cong.test", portal.port, f'dns = "{dns.address}"\n') + "allow_private = true\n"
        quynhon("crawl", "p", "--limit", "1", "--archive", archive(tmp_path, more))
        agents = {one.request.partition(b"User-Agent: ")[2].partition(b"\r")[0] for one in portal.exchanges}
    (agent,) = agents
    assert agent.startswith(b"quynhon_crawler/")
    assert agent.endswith(b"(+luu@example.vn)")
