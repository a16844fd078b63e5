"""Page in, Reading out: one small file for each generation of portal. ``read`` is the only way in."""

from __future__ import annotations

from quynhon_crawler.portals.recognise import read

__all__ = ["read"]
