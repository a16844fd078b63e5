"""quynhon_crawler keeps the public memory of a Vietnamese city portal.

The map, from the bottom up; a room imports from rooms below it only (tests/test_layers.py):

====  ==========================================  =====================================================
0     ``model errors urls home config``           plain types, the error tree, addresses, where things lie
1     ``extract/``                                one kind of text, one pure parser
1     ``warc/``                                   bytes on the wire and on disk
1     ``sample/``                                 a portal to crawl: a real HTTP server with real oddities
2     ``portals/``                                one file per CMS generation: page in, Reading out
2     ``store/``                                  the database
3     ``ingest recover verify``                   one exchange into the store; what a crash left behind
4     ``crawl/``                                  the only room that imports scrapy
4     ``publish/``                                the only room that imports datasette
5     ``cli``                                     parse, call one function, print
====  ==========================================  =====================================================
"""

__version__ = "0.1.0"
