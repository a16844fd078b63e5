"""`python -m quynhon_crawler.cli`."""

from quynhon_crawler.cli import main

main(prog_name="quynhon")
