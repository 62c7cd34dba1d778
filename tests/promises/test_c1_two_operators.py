# SPDX-License-Identifier: AGPL-3.0-or-later
"""Both applications « propulsées par le même prestataire » : here, three operators.

The zones run with their own settings, keys and databases; none shares a secret with another, and
the one that can open envelopes listens to nobody.
"""

import socket
from pathlib import Path

from operators import Operator
from stagecraft.autumn import Autumn

BOOKLETS = "keys/booklets/"
LISTENING = "0A"


def files_of(operator: Operator) -> dict[str, bytes]:
    return {
        str(path.relative_to(operator.folder)): path.read_bytes()
        for path in (operator.folder / "keys").rglob("*")
        if path.is_file()
    }


def listening_ports(pids: set[int]) -> set[int]:
    """The TCP ports on which some processes listen, from the kernel's own tables."""
    sockets = set()
    for pid in pids:
        for end in Path(f"/proc/{pid}/fd").iterdir():
            try:
                sockets.add(str(end.readlink()))
            except OSError:
                continue
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
            columns = line.split()
            if columns[3] == LISTENING and f"socket:[{columns[9]}]" in sockets:
                found.add(int(columns[1].rpartition(":")[2], 16))
    return found


def family(pid: int) -> set[int]:
    """A process and all that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return {pid}.union(*(family(int(child)) for child in children))


def test_no_secret_of_one_zone_is_in_the_folder_of_another(autumn: Autumn) -> None:
    """But the keys of booklets: results draws them, and names hands them over in time."""
    stage = autumn.stage
    for owner in (stage.names, stage.answers, stage.results):
        for name, key in files_of(owner).items():
            others = {stage.names, stage.answers, stage.results} - {owner}
            for other in {stage.answers} if name.startswith(BOOKLETS) else others:
                holders = [
                    path
                    for path in other.folder.rglob("*")
                    if path.is_file() and key.strip() in path.read_bytes()
                ]
                assert holders == []


def test_no_setting_of_names_leads_to_answers_store_nor_the_other_way(autumn: Autumn) -> None:
    assert not set(autumn.stage.names.settings.values()) & set(
        autumn.stage.answers.settings.values()
    ) - {autumn.stage.names.settings["ENCRIER_NAMES_ROOT_KEY"]}


def test_the_zone_that_opens_envelopes_listens_to_nobody(autumn: Autumn) -> None:
    results = autumn.stage.results.start("watch", "--every", "0.2")
    autumn.stage.results.wait_for_words("watch", "opened")
    try:
        assert listening_ports(family(results.pid)) == set()
    finally:
        autumn.stage.results.stop()


def test_the_search_for_listeners_finds_one(autumn: Autumn) -> None:
    port = autumn.stage.answers_port
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        assert port in listening_ports(family(autumn.stage.answers_process.pid))
