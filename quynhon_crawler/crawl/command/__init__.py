"""Commands of `scrapy` that this project answers itself (COMMANDS_MODULE)."""
