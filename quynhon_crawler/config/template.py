"""A new archive.toml, with comments."""

from __future__ import annotations

from quynhon_crawler.config.keys import Portal


def template(*, portal: Portal | None = None) -> str:
    """A new archive.toml, with every key that a beginner changes and what it means."""
    lines = [
        "# What this archive crawls, how politely, and who runs it.",
        "# Every key is explained in docs/configuration.md; one that is not known there is an error.",
        "",
        "[archive]",
        'name = "Kho lưu trữ cổng thông tin"',
        "# Who runs it and where a webmaster can reach them; both go into every request and WARC file.",
        'operator = ""',
        'email = ""',
        'rights = ""',
        'prefix = "QUYNHON"',
        "",
        "[crawl]",
        "delay = 1.0          # seconds between two requests to one host",
        "concurrency = 1      # requests under way at once",
        "timeout = 60.0       # seconds for one answer; what came until then is kept and flagged",
        "max_bytes = 50000000 # bytes of one answer; the first ones are kept and flagged",
        "",
    ]
    lines += [
        "[schedule]",
        "# When `quynhon crawl --due` crawls, in Vietnamese time; `quynhon schedule install` has it called.",
        '# every = "daily 02:30"',
        '# full_every = "4w"',
        '# hours = "22:00-06:00"',
        "",
    ]
    if portal is None:
        lines += ["# [[portals]]", '# name = "quynhon"', '# url = "https://quynhon.gov.vn/"']
    else:
        lines += ["[[portals]]", f'name = "{portal.name}"', f'url = "{portal.url}"']
        lines += [f'title = "{portal.title}"'] if portal.title else []
    return "\n".join(lines) + "\n"
