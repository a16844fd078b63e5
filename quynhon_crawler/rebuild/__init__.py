"""The database made again from warc/, and the same for a few files more: read by many, written by one.

==============  ====================================================================================
``scope``       whose pages are read, in files that others made
``batches``     what a WARC file holds, understood, some records at a time
``revisits``    answers that stand for an earlier record
``learning``    batches into the store
``sums``        a damaged manifest.jsonl kept beside a new one
``making``      all of it, beside the old database, and put in its place at the end
==============  ====================================================================================
"""

from quynhon_crawler.rebuild.making import Rebuilt, rebuild

__all__ = ["Rebuilt", "rebuild"]
