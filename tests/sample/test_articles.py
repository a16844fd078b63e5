"""Article pages: as large and as odd as the real ones, and the truth about them."""

import re
import unicodedata
from collections import Counter

import pytest
from bs4 import BeautifulSoup

from quynhon_crawler.model import Article
from quynhon_crawler.sample import SamplePortal
from tests.sample.client import fetch


@pytest.fixture(scope="module")
def pages(portal: SamplePortal) -> dict[str, str]:
    return {article.url: fetch(portal, article.url).text for article in portal.truth.articles}


@pytest.fixture(scope="module")
def seed(portal: SamplePortal) -> Article:
    return next(article for article in portal.truth.articles if article.byline == "Linh_VPTU" and article.lead
                and article.lead.startswith("Sáng ngày 27/8/2019"))  # fmt: skip


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def test_there_are_as_many_as_asked_for(portal: SamplePortal) -> None:
    kinds = Counter(article.kind for article in portal.truth.articles)
    assert kinds == {"article": 320, "notice": 25, "album": 13, "video": 9}
    assert (
        len({article.sections[0].title for article in portal.truth.articles if article.kind == "article"})
        == 6
    )
    assert max(len(article.sections) for article in portal.truth.articles) == 3
    assert len(portal.truth.documents) == 80


def test_addresses_and_titles_are_unique(portal: SamplePortal) -> None:
    articles = portal.truth.articles
    assert (
        len({article.url for article in articles})
        == len(articles)
        == len({article.title for article in articles})
    )


def test_pages_are_as_heavy_as_the_real_ones(pages: dict[str, str]) -> None:
    sizes = [len(html.encode()) for html in pages.values()]
    assert min(sizes) >= 90_000
    assert max(sizes) <= 100_000


def test_truth_is_what_the_page_shows(portal: SamplePortal, pages: dict[str, str]) -> None:
    for article in portal.truth.articles:
        soup = BeautifulSoup(pages[article.url], "lxml")
        main = soup.select_one("article.article-new")
        shown = squeezed(main.get_text())
        for paragraph in article.body.split("\n\n"):
            for cell in paragraph.split(" | "):
                assert squeezed(cell) in shown, article.url
        assert squeezed(article.title or "") in shown
        assert squeezed(article.lead or "") in shown
        for image in article.images:
            assert squeezed(image.caption or "") in shown
        assert soup.select_one('link[rel="canonical"]')["href"] == article.url


def test_truth_has_every_picture_of_the_bodies(portal: SamplePortal, pages: dict[str, str]) -> None:
    for article in portal.truth.articles:
        main = BeautifulSoup(pages[article.url], "lxml").select_one("article.article-new")
        shown = [img for img in main.select("img") if "no-image" not in img["src"]]
        assert len(shown) == len(article.images)


def test_meta_tags_are_as_the_cms_sends_them(pages: dict[str, str], seed: Article) -> None:
    html = pages[seed.url]
    assert '<meta name="Author" content="Cổng thông tin điện tử thành phố Quy Nhơn">' in html
    assert '<meta property="article:published_time" content="2023-09-06T10:21:36+0700">' in html
    assert '<meta name="DC.Date" content="2023-09-06+0710:21:36">' in html
    assert '<meta name="DC.Creator" content="">' in html
    assert seed.published_at == "2019-08-27T15:04:00+07:00"
    assert seed.published_meta == "2023-09-06T10:21:36+07:00"


def test_seed_article_and_its_side_bar(pages: dict[str, str], seed: Article) -> None:
    assert seed.event_date == "2019-08-27"
    assert seed.body.startswith("Từ đầu năm 2019 đến nay, công tác phát triển đảng viên")
    assert seed.body.endswith("vững mạnh./.")
    assert seed.author is not None
    assert (seed.author.name, seed.author.unit_code, seed.author.unit_name) == (
        "Linh",
        "VPTU",
        "Văn phòng Thành ủy",
    )
    (image,) = seed.images
    assert (image.code, image.caption, image.alt) == (
        "HNBCH082019001",
        "Quang cảnh Hội nghị",
        "HNBCH082019001",
    )
    assert image.original_name == "HNBCH082019001.jpg"
    side = BeautifulSoup(pages[seed.url], "lxml").select_one(".col-right")
    for words in ("Video TP. Quy Nhơn", "Quy Nhơn qua ảnh", "Quan hệ Quy Nhơn - Yongsan"):
        assert words in side.get_text()
    alts = [img["alt"] for img in side.select(".banner-right img")]
    assert alts == ["giadat", "lichtiep", "ketquakntc", "vanban3", "tuyendung"]


