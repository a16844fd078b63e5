"""Archived pages as they were, replayed on another origin than the site: their scripts run.

============  ==========================================================================================
``player``    ReplayWeb.page's two files: found on this machine, or fetched once and checked
``shelf``     the archive as one WACZ, laid out anew when WARC files or takedowns change
``server``    the origin: the page around a replay, the player's files, ranges of the WACZ
``reply``     one request, and the way to answer it
``ranges``    what a Range header asks for
``pywb``      the same archive in pywb, for Memento and the CDX API
============  ==========================================================================================
"""
