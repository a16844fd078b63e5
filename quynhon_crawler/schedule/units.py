"""systemd units that have `quynhon crawl --due` called, as text (systemd.service, .timer and .exec(5)).

The timer ticks every quarter of an hour and the program decides what is due: an edit of archive.toml needs no
new units, and a machine that was off makes up for it in one run.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from quynhon_crawler.config import Config
from quynhon_crawler.config.unattended import run_time
from quynhon_crawler.home import Home

TICK_MINUTES = 15
# After its longest time the program stops itself in order; systemd comes this much later.
_MARGIN_SECONDS = 600

# What needs no privileges, so that a user's own manager can do it as well.
_HARDENING = """\
NoNewPrivileges=yes
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
"""
_SYSTEM_HARDENING = """\
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
RemoveIPC=yes
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """One file. ``name`` with its ending."""

    name: str
    text: str


def unit_name(home: Home) -> str:
    """``quynhon-archive-3fa2c1``: the folder's name for people, a hash of its path to tell two apart."""
    folded = unicodedata.normalize("NFD", home.root.name.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    plain = re.sub(r"[^a-z0-9]+", "-", letters.lower())[:40]
    digest = sha256(str(home.root).encode("utf-8", "surrogateescape")).hexdigest()[:6]
    return f"quynhon-{plain.strip('-') or 'archive'}-{digest}"


def units(home: Home, config: Config, *, system: bool, user: str | None = None) -> list[Unit]:
    """Timer, service, and what is called when the service fails. ``user`` runs a system service."""
    name = unit_name(home)
    return [
        Unit(f"{name}.timer", _timer(home)),
        Unit(f"{name}.service", _service(home, config, name, system=system, user=user)),
        Unit(f"{name}-failed.service", _failed(home, config, system=system, user=user)),
    ]


def command(home: Home, *words: str) -> list[str]:
    """This very program, with this very Python, on this archive."""
    return [sys.executable, "-m", "quynhon_crawler.cli", *words, "--archive", str(home.root)]


def _timer(home: Home) -> str:
    return f"""\
[Unit]
Description=Look every {TICK_MINUTES} minutes what is due in {_plain(home.root)}

[Timer]
OnCalendar=*:0/{TICK_MINUTES}
# what was missed while the machine was off is made up for once it is on
Persistent=true
AccuracySec=30s

[Install]
WantedBy=timers.target
"""


def _service(home: Home, config: Config, name: str, *, system: bool, user: str | None) -> str:
    longest = int(run_time(config.schedule).total_seconds()) + _MARGIN_SECONDS
    return f"""\
[Unit]
Description=Crawl what is due in {_plain(home.root)}
Wants=network-online.target
After=network-online.target time-sync.target
OnFailure={name}-failed.service

[Service]
# A timer does not start what is running: two runs never overlap. Not oneshot: that knows no longest time.
Type=exec
ExecStart={_line(command(home, "crawl", "--due"))}
{_surroundings(home, system=system, user=user)}\
RuntimeMaxSec={longest}
MemoryMax={config.schedule.memory}
# the program first, so that it ends its crawl in order; then what is left of it
KillMode=mixed
TimeoutStopSec=120
Nice=10
{_hardening(home, config, system=system)}"""


def _failed(home: Home, config: Config, *, system: bool, user: str | None) -> str:
    return f"""\
[Unit]
Description=Tell that a crawl of {_plain(home.root)} failed
Wants=network-online.target
After=network-online.target

[Service]
# systemd says in MONITOR_SERVICE_RESULT what happened: exit-code, oom-kill, timeout, ...
Type=oneshot
ExecStart={_line(command(home, "report", "--failed"))}
{_surroundings(home, system=system, user=user)}\
TimeoutStartSec=300
MemoryMax={config.schedule.memory}
{_hardening(home, config, system=system)}"""


def _surroundings(home: Home, *, system: bool, user: str | None) -> str:
    secrets = "/etc/quynhon/secrets.env" if system else "%h/.config/quynhon/secrets.env"
    lines = [f"User={user}"] if system and user else []
    lines += [
        f"WorkingDirectory={_plain(home.root)}",
        "# webhook_secret and smtp_password of archive.toml, where they are named env:NAME",
        f"EnvironmentFile=-{secrets}",
        "Environment=PYTHONUNBUFFERED=1",
        "StandardOutput=journal",
        "StandardError=journal",
        "SyslogIdentifier=quynhon",
        "UMask=0022",
    ]
    return "\n".join(lines) + "\n"


def _hardening(home: Home, config: Config, *, system: bool) -> str:
    if not system:
        return _HARDENING
    written = [home.root]
    if config.watch.prometheus:
        written.append(Path(config.watch.prometheus).expanduser().absolute().parent)
    return (
        _HARDENING
        + _SYSTEM_HARDENING
        + "".join(f"ReadWritePaths=-{_quoted(str(path))}\n" for path in written)
    )


def _line(words: Iterable[str]) -> str:
    """A command line as systemd reads it: quoted, without specifiers and variables (systemd.service(5))."""
    return " ".join(_quoted(word.replace("$", "$$")) for word in words)


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"' if not escaped or set(escaped) & set(" \t'\"\\;") else escaped


def _plain(path: Path) -> str:
    """A path as the whole value of a setting: not quoted, its specifiers escaped."""
    return str(path).replace("%", "%%")
