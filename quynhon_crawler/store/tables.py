"""The tables, indexes and views of schema version 4, as SQL. What they mean stands in descriptions.py.

Column order matters: the long texts of ``articles`` stand last, so that a change of a short column rewrites
one page of the row and reading one does not walk through the text.
"""

from __future__ import annotations

TABLES = (
    """CREATE TABLE portals (
        id INTEGER PRIMARY KEY, name TEXT, home_url TEXT NOT NULL, system TEXT, rights TEXT)""",
    """CREATE TABLE crawls (
        id TEXT PRIMARY KEY, portal_id INTEGER REFERENCES portals(id), mode TEXT, started_at TEXT,
        finished_at TEXT, outcome TEXT, requests INTEGER, bytes INTEGER, articles_new INTEGER,
        articles_changed INTEGER, articles_gone INTEGER, failures INTEGER, listed_total INTEGER,
        listed_captured INTEGER)""",
    """CREATE TABLE captures (
        id INTEGER PRIMARY KEY, url TEXT NOT NULL, url_key TEXT NOT NULL, captured_at TEXT NOT NULL,
        method TEXT NOT NULL, status INTEGER, media_type TEXT, record_type TEXT NOT NULL, body_sha256 TEXT,
        bytes INTEGER NOT NULL, truncated TEXT, warc_file TEXT NOT NULL, warc_offset INTEGER NOT NULL,
        warc_length INTEGER NOT NULL, warc_record_id TEXT NOT NULL, crawl_id TEXT REFERENCES crawls(id))""",
    """CREATE TABLE sections (
        id INTEGER PRIMARY KEY, portal_id INTEGER NOT NULL REFERENCES portals(id), title TEXT NOT NULL,
        url TEXT, parent_id INTEGER REFERENCES sections(id), seen_at TEXT NOT NULL,
        capture_id INTEGER NOT NULL REFERENCES captures(id))""",
    """CREATE TABLE authors (
        id INTEGER PRIMARY KEY, name TEXT, unit_code TEXT, unit_name TEXT, byline TEXT NOT NULL)""",
    """CREATE TABLE articles (
        id INTEGER PRIMARY KEY, portal_id INTEGER NOT NULL REFERENCES portals(id),
        section_id INTEGER REFERENCES sections(id), kind TEXT NOT NULL, url TEXT NOT NULL UNIQUE,
        title TEXT, lead TEXT, byline TEXT, byline_from TEXT, author_id INTEGER REFERENCES authors(id),
        source TEXT, published_at TEXT, published_meta TEXT, event_date TEXT, language TEXT,
        word_count INTEGER NOT NULL, first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL,
        changed_at TEXT, gone_at TEXT, version INTEGER NOT NULL,
        capture_id INTEGER NOT NULL REFERENCES captures(id), body TEXT NOT NULL, body_html TEXT NOT NULL)""",
    """CREATE TABLE article_versions (
        article_id INTEGER NOT NULL REFERENCES articles(id),
        version INTEGER NOT NULL, seen_at TEXT NOT NULL, capture_id INTEGER NOT NULL REFERENCES captures(id),
        text_digest INTEGER NOT NULL, title TEXT, byline TEXT, published_at TEXT, lead TEXT, body TEXT,
        PRIMARY KEY (article_id, version)) WITHOUT ROWID""",
    """CREATE TABLE changes (
        article_id INTEGER NOT NULL REFERENCES articles(id), at TEXT NOT NULL, kind TEXT NOT NULL,
        version INTEGER NOT NULL, capture_id INTEGER NOT NULL REFERENCES captures(id), reason TEXT,
        PRIMARY KEY (article_id, capture_id, kind)) WITHOUT ROWID""",
    """CREATE TABLE sightings (
        capture_id INTEGER PRIMARY KEY REFERENCES captures(id),
        article_id INTEGER NOT NULL REFERENCES articles(id), url_id INTEGER NOT NULL, seen_at TEXT NOT NULL,
        text_digest INTEGER NOT NULL)""",
    """CREATE TABLE url_events (
        capture_id INTEGER PRIMARY KEY REFERENCES captures(id), url_id INTEGER NOT NULL,
        seen_at TEXT NOT NULL, state TEXT NOT NULL, reason TEXT)""",
    """CREATE TABLE same_as (
        id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES articles(id),
        same_as_id INTEGER NOT NULL REFERENCES articles(id), evidence TEXT NOT NULL)""",
    """CREATE TABLE files (
        id INTEGER PRIMARY KEY, url TEXT NOT NULL, media_type TEXT, bytes INTEGER, sha256 TEXT,
        width INTEGER, height INTEGER, captured_at TEXT NOT NULL,
        capture_id INTEGER NOT NULL REFERENCES captures(id))""",
    """CREATE TABLE images (
        id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES articles(id),
        position INTEGER NOT NULL, url TEXT NOT NULL, code TEXT, code_event TEXT, code_month TEXT,
        code_number INTEGER, caption TEXT, alt TEXT, original_name TEXT, uploaded_at TEXT, width INTEGER,
        height INTEGER, media_type TEXT, bytes INTEGER, sha256 TEXT,
        capture_id INTEGER REFERENCES captures(id), file_id INTEGER NOT NULL, picture_id INTEGER NOT NULL)""",
    """CREATE TABLE attachments (
        id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES articles(id),
        position INTEGER NOT NULL, url TEXT NOT NULL, title TEXT, media_type TEXT, bytes INTEGER,
        sha256 TEXT, capture_id INTEGER REFERENCES captures(id), file_id INTEGER NOT NULL)""",
    """CREATE TABLE documents (
        id INTEGER PRIMARY KEY, portal_id INTEGER NOT NULL REFERENCES portals(id), number TEXT, kind TEXT,
        issued_on TEXT, issuer TEXT, signer TEXT, abstract TEXT, url TEXT NOT NULL, url_id INTEGER NOT NULL,
        attachment_url TEXT,
        attachment_id INTEGER, seen_at TEXT NOT NULL,
        capture_id INTEGER NOT NULL REFERENCES captures(id), field_stamps TEXT NOT NULL)""",
    "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    """CREATE TABLE article_tags (
        article_id INTEGER NOT NULL REFERENCES articles(id), tag_id INTEGER NOT NULL REFERENCES tags(id),
        PRIMARY KEY (article_id, tag_id)) WITHOUT ROWID""",
    """CREATE TABLE listings (
        id INTEGER PRIMARY KEY, portal_id INTEGER NOT NULL REFERENCES portals(id), url TEXT NOT NULL,
        list_id TEXT NOT NULL, title TEXT, total_items INTEGER, items_per_page INTEGER,
        seen_at TEXT NOT NULL, capture_id INTEGER NOT NULL REFERENCES captures(id),
        field_stamps TEXT NOT NULL)""",
    """CREATE TABLE listing_items (
        id INTEGER PRIMARY KEY, listing_id INTEGER NOT NULL REFERENCES listings(id), url_id INTEGER NOT NULL,
        url TEXT NOT NULL, title TEXT, author TEXT, published_on TEXT, lead TEXT, image_url TEXT,
        first_seen_at TEXT NOT NULL, seen_at TEXT NOT NULL,
        capture_id INTEGER NOT NULL REFERENCES captures(id), field_stamps TEXT NOT NULL)""",
    """CREATE TABLE failures (
        id INTEGER PRIMARY KEY, url TEXT NOT NULL, capture_id INTEGER REFERENCES captures(id),
        stage TEXT NOT NULL, error TEXT NOT NULL, seen_at TEXT NOT NULL)""",
    """CREATE TABLE takedowns (
        id INTEGER PRIMARY KEY, url TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL)""",
    # Where the fold of an article's sightings stands (timeline.py), so that the next one need not refold.
    """CREATE TABLE _article_state (
        article_id INTEGER PRIMARY KEY REFERENCES articles(id), event_at TEXT NOT NULL,
        event_capture_id INTEGER NOT NULL, seen_at TEXT NOT NULL, seen_capture_id INTEGER NOT NULL,
        seen_url_id INTEGER NOT NULL, text_digest INTEGER NOT NULL, reading_digest INTEGER NOT NULL,
        content_key INTEGER, page_byline TEXT)""",
)

# Ids are hashes, so every index is written all over; these are the ones that a page or a command asks for.
INDEXES = (
    "CREATE INDEX captures_url_key ON captures(url_key, captured_at)",
    "CREATE INDEX captures_body ON captures(body_sha256)",
    "CREATE INDEX captures_warc ON captures(warc_file, warc_offset)",
    "CREATE INDEX captures_crawl ON captures(crawl_id, captured_at)",
    "CREATE INDEX crawls_portal ON crawls(portal_id, started_at)",
    "CREATE INDEX sections_parent ON sections(parent_id)",
    "CREATE INDEX sections_portal ON sections(portal_id)",
    "CREATE INDEX articles_section ON articles(section_id, published_at)",
    "CREATE INDEX articles_author ON articles(author_id, published_at)",
    "CREATE INDEX articles_published ON articles(published_at)",
    "CREATE INDEX articles_portal ON articles(portal_id, published_at)",
    "CREATE INDEX articles_portal_seen ON articles(portal_id, first_seen_at)",
    "CREATE INDEX articles_portal_changed ON articles(portal_id, changed_at) WHERE changed_at IS NOT NULL",
    # What the results of a search are narrowed by: an article itself lies on pages of its own.
    """CREATE INDEX articles_facets
        ON articles(id, portal_id, section_id, author_id, kind, published_at)""",
    "CREATE INDEX articles_event_date ON articles(event_date)",
    "CREATE INDEX articles_first_seen ON articles(first_seen_at)",
    "CREATE INDEX articles_gone ON articles(gone_at) WHERE gone_at IS NOT NULL",
    "CREATE INDEX articles_changed ON articles(changed_at) WHERE changed_at IS NOT NULL",
    "CREATE INDEX articles_kind ON articles(kind) WHERE kind <> 'article'",
    "CREATE INDEX articles_capture ON articles(capture_id)",
    "CREATE INDEX changes_at ON changes(at, kind)",
    "CREATE INDEX sightings_article ON sightings(article_id, seen_at)",
    "CREATE INDEX sightings_url ON sightings(url_id) WHERE url_id <> article_id",
    "CREATE INDEX url_events_url ON url_events(url_id)",
    "CREATE INDEX same_as_article ON same_as(article_id)",
    "CREATE INDEX same_as_other ON same_as(same_as_id)",
    "CREATE INDEX files_sha256 ON files(sha256)",
    "CREATE INDEX images_article ON images(article_id, position)",
    "CREATE INDEX images_file ON images(file_id)",
    "CREATE INDEX images_picture ON images(picture_id)",
    "CREATE INDEX images_code ON images(code_event, code_month)",
    "CREATE INDEX attachments_article ON attachments(article_id, position)",
    "CREATE INDEX attachments_file ON attachments(file_id)",
    "CREATE INDEX documents_issued ON documents(issued_on)",
    "CREATE INDEX documents_url ON documents(url_id)",
    "CREATE INDEX documents_number ON documents(number)",
    "CREATE INDEX documents_portal ON documents(portal_id)",
    "CREATE INDEX article_tags_tag ON article_tags(tag_id, article_id)",
    "CREATE INDEX listings_portal ON listings(portal_id)",
    "CREATE INDEX listing_items_listing ON listing_items(listing_id)",
    "CREATE INDEX listing_items_url ON listing_items(url_id)",
    "CREATE INDEX failures_seen ON failures(seen_at)",
    "CREATE INDEX _article_state_content ON _article_state(content_key)",
)

# Addresses of one article, and what a takedown hides: the item itself, its other addresses, its twins.
# CROSS JOIN begins with the few takedowns (sqlite.org/optoverview.html, 7.1); SQLite began with all articles.
VIEWS = (
    """CREATE VIEW article_urls AS
        SELECT s.article_id, c.url, min(s.seen_at) AS first_seen_at, max(s.seen_at) AS last_seen_at
        FROM sightings s JOIN captures c ON c.id = s.capture_id GROUP BY s.article_id, c.url""",
    """CREATE VIEW hidden_articles AS
        WITH named(article_id) AS (
            SELECT a.id FROM takedowns t CROSS JOIN articles a ON a.id = t.id
            UNION SELECT s.article_id FROM takedowns t CROSS JOIN sightings s
                ON s.url_id = t.id AND s.url_id <> s.article_id),
        groups(first_id) AS (
            SELECT article_id FROM named
            UNION SELECT p.same_as_id FROM named n JOIN same_as p ON p.article_id = n.article_id)
        SELECT first_id AS article_id FROM groups
        UNION SELECT p.article_id FROM groups g JOIN same_as p ON p.same_as_id = g.first_id""",
    """CREATE VIEW article_history AS
        SELECT v.article_id, v.version, v.seen_at, v.capture_id, v.title, v.byline, v.published_at,
            CASE WHEN v.body IS NULL THEN a.lead ELSE v.lead END AS lead, coalesce(v.body, a.body) AS body
        FROM article_versions v JOIN articles a ON a.id = v.article_id""",
)
