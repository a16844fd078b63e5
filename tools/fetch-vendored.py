#!/usr/bin/env python3
"""Puts the scripts that the site ships into quynhon_crawler/publish/static/vendor/, from npm.

Needs npm, and only when a version in vendored.toml changes: the files are part of the repository.
"""

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
import tomllib
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "quynhon_crawler" / "publish" / "static" / "vendor"
LIST = FOLDER / "vendored.toml"


def packed(package: str, version: str, folder: str) -> Path:
    """The package as npm gives it; npm compares it with the digest of the registry."""
    command = ["npm", "pack", "--json", "--pack-destination", folder, f"{package}@{version}"]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return Path(folder) / told[0]["filename"]


def main() -> None:
    """Fetch each, and write down its digest."""
    listed = LIST.read_text("utf-8")
    for name, entry in tomllib.loads(listed).items():
        with (
            tempfile.TemporaryDirectory() as folder,
            tarfile.open(packed(entry["package"], entry["version"], folder)) as archive,
        ):
            members = {member.name.removeprefix("package/"): member for member in archive.getmembers()}
            licence = next(
                path for path in members if path.upper() in ("LICENSE", "LICENSE.MD", "LICENSE.TXT")
            )
            for path, target in ((entry["path"], entry["file"]), (licence, f"{name}.LICENSE.txt")):
                found = archive.extractfile(members[path])
                assert found is not None, path
                (FOLDER / target).write_bytes(found.read())
        digest = hashlib.sha256((FOLDER / entry["file"]).read_bytes()).hexdigest()
        section = re.compile(rf'(\[{re.escape(name)}\]\n(?:[a-z].*\n)*?sha256 = )"[^"]*"')
        listed = section.sub(rf'\g<1>"{digest}"', listed)
        print(f"{entry['file']}: {entry['package']} {entry['version']}, {digest}")
    LIST.write_text(listed, "utf-8")


if __name__ == "__main__":
    main()
