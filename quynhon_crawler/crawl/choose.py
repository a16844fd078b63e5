"""Which portal a word on the command line means, in which archive."""

from __future__ import annotations

from quynhon_crawler.config import Config, Portal, load, parse, portal_for, template
from quynhon_crawler.crawl.guard import Guard
from quynhon_crawler.crawl.tls import check_ciphers
from quynhon_crawler.errors import ArchiveError, ConfigError
from quynhon_crawler.home import Home
from quynhon_crawler.publish.configuration import write as write_site_configuration
from quynhon_crawler.urls import host_of


def choose(home: Home, wanted: str) -> tuple[Config, Portal]:
    """The configuration in force, and the portal of archive.toml (or the address) that is meant.

    A new or empty folder becomes an archive when ``wanted`` is an address. Raises ConfigError or
    ArchiveError with one line; nothing is touched then.
    """
    if not home.config.exists():
        found_archive(home, wanted)
    address = "//" in wanted
    config = load(home.config)
    if not wanted:
        if len(config.portals) == 1:
            return config, _fit(home, config, config.portals[0])
        names = ", ".join(portal.name for portal in config.portals) or "none yet"
        raise ConfigError(
            f"{home.config}: which portal? ({names}); name one, or give an address: quynhon crawl https://..."
        )
    portal_found = config.find_portal(wanted)
    if portal_found is not None:
        return config, _fit(home, config, portal_found)
    if address:
        return config, _fit(home, config, portal_for(wanted))
    names = ", ".join(portal.name for portal in config.portals) or "none yet"
    raise ConfigError(
        f"{home.config}: no portal is named {wanted!r} ({names}); or give an address, https://..."
    )


def found_archive(home: Home, wanted: str) -> None:
    """Make an archive of the portal at an address. Raises ConfigError or ArchiveError, nothing touched."""
    if "//" not in wanted:
        raise ArchiveError(
            f"{home.root}: no archive here (no archive.toml); `quynhon init` makes one, "
            "or give the address to crawl in full, as https://quynhon.gov.vn/"
        )
    if home.root.exists() and not home.root.is_dir():
        raise ArchiveError(f"{home.root}: not a folder; choose another with --archive")
    strangers = sorted(p.name for p in home.root.glob("*") if p.name not in ("README.md", "state"))
    if strangers:
        raise ArchiveError(
            f"{home.root}: not an archive and not empty ({strangers[0]!r} is in it); "
            "choose another folder with --archive"
        )
    make_archive(home, portal_for(wanted))


def _fit(home: Home, config: Config, portal: Portal) -> Portal:
    """The portal, if it may be crawled as configured. Raises ConfigError.

    A webmaster must be able to complain: nobody asks a public host without a contact in the User-Agent.
    """
    check_ciphers(portal)
    if not config.archive.email and not Guard(portal).private_portal:
        raise ConfigError(
            f"{home.config}: fill in email (and operator) in [archive] first: they go into the User-Agent, "
            f"so that the webmaster of {host_of(portal.url)} can reach you"
        )
    return portal


def make_archive(home: Home, portal: Portal | None = None) -> None:
    """A new archive folder: archive.toml, the folders, Datasette's configuration. Raises ArchiveError."""
    text = template(portal=portal)
    parse(text)
    try:
        for folder in (home.root, home.warc, home.state):
            folder.mkdir(parents=True, exist_ok=True)
        home.config.write_text(text, "utf-8")
        write_site_configuration(home)
    except OSError as error:
        raise ArchiveError(f"{error.filename or home.root}: cannot be written: {error.strerror}") from error
