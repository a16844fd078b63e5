"""Articles that nobody wrote, with a vocabulary like real Vietnamese: about 6,500 syllables, Zipf.

Syllables are put together from the onsets, rimes and tones of the language, so that letters, marks and đ come
about as often as in print; words in order mean nothing.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from itertools import accumulate

from quynhon_crawler.model import Article, Author, Capture, Image, Section, stable_id
from quynhon_crawler.urls import url_key

HOME = "https://bench.example/"
_ONSETS = "b c ch d đ g gh h k kh l m n ng ngh nh p ph qu r s t th tr v x gi"
_RIMES = """
    a ă â e ê i o ô ơ u ư y ai ao au âu ay ây an ăn ân am ăm âm ang ăng âng ac ăc âc at ăt ât ap ăp âp anh ach
    e eo em en et ep eng ênh êch êm ên êt êp êu ia iêm iên iêt iêp iêu iêng iêc im in it ip inh ich iu oa oai
    oan oang oat oac oe oen oi om on ong oc op ot ôi ôm ôn ông ôc ôp ôt ơi ơm ơn ơp ơt ua uân uât uê ui um un
    ung uc up ut uôi uôm uôn uông uôc uôt uy uyên uyêt uynh ưa ưi ưng ưc ưu ươi ươm ươn ương ươc ươt ươp ươu
"""
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_VOWELS = "aăâeêioôơuưy"


def _syllables() -> list[str]:
    made = []
    for onset in _ONSETS.split():
        for rime in _RIMES.split():
            vowels = [place for place, letter in enumerate(rime) if letter in _VOWELS]
            at = vowels[0] if len(vowels) == 1 else vowels[1] if rime[-1] not in _VOWELS else vowels[-2]
            for tone in _TONES:
                made.append(unicodedata.normalize("NFC", onset + rime[: at + 1] + tone + rime[at + 1 :]))
    made = list(dict.fromkeys(made))
    random.Random(1).shuffle(made)
    return made[:6500]


SYLLABLES = _syllables()
_WEIGHTS = list(accumulate(1 / (rank + 2.7) for rank in range(len(SYLLABLES))))


def words(source: random.Random, count: int) -> list[str]:
    """Syllables as often as in a language: the n-th most common one 1/n as often as the first."""
    return source.choices(SYLLABLES, cum_weights=_WEIGHTS, k=count)


def article(number: int, source: random.Random, *, size: int = 6000) -> Article:
    """An article whose body is ``size`` bytes of UTF-8 or a little more."""
    paragraphs: list[str] = []
    length = 0
    while length < size:
        paragraphs.append(" ".join(words(source, source.randrange(40, 100))).capitalize() + ".")
        length += len(paragraphs[-1].encode()) + 2
    url = f"{HOME}tin-tuc/bai-{number}.html"
    day = f"{2015 + number % 10}-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return Article(
        url=url,
        title=" ".join(words(source, 12)).capitalize(),
        lead=" ".join(words(source, 40)).capitalize() + ".",
        body="\n\n".join(paragraphs),
        body_html="".join(f'<p style="text-align:justify">{text}</p>\n' for text in paragraphs),
        byline=f"Tên {number % 40}_VPTU",
        author=Author(f"Tên {number % 40}_VPTU", f"Tên {number % 40}", "VPTU", "Văn phòng Thành ủy"),
        published_at=f"{day}T08:00:00+07:00",
        language="vi",
        word_count=length // 6,
        sections=(Section(f"Mục {number % 12}", f"{HOME}muc-{number % 12}"),),
        images=(Image(0, f"{HOME}upload/{number}_a.jpg", caption="Quang cảnh"),),
        tags=(f"thẻ {number % 90}",),
    )


def capture(url: str, number: int, crawl: int = 0) -> Capture:
    """The ``number``-th capture of a crawl, a second after the one before."""
    minutes, second = divmod(number, 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24)
    return Capture(
        url=url,
        url_key=url_key(url),
        captured_at=f"20{26 + crawl}-01-{day + 1:02}T{hour:02}:{minute:02}:{second:02}Z",
        method="GET",
        status=200,
        media_type="text/html",
        record_type="response",
        body_sha256=f"{stable_id(f'{crawl} {number}'):064x}",
        bytes=95_000,
        truncated=None,
        warc_file=f"BENCH-{crawl}-{number // 20_000}.warc.gz",
        warc_offset=number % 20_000 * 30_000,
        warc_length=29_000,
        warc_record_id=f"<urn:uuid:{crawl:08}-{number:012}>",
        crawl_id=f"bench-{crawl}",
    )


def articles(count: int, *, seed: int = 2) -> Iterator[tuple[Capture, Article]]:
    source = random.Random(seed)
    for number in range(count):
        made = article(number, source)
        yield capture(made.url, number), made
