"""The guides of docs/, as their readers see them: commands, pictures, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"
NAMES = ("archivists", "developers", "readers")
_BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#]+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """Something to type: of a shell, one command with all its lines; of Python, the whole block."""

    language: str
    text: str

    def __str__(self) -> str:
        return " ".join(self.text.split())[:60]


def guide(language: str, name: str) -> str:
    """The text of a guide."""
    return (DOCS / language / f"{name}.md").read_text("utf-8")


def blocks(text: str) -> list[Block]:
    """What a guide says to type, in order."""
    found: list[Block] = []
    for language, inside in _BLOCK.findall(text):
        found += [Block(language, part) for part in (_commands(inside) if language == "sh" else [inside])]
    return found


def links(text: str) -> list[str]:
    """Files that a guide leads to, or shows."""
    return [link for link in _LINK.findall(text) if not link.startswith("http")]


def _commands(inside: str) -> list[str]:
    """Lines, those joined that a backslash or an open quotation mark continues."""
    commands: list[str] = []
    for line in inside.splitlines():
        if commands and (
            commands[-1].endswith("\\") or commands[-1].count('"') % 2 or commands[-1].count("'") % 2
        ):
            commands[-1] += f"\n{line}"
        else:
            commands.append(line)
    return commands
