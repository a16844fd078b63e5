"""Alarms by mail: letters that arrive, servers that are not trusted, passwords that nobody else sees."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from tests.watch.failing import Archive
from tests.watch.receivers import Postman

MAIL = (
    'smtp = "{}"\nsmtp_security = "{}"\nmail_from = "kho@a.example"\n'
    'mail_to = ["lan@a.example", "minh@a.example"]\n'
)
# What a test server may do: take passwords without TLS.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def test_a_letter_is_sent(tmp_path: Path) -> None:
    with Postman() as postman:
        archive = Archive(tmp_path / "Kho lưu trữ", MAIL.format(postman.place, "none"))
        archive.crawl(50)
        assert archive.sound() == []
        assert archive.sound() == []
    assert len(postman.letters) == 1
    letter = postman.letters[0]
    assert letter["Subject"] == "[quynhon] Kho lưu trữ: a: 50 addresses failed, more than max_failures = 10"
    assert letter["To"] == "lan@a.example, minh@a.example"
    assert "a: 50 addresses failed" in letter.get_content()


def test_a_letter_by_tls_with_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setenv("MAIL", "pa55")
    login = 'smtp_user = "kho"\nsmtp_password = "env:MAIL"\n'
    with Postman("pa55", context) as postman:
        archive = Archive(tmp_path / "kho", MAIL.format(postman.place, "starttls") + login)
        archive.crawl(50)
        assert archive.sound() == []
    assert postman.logins == [("kho", "pa55")]
    assert len(postman.letters) == 1


def test_a_server_that_is_not_to_be_trusted_gets_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    monkeypatch.setenv("MAIL", "pa55")
    login = 'smtp_user = "kho"\nsmtp_password = "env:MAIL"\n'
    with Postman("pa55", context) as postman:
        archive = Archive(tmp_path / "kho", MAIL.format(postman.place, "starttls") + login)
        archive.crawl(50)
        assert "certificate verify failed" in archive.sound()[0]
    assert (postman.logins, postman.letters) == ([], [])


def test_a_wrong_password_is_told_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL", "wr0ng")
    login = 'smtp_user = "kho"\nsmtp_password = "env:MAIL"\n'
    with Postman("right") as postman:
        archive = Archive(tmp_path / "kho", MAIL.format(postman.place, "none") + login)
        archive.crawl(50)
        said = archive.sound()[0]
    assert ": 535 " in said
    assert "wr0ng" not in said


def test_a_password_that_mail_cannot_carry_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL", "mật khẩu")
    login = 'smtp_user = "kho"\nsmtp_password = "env:MAIL"\n'
    with Postman("right") as postman:
        archive = Archive(tmp_path / "kho", MAIL.format(postman.place, "none") + login)
        archive.crawl(50)
        assert "may hold ASCII letters only" in archive.sound()[0]


def test_a_server_that_repeats_the_password_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL", "right")
    login = 'smtp_user = "kho"\nsmtp_password = "env:MAIL"\n'
    with Postman("right") as postman:
        postman.refuse = "554 no letters from kho with right"
        archive = Archive(tmp_path / "kho", MAIL.format(postman.place, "none") + login)
        archive.crawl(50)
        assert "554 no letters from kho with ***" in archive.sound()[0]
