"""What an archive hands to other archives: a CDXJ index, a WACZ, a bag; and an archive made again from a bag.

==============  ====================================================================================
``catalogue``   each WARC file's index and sums, made once and kept in ``cdx/``
``gaps``        what of it is lost: no bag is made then, and other packages say so
``withdrawn``   what was taken down: which records of which files stay behind
``order``       lines sorted and merged, however many, in little memory
``pieces``      a file that is put together from parts of other files, and read like one
``zipped``      the layout of a ZIP file over such parts
``pages``       the list of pages, from our own articles
``wacz``        all of it as WACZ 1.1.1, written to disk or read where it lies
``output``      a file or folder that takes its name when it is whole
==============  ====================================================================================
"""
