"""One function over many WARC files: here, by processes of this machine, or by the workers of a Dask cluster.

``work``        what is spread and what comes back; ``alone`` does it here, one file after the other
``processes``   ``--workers N``
``cluster``     ``--dask ADDRESS``; the only file that imports distributed and fsspec
``packed``      all that a file gave, as few bytes, on its way
"""

from quynhon_crawler.spread.cluster import over_cluster
from quynhon_crawler.spread.processes import over_processes
from quynhon_crawler.spread.work import Spread, Task, Unread, alone

__all__ = ["Spread", "Task", "Unread", "alone", "over_cluster", "over_processes"]
