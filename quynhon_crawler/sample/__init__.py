"""A portal to crawl: a real HTTP server that behaves as the VHV CMS does, oddities and all.

``SamplePortal`` starts it, ``portal.truth`` says what a perfect crawl would find, ``portal.exchanges`` holds
the bytes on the wire, ``portal.fault`` breaks things. Text is made from patterns; only the seed article is real.

Inside: words, bylines, moments, photos -> stories (the newsroom) -> desk (as it stands now) -> pages, vault
-> site (routes) -> server (socket); truth reads the desk, never the pages.
"""

from .faults import Fault
from .portal import SamplePortal, run
from .truth import ListingTruth, Truth
from .wire import Exchange

__all__ = ["Exchange", "Fault", "ListingTruth", "SamplePortal", "Truth", "run"]
