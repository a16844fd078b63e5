"""archive.toml: what is not understood is an error that names the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from quynhon_crawler.config import load, parse, portal_for, template
from quynhon_crawler.errors import ConfigError


def test_the_template_is_understood() -> None:
    config = parse(template(portal=portal_for("https://quynhon.gov.vn/")))
    assert config.portals[0].url == "https://quynhon.gov.vn/"
    assert config.crawl.delay == 1.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[crawl]\ndelay = 1\ndealy = 2\n", "archive.toml:3: unknown key 'dealy'"),
        ("[archiv]\nname = 'x'\n", "archive.toml:1: unknown key 'archiv'"),
        ('[crawl]\ndelay = "soon"\n', "archive.toml:2: delay: must be a number, not text in quotes"),
        ("[crawl]\nconcurrency = 0\n", "archive.toml:2: concurrency: must be a whole number, 1 or more"),
        ("[crawl]\ndelay = inf\n", "archive.toml:2: delay: must be a number, 86,400 at most"),
        ("[crawl]\ndelay = nan\n", "archive.toml:2: delay: must be a number, 0 or more"),
        ("frontier_lease = inf\n", "archive.toml:1: frontier_lease: must be a number, 86,400 at most"),
        (
            "[crawl]\nmax_bytes = 99999999999999999999\n",
            "toml:2: max_bytes: must be a whole number, 1,000,000,000,000,000,000 at most",
        ),
        ('[[portals]]\nname = "a"\nurl = "ftp://a/"\n', "archive.toml:3: url: 'ftp://a/' is not an address"),
        (
            '[[portals]]\nname = "a"\nurl = "http://u:p@a/"\n',
            "archive.toml:3: url: a user name or password in",
        ),
        ('[crawl]\nwithhold = "all"\n', 'withhold: must be "nothing", "credentials" or "cookies"'),
        ('[archive]\nemail = "a@b.vn\\nX: y"\n', "archive.toml:2: email: holds a line break"),
        ('[portals]\nname = "a"\n', "archive.toml:1: portals: write [[portals]]"),
        ('[[portals]]\nname = "a b"\nurl = "http://a.vn/"\n', "toml:2: name: must be letters without"),
        ('[[portals]]\nname = "a"\n', "archive.toml:1: a portal needs its url"),
        ('[crawl]\nquiet_hours = "22h"\n', 'quiet_hours: must be hours of a day in Vietnamese time, as "22'),
        ("[crawl]\ndelay = 0,5\n", "archive.toml:2: Expected newline or end of document after a statement; "),
        ("[crawl]\ndelay = 0,5\n", "write 0.5, with a point"),
        ("[crawl]\ndealy = 1\n", "archive.toml:2: unknown key 'dealy'; meant: delay?"),
        ('[archive]\nemail = "nobody"\n', "archive.toml:2: email: 'nobody' is no e-mail address"),
        ("[archive]\nname = Quy\n", "archive.toml:2: Invalid value; text is written in quotes"),
        ("x = \n", "archive.toml:1: Invalid value"),
        ('name = "x"\n', "archive.toml:1: unknown key 'name'; write it below [archive] or [[portals]]"),
        ('[archive]\nemail = "a@b.vn\n', "a quotation mark is missing"),
        ("[crawl]\ndelay = 1\ndelay = 2\n", "archive.toml:3: Cannot overwrite a value; it stands here twice"),
        (
            '[[portals]]\nname="a"\nurl="http://a.vn/"\n[[portals]]\nname="b"\n',
            "archive.toml:4: a portal needs its url",
        ),
    ],
)
def test_mistakes_are_told_with_line_and_key(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse(text)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_mistake_in_the_second_portal_is_found_there() -> None:
    text = '[[portals]]\nname="a"\nurl="http://a/"\n[[portals]]\nname="b"\nurl="http://b/"\nspeed=1\n'
    with pytest.raises(ConfigError, match=r"archive\.toml:7: unknown key 'speed'"):
        parse(text)


def test_two_portals_of_one_name_are_refused() -> None:
    with pytest.raises(ConfigError, match="two portals have the name 'a'"):
        parse('[[portals]]\nname="a"\nurl="http://a/"\n[[portals]]\nname="a"\nurl="http://b/"\n')


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ('name="a"\nurl="http://b/"', "toml:5: name: two portals have the name 'a'; each needs its own"),
        ('name="A"\nurl="http://b/"', "toml:5: name: 'A' and 'a' of another portal are the same name; each"),
        ('name="b"\nurl="http://a.vn/"', "toml:6: url: two portals have the url 'http://a.vn/'; each"),
        (
            'name="b"\nurl="https://www.a.vn"',
            "toml:6: url: 'https://www.a.vn' and 'http://a.vn/' of another portal are the same url; each",
        ),
        ('name="b"\nurl="http://b/"\nproxy="127.0.0.1:3128"', "toml:7: proxy: not the address of a proxy; "),
        ('name="b"\nurl="http://b/"\nproxy="https://p:1/"', "toml:7: proxy: not the address of a proxy; "),
        ('name="b"\nurl="http://b/"\nproxy="http://u:pw@p:99999"', "toml:7: proxy: not the address"),
    ],
)
def test_portals_that_cannot_stand_beside_each_other(second: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse(f'[[portals]]\nname="a"\nurl="http://a.vn/"\n[[portals]]\n{second}\n')
    assert said in str(error.value)
    assert "pw" not in str(error.value)


@pytest.mark.parametrize(
    "dns", ["not an address", "host", "192.0.2.53:0", "192.0.2.53:x", "[2001:db8::1]:53"]
)
def test_a_dns_server_that_is_no_address(dns: str) -> None:
    with pytest.raises(ConfigError, match=r"archive\.toml:3: dns: .* is not the address of a DNS server; "):
        parse(f'[crawl]\ndelay = 1\ndns = "{dns}"\n')
    for good in ("192.0.2.53", "192.0.2.53:5353", "2001:db8::1"):
        assert parse(f'[crawl]\ndns = "{good}"\n').crawl.dns == good


def test_a_portal_overrides_the_crawl_and_the_command_line_both() -> None:
    config = parse('[crawl]\ndelay=2\ntimeout=9\n[[portals]]\nname="a"\nurl="http://a/"\ndelay=5\n')
    portal = config.portals[0]
    assert config.crawl_of(portal).delay == 5
    assert config.crawl_of(portal, delay=0.0).delay == 0
    assert config.crawl_of(portal, delay=None).timeout == 9


def test_a_file_that_is_no_text_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "archive.toml"
    path.write_bytes(b"[crawl]\xff")
    with pytest.raises(ConfigError, match="not UTF-8 at byte 7"):
        load(path)
