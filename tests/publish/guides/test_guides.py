"""What the guides tell to type does what they say, in both languages."""

from __future__ import annotations

import pytest

from tests.publish.guides.conftest import Desk
from tests.publish.guides.pages import DOCS, NAMES, Block, blocks, guide, links

# These list problems, and the sample portal has some: 1 is "done, with problems that are listed".
_MAY_LIST = ("quynhon crawl", "quynhon status")
_DEVELOPERS = blocks(guide("en", "developers"))


@pytest.mark.parametrize("block", blocks(guide("en", "archivists")), ids=str)
def test_commands_for_archivists(desk: Desk, block: Block) -> None:
    ended = desk.done[block.text]
    allowed = (0, 1) if block.text.startswith(_MAY_LIST) else (0,)
    assert ended.returncode in allowed, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("block", _DEVELOPERS, ids=str)
def test_commands_for_developers(desk: Desk, block: Block) -> None:
    ended = desk.type(block)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    if " -o " not in block.text:
        assert ended.stdout.strip() not in ("", "[]"), "shows nothing"


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_tell_the_same(name: str) -> None:
    english, vietnamese = guide("en", name), guide("vi", name)
    assert blocks(english) == blocks(vietnamese)
    assert len(links(english)) == len(links(vietnamese))


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("name", NAMES)
def test_every_link_and_picture_is_there(language: str, name: str) -> None:
    for link in links(guide(language, name)):
        target = DOCS / language / link
        assert target.is_file(), link
        assert target.suffix != ".webp" or target.stat().st_size < 60_000, f"{link}: too large for a guide"
