"""Files that others made, taken into the archive as they are: found, checked, copied, recorded, read.

==============  ====================================================================================
``sources``     the files that a command names, and what each is by its first bytes
``folder``      what lies in a folder, and what of it could not be reached
``wacz``        the WARC files inside a WACZ, once its names and sizes are no danger
``checking``    what a file holds: records, hosts, dates, faults
``repack``      ARC files, and WARC files that nothing can point into, as WARC with a member a record
``naming``      what files are called in the archive
``shelf``       what is here and whole, and names for what comes
``taking``      one file into ``warc/``, with its line in the manifest
``report``      what became of each
``run``         all of a command: taken, then read into the database
==============  ====================================================================================
"""

from quynhon_crawler.imports.report import FileReport, ImportReport
from quynhon_crawler.imports.run import import_files

__all__ = ["FileReport", "ImportReport", "import_files"]
