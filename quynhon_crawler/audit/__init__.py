"""`quynhon verify`: does the archive hold what it says, byte by byte and row by row?

==============  ====================================================================================
``problem``     what was found, with its place
``fixity``      every file against its recorded SHA-256
``originals``   what could not be taken over of files that were packed again or converted
``files``       every record of a file: members, digests, and the rows of ``captures``
``articles``    every article against a re-reading of its capture
``revisits``    revisits against what they stand for
``lists``       the portal's lists against what was captured of them
``stored``      what a capture's record holds
``parts``       pictures, attachments and tags of an article
``run``         all of it
==============  ====================================================================================
"""

from quynhon_crawler.audit.problem import Problem
from quynhon_crawler.audit.run import Verdict, verify

__all__ = ["Problem", "Verdict", "verify"]
