"""The public site: a Datasette plugin whose screens a reader on a phone can use.

The only room that imports datasette; ``configuration`` alone does not, so that ``quynhon init`` is quick.

================  ==============================================================================
``plugin``        the hooks that Datasette calls
``site``          one archive being served: connections, templates, words, absolute addresses
``screens/``      one screen a file: a request in, a page out
``lookup``        every question the screens ask of the database
``prose``         an article's HTML, written again from an allow-list
``files``         pictures and documents out of the WARC files; ``naming`` says what they are called
``answer``        status, caching, compression of what we send
``safety``        headers on every answer, limits on every connection
``loader``        Datasette's own templates, mended to obey the policy and to be read aloud
``veil``          views that hide what was withdrawn from strangers' SQL; ``tables`` keeps their keys
``language``      the words of a page and how dates and numbers read
``configuration`` the files that make ``datasette archive/`` work with no flags
================  ==============================================================================
"""
