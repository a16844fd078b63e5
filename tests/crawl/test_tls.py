"""Certificates are verified, exceptions are the portal's own and are written down, old servers can be had."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from pathlib import Path

import pytest
import trustme

from quynhon_crawler.sample import SamplePortal
from quynhon_crawler.warc.info import warcinfo_of
from quynhon_crawler.warc.reader import Record, exchanges
from tests.crawl.archives import archive, stored, warcs
from tests.crawl.run_crawl import quynhon


def portal_at(url: str, *more: str) -> str:
    return "\n".join(("min_free = 0", "[[portals]]", 'name = "p"', f'url = "{url}"', *more, ""))


def served(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_certificate_that_nobody_signed_is_told_with_what_to_set(tmp_path: Path) -> None:
    with SamplePortal(articles=2, tls=served(trustme.CA())) as portal:
        done = quynhon("crawl", "p", "--archive", archive(tmp_path, portal_at(portal.url)))
    assert done.returncode == 1
    assert stored(tmp_path) == []
    (line,) = [line for line in done.stderr.splitlines() if "certificate" in line]
    assert 'set tls = "insecure" for the portal in archive.toml' in line
    assert "Traceback" not in done.stderr


def test_a_certificate_of_another_host_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with SamplePortal(articles=2, tls=served(authority, "khac.gov.vn")) as portal:
        done = quynhon("crawl", "p", "--archive", archive(tmp_path / "a", portal_at(portal.url)))
    assert done.returncode == 1
    assert "certificate is of another host" in done.stderr


def test_a_certificate_that_is_trusted_is_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with SamplePortal(articles=2, tls=served(authority)) as portal:
        done = quynhon("crawl", "p", "--archive", archive(tmp_path / "a", portal_at(portal.url)))
    assert done.returncode == 0, done.stderr
    assert not [item for item in stored(tmp_path / "a") if "x-quynhon-tls" in item.record.headers]


def test_an_exception_is_recorded_with_every_capture(tmp_path: Path) -> None:
    with SamplePortal(articles=2, tls=served(trustme.CA(), "khac.gov.vn")) as portal:
        folder = archive(tmp_path, portal_at(portal.url, 'tls = "insecure"'))
        done = quynhon("crawl", "p", "--limit", "9", "--archive", folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    said = "insecure: certificates are not verified"
    assert {item.record.headers["x-quynhon-tls"] for item in stored(tmp_path)} == {said}
    records = [item for path in warcs(tmp_path) for item in exchanges(path) if isinstance(item, Record)]
    assert next(warcinfo_of(item) for item in records if item.type == "warcinfo")["tls"] == said


def old_server() -> ssl.SSLContext:
    context = served(trustme.CA())
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    return context


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_an_old_server_needs_its_ciphers(tmp_path: Path) -> None:
    with SamplePortal(articles=2, tls=old_server()) as portal:
        folder = archive(tmp_path / "no", portal_at(portal.url, 'tls = "insecure"'))
        refused = quynhon("crawl", "p", "--archive", folder)
        more = ('tls = "insecure"', 'ciphers = "DEFAULT@SECLEVEL=0"')
        done = quynhon("crawl", "p", "--archive", archive(tmp_path / "yes", portal_at(portal.url, *more)))
    assert refused.returncode == 1
    assert 'try ciphers = "DEFAULT@SECLEVEL=0"' in refused.stderr
    assert done.returncode == 0, done.stderr


def test_ciphers_that_openssl_does_not_know_are_wrong_use(tmp_path: Path) -> None:
    folder = archive(tmp_path, portal_at("https://127.0.0.1:1/", 'ciphers = "NONSENSE"'))
    done = quynhon("crawl", "p", "--archive", folder)
    assert done.returncode == 2
    assert "ciphers = 'NONSENSE'" in done.stderr


def test_no_tls_at_all_behind_https(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        url = f"https://127.0.0.1:{plain.getsockname()[1]}/"
        folder = archive(tmp_path, portal_at(url, "retries = 0"))
        crawl = threading.Thread(target=lambda: said.append(quynhon("crawl", "p", "--archive", folder)))
        said: list[subprocess.CompletedProcess[str]] = []
        crawl.start()
        connection, _ = plain.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            crawl.join()
    assert said[0].returncode == 1
    assert "is the address http?" in said[0].stderr


def test_a_port_that_never_answers_the_handshake(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        folder = archive(tmp_path, portal_at(url, "timeout = 1.0", "retries = 0"))
        done = quynhon("crawl", "p", "--archive", folder)
    assert done.returncode == 1
    assert "no answer" in done.stderr
