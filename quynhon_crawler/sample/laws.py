"""Legal documents: two shelves of numbered decisions, notices and resolutions."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .photos import encoded
from .sections import SITE, hex_id
from .words import Speech, person, slugged

ISSUER = "UBND thành phố Quy Nhơn"
COUNCIL = "HĐND thành phố Quy Nhơn"
# kind, abbreviation in the number
_KINDS = (
    ("Quyết định", "QĐ"),
    ("Công văn", "CV"),
    ("Kế hoạch", "KH"),
    ("Thông báo", "TB"),
    ("Chỉ thị", "CT"),
)
_SUBJECTS = (
    "Về việc phê duyệt {=project}",
    "Về tăng cường {=topic} trên địa bàn thành phố",
    "Về việc giao đất tại phường {=ward} để thực hiện {=project}",
    "Triển khai {=topic} năm {year}",
    "Về phòng, chống bệnh {=disease} tại phường {=ward}",
    "Về tổ chức {=festival} tại {=venue}",
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One list of documents; ``council``: resolutions of the people's council."""

    path: str
    title: str
    module: int
    count: int
    council: bool = False

    @property
    def category(self) -> str:
        return hex_id(f"category {self.path}")


SHELVES = (
    Shelf("/van-ban-chi-dao-dieu-hanh", "Văn bản chỉ đạo, điều hành", 51, 53),
    Shelf("/nghi-quyet-hdnd", "Nghị quyết của HĐND thành phố", 52, 27, council=True),
)


@dataclass(frozen=True, slots=True)
class Law:
    """One document. ``by_download``: its file is reached through Article.Download, not its own address."""

    shelf: Shelf
    number: str
    kind: str
    issued: date
    issuer: str
    signer: str
    abstract: str
    file: str
    by_download: bool

    @property
    def path(self) -> str:
        return f"{self.shelf.path}/{slugged(self.kind + ' ' + self.number)}.html"

    @property
    def id(self) -> str:
        return hex_id(f"law {self.path}")

    @property
    def href(self) -> str:
        return f"/?page=Article.Download&id={self.id}" if self.by_download else encoded(self.file)


def make_laws(seed: int) -> dict[Shelf, tuple[Law, ...]]:
    """The documents of every shelf, newest first."""
    return {shelf: _fill(shelf, Random(f"{seed} laws {shelf.path}")) for shelf in SHELVES}


def _fill(shelf: Shelf, rng: Random) -> tuple[Law, ...]:
    day, running, made = date(2025, 6, 24), 3900, []
    for position in range(shelf.count):
        kind, short = ("Nghị quyết", "NQ") if shelf.council else rng.choice(_KINDS)
        number = (
            f"{running}/{short}-{'HĐND' if shelf.council else 'UBND'}"
            if kind != "Quyết định"
            else f"{running}/QĐ-UBND"
        )
        speech = Speech(rng, "hoi_nghi", day.year)
        plain = unicodedata.normalize("NFC", number).replace("/", "-").replace("Đ", "D")
        name = f"{plain} (ký số)" if position % 5 == 0 else plain
        path = f"/upload/{SITE}/{day:%Y%m%d}/{name}_{hex_id(number, 5)}.pdf"
        abstract = speech.fill(rng.choice(_SUBJECTS))
        issuer = COUNCIL if shelf.council else ISSUER
        made.append(
            Law(shelf, number, kind, day, issuer, person(rng), abstract, path, by_download=position % 3 == 1)
        )
        day -= timedelta(days=rng.randint(3, 34))
        running -= rng.randint(7, 60)
    return tuple(made)
