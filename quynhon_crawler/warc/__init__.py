"""Bytes on the wire and on disk: HTTP messages, exchanges, WARC files written and read."""
