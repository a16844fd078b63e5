"""A portal to crawl: a real HTTP server that behaves as the VHV CMS does, oddities and all.

``SamplePortal`` starts it, ``portal.truth`` says what a perfect crawl would find, ``portal.exchanges``
holds the bytes on the wire, ``portal.fault`` breaks things. The text is made from patterns; only the seed
article is real.

Inside: words, bylines, moments, photos -> composer, stories (the newsroom) -> desk (as it stands now) ->
pages, vault -> cabinet -> site (routes) -> server (socket). The truth reads the desk, never the pages.
"""

from .faults import Fault
from .portal import SamplePortal, run
from .truth import ListingTruth, Truth
from .wire import Exchange

__all__ = ["Exchange", "Fault", "ListingTruth", "SamplePortal", "Truth", "run"]