@pytest.mark.parametrize(
    "oddity",
    [
        r'<div class="article-content">\s*<h1',  # the outer one, of the same class as the body
        r'class="article-content font-size-text clearfix common-content"',
        r'<h1 class="title-detail">',  # the other layout
        r"lượt xem: \d+",
        r'class="[a-z-]+"container >',
        r'alt="[^"]*"" />',  # a stray quote
        r'src="/App/images/bg_trans\.png;" data-original="/upload/',
        r'src="/publish/thumbnail/105285/\d+x\d+xdefault/upload/',
        r"<p class=\"MsoNormal\"",
        r"<!--\[if gte mso 9\]>",
        r"<P align=justify><FONT",
        r'<div style="text-align:justify;">',
        r"<br />\n<br />",
        r"<figure><figcaption><p [^>]+><em>",
        r'<figure class="image"><img',
        r'<table align="center" border="0" cellpadding="1" style="width:600px;">',
        r'<table border="1"',
        r"viewer\.html\?file=/upload/",
        r'<iframe src="/App/pdfjs/web/viewer\.html\?file=',
        r'src="/upload/[^"]* [^"]*\([^"]*"',  # spaces and parentheses, raw
        r'src="/upload/[^"]*%20[^"]*"',  # and encoded
        r'/upload/105285/20230906/[0-9a-f]{32}[^"]*_6\d{17}_[0-9a-f]{5}\.',  # 2023 form around a 2019 form
        r'/upload/105285/fck/files/[^"]*_6\d{17}\.',
        r'display:none">Bản quyền',
        r'src="/App/images/no-image-news\.png"',
        r"\?page=Article\.Print\.detail&amp;id=[0-9a-f]{24}",
        r'itemId: "[0-9a-f]{24}"',
        r'href="/tag/[^"]*%20[^"]*[ạ-ỹ][^"]*"',
        r"Tin: [^;<]+; Ảnh: ",
        r"Bài, ảnh: ",
        r"Theo baobinhdinh\.vn",
        r"\w+_VPHĐND",
    ],
)
def test_oddity_is_there(pages: dict[str, str], oddity: str) -> None:
    assert any(re.search(oddity, html) for html in pages.values())


def test_ids_are_repeated_and_side_bars_list_other_articles(pages: dict[str, str], seed: Article) -> None:
    soup = BeautifulSoup(pages[seed.url], "lxml")
    assert len(soup.select("#item-lq")) == 12
    assert len(soup.select(".col-right .box-right article.article-news")) > 20
    assert len(soup.select(".col-right .box-right.ModuleWrapper")) == 5


def test_some_titles_are_decomposed_and_their_slugs_show_it(
    portal: SamplePortal, pages: dict[str, str]
) -> None:
    odd = [
        article
        for article in portal.truth.articles
        if not unicodedata.is_normalized("NFC", BeautifulSoup(pages[article.url], "lxml").h1.get_text())
    ]
    assert len(odd) >= 8
    assert all(
        unicodedata.is_normalized("NFC", f"{article.title}{article.lead}{article.body}") for article in odd
    )
    # every mark became a dash: more dashes in the slug than spaces in the title
    slugs = {article.url.rpartition("/")[2]: article.title or "" for article in odd}
    assert all(slug.count("-") > len(title.split()) for slug, title in slugs.items())


def test_bylines_come_in_every_place(portal: SamplePortal) -> None:
    truth = portal.truth
    assert any(article.byline is None for article in truth.articles)
    assert any(article.source == "baobinhdinh.vn" and article.author is None for article in truth.articles)
    codes = {article.author.unit_code for article in truth.articles if article.author}
    assert {"VPTU", "VPHĐND", "UBND", "MTTQ", "BTG", None} <= codes


def test_event_dates_are_told_and_left_out(portal: SamplePortal) -> None:
    dated = [article for article in portal.truth.articles if article.event_date]
    assert 200 < len(dated) < 320
    for article in dated:
        assert article.published_at is not None
        assert article.event_date is not None
        assert article.event_date <= article.published_at[:10]


def test_image_codes_are_told_apart(portal: SamplePortal) -> None:
    images = [image for article in portal.truth.articles for image in article.images]
    coded = [image for image in images if image.code]
    assert 50 < len(coded) < len(images)
    assert any(image.code and image.code != image.code.upper() for image in coded)
    assert any(image.code and "_" in image.code for image in coded)
    assert any(image.caption is None for image in images)


def test_one_picture_comes_in_two_generations(portal: SamplePortal) -> None:
    bodies = Counter(fetch(portal, url).body for url in portal.truth.images)
    assert sum(count > 1 for count in bodies.values()) >= 3


def test_print_view_is_there_and_is_no_article(
    portal: SamplePortal, pages: dict[str, str], seed: Article
) -> None:
    address = re.search(r'href="(/\?page=Article\.Print[^"]+)"', pages[seed.url])
    assert address is not None
    answer = fetch(portal, address[1].replace("&amp;", "&"))
    assert answer.status == 200
    assert "canonical" not in answer.text
    assert len(answer.body) < 30_000


def test_home_shows_the_six_sections(portal: SamplePortal) -> None:
    soup = BeautifulSoup(fetch(portal, "/").text, "lxml")
    assert len(soup.select(".home-block")) == 6
    assert len(soup.select(".home-block article.article-news a.article-title")) == 30


def test_same_seed_same_bytes() -> None:
    with SamplePortal(articles=40, clock=lambda: 0) as one, SamplePortal(articles=40, clock=lambda: 0) as two:
        urls = [article.url.removeprefix(one.base) for article in one.truth.articles]
        for target in [
            "/",
            "/kinh-te",
            *urls[:40],
            *[url.removeprefix(one.base) for url in one.truth.images[:30]],
        ]:
            first = fetch(one, target, Host="quynhon.example", Accept_Encoding="gzip")
            second = fetch(two, target, Host="quynhon.example", Accept_Encoding="gzip")
            assert first.raw == second.raw, target


def test_another_seed_makes_another_portal() -> None:
    one, two = (SamplePortal(articles=40, seed=seed).truth for seed in (1, 2))
    assert {article.title for article in one.articles} != {article.title for article in two.articles}
