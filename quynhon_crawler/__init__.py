"""quynhon_crawler keeps the public memory of a Vietnamese city portal.

The map, from the bottom up; a room imports from rooms below it only (tests/test_layers.py):

====  ==========================================  =====================================================
0     ``model errors urls home plural``           plain types, the error tree, addresses, where things lie
1     ``config/``                                 archive.toml
1     ``lock``                                    one crawl of an archive at a time
1     ``manifest``                                the sums of its files, and where others' came from
1     ``extract/``                                one kind of text, one pure parser
1     ``spread/``                                 one function over many files: processes, or a Dask cluster
1     ``warc/``                                   bytes on the wire and on disk
1     ``sample/``                                 a portal to crawl: a real HTTP server with real oddities
2     ``portals/``                                one file per CMS generation: page in, Reading out
2     ``losses``                                  which of its files are gone, and what puts them back
2     ``store/``                                  the database
3     ``ingest``                                  one exchange into the store
3     ``schedule/``                               what is due, and what calls it: systemd, else cron
4     ``watch/``                                  how the archive fares: status, report, alarms
4     ``rebuild/``                                all of them again
4     ``withdraw``                                a takedown with all that an article ever showed
5     ``crawl/``                                  the only room that imports scrapy
5     ``audit/``                                  bytes against sums, rows against records: verify
5     ``imports/``                                files that others made, checked and taken in
5     ``deposit/``                                what an archive hands to others: CDXJ, WACZ, bags
5     ``publish/``                                the only room that imports datasette
6     ``replay/``                                 archived pages as they were, on another origin
7     ``cli``                                     parse, call one function, print
8     ``start``                                   where the command begins
====  ==========================================  =====================================================
"""

__version__ = "0.1.0"
