"""One kind of text, one pure parser: value in, value out. Nothing here knows a portal, a crawl or a database.

========================  ==================================================================
``text``                  bytes to text, text to clean text
``legacy``                text typed in TCVN3 or VNI fonts
``tame`` ``scan``           markup that would cost a parser too much, cut down
``tags``                  element names by what they do to text
``walk`` ``blocks``       an HTML fragment as a flat list of paragraphs, pictures and captions
``captions``              which caption belongs to which picture
``body`` ``foot``         the blocks as lead, body, byline and pictures; what stands under a text
``dates`` ``events``      printed and meta times, the day an article tells of
``bylines``               who wrote it and for which office, or where it was taken from
``names`` ``units``       what can be a name; codes of offices
``images``                codes, names and decorations of picture files
``kinds``                 text, album, video or notice
``attachments``           files offered for download, viewers looked through
``documents``             legal documents: number, kind, day, issuer, signer
``meta``                  what the head of a page says of itself
``links`` ``references``  everything a page points at, and what each reference means
``css``                   what a style sheet points at
``filetypes``             what a file is that is no page
``sanitise``              markup that is safe to show
========================  ==================================================================
"""
