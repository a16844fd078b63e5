"""Which caption belongs to which picture.

Shapes seen on the portals: a picture paragraph, then a centred ``<p><em>``; a picture paragraph, then a
``<figure>`` that holds the caption and no picture; ``<figure><img><figcaption>``; one-column tables and
galleries of tables (row of pictures, row of captions); the same in ``<div>``s; and in one paragraph
after ``<br>``.
"""

from __future__ import annotations

from quynhon_crawler.extract import bylines
from quynhon_crawler.extract.blocks import Block

#: Longer than any caption seen; a paragraph of the text in italics is usually longer.
LONGEST = 320


def bind(blocks: list[Block]) -> list[Block]:
    """Gives every picture its caption and returns the blocks without the caption lines."""
    kept: list[Block] = []
    index = 0
    while index < len(blocks):
        block = blocks[index]
        index += 1
        if not block.pictures:
            if block.caption and _caption_before(block, blocks, index):
                _give(blocks[index], block.text)
                continue
            if not (block.caption and block.figure):
                kept.append(block)
            continue
        kept.append(block)
        if block.text:
            # Picture and words in one paragraph: the words are its caption when they look like one.
            if _in_one_paragraph(block):
                _give(block, block.text)
                block.text = ""
            continue
        if block.cell is not None:
            used = _bind_row(blocks, index - 1)
            if used:
                kept.extend(blocks[index : index + used[0]])
                index += used[1]
                continue
        if index < len(blocks) and _is_caption(block, blocks[index], last=index == len(blocks) - 1):
            _give(block, blocks[index].text)
            index += 1
    return kept


def _give(block: Block, text: str) -> None:
    for picture in block.pictures:
        picture.caption = picture.caption or " ".join(text.split())


def _caption_before(block: Block, blocks: list[Block], index: int) -> bool:
    """A figcaption that stands above its picture in one figure."""
    if not block.figure or index >= len(blocks):
        return False
    following = blocks[index]
    return (
        following.figure == block.figure
        and bool(following.pictures)
        and not any(other.figure == block.figure and other.pictures for other in blocks[:index])
    )


def _in_one_paragraph(block: Block) -> bool:
    if block.caption or block.figure:
        return True
    return (
        len(block.text) <= LONGEST
        and (block.slanted or block.align == "center")
        and not block.text.endswith("./.")
    )


def _is_caption(picture: Block, text: Block, *, last: bool) -> bool:
    if text.pictures or not text.text:
        return False
    if text.caption:
        return True
    if len(text.text) > LONGEST or text.text.endswith("./."):
        return False
    if picture.cell is not None and text.cell is not None and picture.cell[0] == text.cell[0]:
        return text.cell[1] in (picture.cell[1], picture.cell[1] + 1)
    if last and bylines.parse(text.text):
        return False
    if text.align == "right":
        return False
    return text.align == "center" or text.slanted


def _bind_row(blocks: list[Block], start: int) -> tuple[int, int] | None:
    """A table row of pictures and the row of captions under it, column by column.

    Gives how many of the following blocks are pictures to keep and how many are used up; None when the
    blocks are not such a pair of rows.
    """
    first = blocks[start]
    if first.cell is None:
        return None
    table, row, _ = first.cell
    end = start
    while (
        end < len(blocks)
        and _stands_in(blocks[end], table, row)
        and blocks[end].pictures
        and not blocks[end].text
    ):
        end += 1
    pictures = blocks[start:end]
    after = end
    while after < len(blocks) and _stands_in(blocks[after], table, row + 1) and not blocks[after].pictures:
        after += 1
    texts = blocks[end:after]
    if len(pictures) < 2 or not texts or any(len(text.text) > LONGEST for text in texts):
        return None
    by_column = {picture.cell[2]: picture for picture in pictures if picture.cell}
    if len(texts) == 1:
        for picture in pictures:
            _give(picture, texts[0].text)
    else:
        for text in texts:
            target = by_column.get(text.cell[2]) if text.cell else None
            if target is not None:
                _give(target, text.text)
    return len(pictures) - 1, after - start - 1


def _stands_in(block: Block, table: int, row: int) -> bool:
    return block.cell is not None and block.cell[0] == table and block.cell[1] == row
