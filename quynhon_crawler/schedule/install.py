"""The timetable put into the system: systemd units where systemd runs, else a line of crontab."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from quynhon_crawler.config import Config
from quynhon_crawler.errors import ArchiveError, UsageError
from quynhon_crawler.home import Home
from quynhon_crawler.schedule import crontab
from quynhon_crawler.schedule.units import unit_name, units

_SYSTEM_UNITS = Path("/etc/systemd/system")
# There while systemd is the machine's init, whatever else is installed (sd_booted(3)).
BOOTED = Path("/run/systemd/system")


@dataclass(slots=True)
class Installed:
    """What is there now, and what a person should know or do next."""

    files: list[Path] = field(default_factory=list)
    cron: str | None = None
    notes: list[str] = field(default_factory=list)


def install(home: Home, config: Config, *, system: bool) -> Installed:
    """Have systemd call the timetable from now on, or cron where systemd does not run.

    ``system``: for the machine, as root, the crawl running as the owner of the archive folder; else for this
    user. Raises UsageError and ArchiveError; nothing is half done then but files that were written.
    """
    _check(home)
    if not systemd_runs():
        if not crontab.has_crontab():
            raise UsageError(
                "neither systemd nor cron is here; have a timer of your own call every quarter of an hour: "
                + crontab.cron_line(home).partition("* * * * ")[2].partition(" >/dev/null")[0]
            )
        crontab.install_line(home)
        return Installed(cron=crontab.cron_line(home))
    folder = unit_folder(system=system)
    made = write(home, config, folder, system=system)
    _systemctl(system, "daemon-reload")
    _systemctl(system, "enable", "--now", f"{unit_name(home)}.timer")
    if not system and not _lingers():
        made.notes.append(
            "it runs only while you are logged in, unless root allows more: loginctl enable-linger "
            + pwd.getpwuid(os.getuid()).pw_name
        )
    return made


def write(home: Home, config: Config, folder: Path, *, system: bool) -> Installed:
    """Only the files, into a folder: three units and the crontab line is told. Raises ArchiveError."""
    _check(home)
    made = Installed()
    user = None
    if system:
        user = pwd.getpwuid(home.root.stat().st_uid).pw_name
        if user == "root":
            made.notes.append(
                f"{home.root} belongs to root, so the crawl runs as root; better give it a user"
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        home.state.mkdir(exist_ok=True)  # flock of the crontab line makes its file there
        for unit in units(home, config, system=system, user=user):
            path = folder / unit.name
            path.write_text(unit.text, "utf-8")
            made.files.append(path)
    except OSError as error:
        hint = "; run it as root, or use --user" if isinstance(error, PermissionError) else ""
        raise ArchiveError(f"{error.filename}: cannot be written: {error.strerror}{hint}") from error
    return made


def remove(home: Home, *, system: bool) -> Installed:
    """Take it all away again; what was removed."""
    gone = Installed()
    folder = unit_folder(system=system)
    files = installed_files(home, system=system)
    if files and systemd_runs():
        _systemctl(system, "disable", "--now", f"{unit_name(home)}.timer")
    try:
        for path in files:
            path.unlink()
            gone.files.append(path)
    except OSError as error:
        raise ArchiveError(f"{folder}: cannot be changed: {error.strerror}; run it as root") from error
    if files and systemd_runs():
        _systemctl(system, "daemon-reload")
    if crontab.remove_line(home):
        gone.cron = crontab.cron_line(home)
    return gone


def installed_files(home: Home, *, system: bool) -> list[Path]:
    """The units of this archive that are there."""
    return sorted(unit_folder(system=system).glob(f"{unit_name(home)}[.-]*"))


def unit_folder(*, system: bool) -> Path:
    """Where systemd looks for units of the machine's administrator, or of this user (systemd.unit(5))."""
    if system:
        return _SYSTEM_UNITS
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def systemd_runs() -> bool:
    """Whether units can be enabled on this machine."""
    return shutil.which("systemctl") is not None and BOOTED.is_dir()


def _check(home: Home) -> None:
    path = str(home.root)
    if not path.isprintable() or path.endswith("\\"):
        raise UsageError(f"{path!r}: no timer can name this folder; give it a name without odd characters")


def _systemctl(system: bool, *words: str) -> None:
    command = ["systemctl", *([] if system else ["--user"]), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[0]
        raise ArchiveError(f"{' '.join(command)}: {said}")


def _lingers() -> bool:
    return (Path("/var/lib/systemd/linger") / pwd.getpwuid(os.getuid()).pw_name).exists()
