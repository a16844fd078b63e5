"""``make eval``: fields right per profile, and our reading beside other extractors' on the same saved pages.

``python -m bench.extract_eval``. The others come with ``pip install 'quynhon-crawler[eval]'``; one that is
not installed is left out with a line that says so.

Text F1 counts words as a bag, lead and body together, because the others have no lead of their own; a caption
or byline in the text counts against it. A lead is kept when its words stand whole in the text or are given as
the description. A caption counts when it is bound to its picture.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from quynhon_crawler.extract.text import decode
from quynhon_crawler.portals import read
from tests.pages import score
from tests.pages.cases import Case, cases


@dataclass
class Said:
    """What an extractor made of one page; None where it has no such field."""

    text: str = ""
    lead: str | None = None
    author: str | None = None
    day: str | None = None
    captions: dict[str, str | None] = field(default_factory=dict)


def ours(case: Case) -> Said:
    article = read(case.page).article
    if article is None:
        return Said()
    return Said(
        text="\n".join(part for part in (article.lead, article.body) if part),
        lead=article.lead,
        author=article.author.name if article.author else None,
        day=(article.published_at or article.published_meta or "")[:10] or None,
        captions={image.url.rsplit("/", 1)[-1]: image.caption for image in article.images},
    )


def html_of(case: Case) -> str:
    return decode(case.page.content, case.page.header("Content-Type")).text


def trafilatura_(case: Case) -> Said:
    import trafilatura

    found = trafilatura.bare_extraction(
        html_of(case), url=case.page.url, favor_precision=True, with_metadata=True
    )
    if found is None:
        return Said()
    return Said(found.text or "", found.description, found.author, (found.date or "")[:10] or None)


def readability_(case: Case) -> Said:
    import lxml.html
    from readability import Document

    summary = Document(html_of(case)).summary()
    return Said(lxml.html.fromstring(summary).text_content() if summary.strip() else "")


def newspaper_(case: Case) -> Said:
    import newspaper

    article = newspaper.Article(case.page.url, language="vi")
    article.download(input_html=html_of(case))
    article.parse()
    day = article.publish_date.date().isoformat() if article.publish_date else None
    return Said(article.text, article.meta_description or None, ", ".join(article.authors) or None, day)


def resiliparse_(case: Case) -> Said:
    from resiliparse.extract.html2text import extract_plain_text

    return Said(extract_plain_text(html_of(case), main_content=True))


def f1(wanted: str, got: str) -> float:
    """Of the words as a bag, 0 to 1."""
    want, have = Counter(wanted.split()), Counter(got.split())
    common = (want & have).total()
    return 2 * common / (want.total() + have.total()) if common else 0.0


@dataclass
class Tally:
    f1: list[float] = field(default_factory=list)
    leads: int = 0
    captions: int = 0
    authors: int = 0
    days: int = 0


def compare(extract: Callable[[Case], Said], chosen: list[Case]) -> Tally:
    tally = Tally()
    for case in chosen:
        try:
            said = extract(case)
        except Exception as error:  # another's bug is a page without a reading
            print(f"  {extract.__name__.strip('_')} failed on {case.name}: {type(error).__name__}")
            said = Said()
        wanted = case.expected["article"]
        if "body" in wanted:
            tally.f1.append(
                f1("\n".join(part for part in (wanted.get("lead"), wanted["body"]) if part), said.text)
            )
        if lead := wanted.get("lead"):
            words = " ".join(lead.split())
            tally.leads += words in " ".join(said.text.split()) or said.lead == lead
        if author := wanted.get("author"):
            tally.authors += said.author == author["name"]
        if day := wanted.get("published_at"):
            tally.days += said.day == day[:10]
        for image in wanted.get("images", []):
            if image.get("caption") and "url" in image:
                tally.captions += said.captions.get(image["url"].rsplit("/", 1)[-1]) == image["caption"]
    return tally


def main() -> None:
    warnings.simplefilter("ignore")
    print(f"{'profile':12}{'pages':>7}{'fields':>8}{'right':>8}")
    for profile, values in score.count().items():
        print(f"{profile:12}{values['pages']:>7}{values['fields']:>8}{values['right']:>8}")
    chosen = [case for case in cases() if case.expected.get("article")]
    wanted = [case.expected["article"] for case in chosen]
    leads = sum(bool(article.get("lead")) for article in wanted)
    authors = sum(bool(article.get("author")) for article in wanted)
    days = sum(bool(article.get("published_at")) for article in wanted)
    captions = sum(bool(i.get("caption") and "url" in i) for a in wanted for i in a.get("images", []))
    print(
        f"\n{len(chosen)} article pages: {leads} leads, {captions} captions, {authors} authors, {days} dates"
    )
    print(f"{'':16}{'text F1':>9}{'leads':>8}{'captions':>10}{'authors':>9}{'dates':>7}")
    for name, extract, package in (
        ("ours", ours, None),
        ("trafilatura", trafilatura_, "trafilatura"),
        ("readability", readability_, "readability"),
        ("newspaper4k", newspaper_, "newspaper"),
        ("resiliparse", resiliparse_, "resiliparse"),
    ):
        try:
            __import__(package or "json")
        except ImportError:
            print(f"{name:16}not installed: pip install 'quynhon-crawler[eval]'")
            continue
        tally = compare(extract, chosen)
        mean = sum(tally.f1) / len(tally.f1)
        print(f"{name:16}{mean:>9.3f}{tally.leads:>8}{tally.captions:>10}{tally.authors:>9}{tally.days:>7}")


if __name__ == "__main__":
    main()
