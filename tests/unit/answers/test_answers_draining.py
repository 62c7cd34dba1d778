# SPDX-License-Identifier: AGPL-3.0-or-later
"""A node that is ended for an upgrade: no acknowledged save is lost, no browser waits for it."""

import base64
import json
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from http.client import HTTPException
from pathlib import Path
from typing import Any

import msgspec
import pytest

from encrier import manifest, seal
from encrier.manifest import Node
from encrier.secret import SecretText
from encrier_answers.health import DRAINING
from stagecraft.node import Campaign, pause


def test_a_drained_node_ends_and_loses_nothing(
    new_campaign: Any, serve: Callable[..., Any], disk: dict[str, str]
) -> None:
    kept: list[bytes] = []
    with serve(new_campaign, **disk) as server:
        pupil = server.new_pupil()

        def go_on() -> None:
            seq = 0
            while True:
                envelope = new_campaign.envelope(pupil, seq=seq)
                try:
                    if server.save(pupil, envelope).status == 200:
                        kept.append(envelope)
                except (OSError, HTTPException):
                    return
                seq += 1

        saving = threading.Thread(target=go_on)
        saving.start()
        said = json.loads(server.command("drain", "--wait", "2", "--json"))
        assert said == {"ended": True}
        assert server.process.wait(20) == 0
        saving.join(20)
    assert server.errors.read_text().endswith("event=stopped\n")
    with serve(new_campaign, **disk) as again:
        assert again.get("/v1/ready").status == 200
        assert not (new_campaign.root / "data" / DRAINING).exists()
        (last,) = again.drain()
    assert last.envelope == kept[-1]


def test_a_folder_without_a_server_has_nothing_to_end(
    new_campaign: Any, serve: Callable[..., Any]
) -> None:
    with serve(new_campaign) as server:
        pass
    with pytest.raises(subprocess.CalledProcessError) as refused:
        server.command("drain")
    assert "No server runs" in refused.value.stderr
    assert not (new_campaign.root / "data" / DRAINING).exists()


class TwoNodes(Campaign):
    """A campaign whose manifest names a second node."""

    def _write_manifest(self) -> manifest.Manifest:
        one = super()._write_manifest()
        second = Node(b"nd02", "http://127.0.0.1/", one.nodes[0].receipt_key)
        both = msgspec.structs.replace(one, nodes=[*one.nodes, second])
        (self.root / "manifest.json").write_bytes(manifest.sign(both, key=self.root_key))
        return both


class Balancer:
    """Sends a pupil's saves to a node that says it is ready, as a load balancer does."""

    def __init__(self, nodes: Sequence[Any]) -> None:
        self.nodes, self.over = nodes, threading.Event()
        self.kept: list[bytes] = []
        self.refused: list[int] = []

    def save_on(self, pupil: Any) -> None:
        """Save again and again until it is over; a save that no node took is sent again."""
        seq = 0
        while not self.over.is_set():
            envelope = self.nodes[0].campaign.envelope(pupil, seq=seq)
            if self._is_kept(pupil, envelope):
                self.kept.append(envelope)
                seq += 1

    def _is_kept(self, pupil: Any, envelope: bytes) -> bool:
        for node in self.nodes:
            try:
                if node.get("/v1/ready").status == 200:
                    answer = node.save(pupil, envelope)
                    if answer.status == 200:
                        return True
                    self.refused.append(answer.status)
            except (OSError, HTTPException):
                continue
        return False


def test_two_nodes_are_upgraded_one_after_the_other_without_a_lost_or_refused_save(
    tmp_path: Path, serve: Callable[..., Any], database: SecretText
) -> None:
    campaign = TwoNodes(tmp_path)
    shared = {"database": database.words()}
    second = {
        "node": base64.b64encode(b"nd02").decode(),
        "folder": str(tmp_path / "second"),
    }
    with ExitStack() as running:
        one = running.enter_context(serve(campaign, **shared))
        pupil = one.new_pupil()
        other = running.enter_context(serve(campaign, **shared, **second))
        balancer = Balancer([one, other])
        saving = threading.Thread(target=balancer.save_on, args=(pupil,))
        saving.start()
        for node in balancer.nodes:
            before = len(balancer.kept)
            node.command("drain", "--wait", "1")
            assert node.process.wait(20) == 0
            while len(balancer.kept) < before + 20:  # the other one takes them
                assert saving.is_alive()
                pause(0.01)
            running.enter_context(node)  # the new release
        balancer.over.set()
        saving.join(20)
        pulled = [save for node in balancer.nodes for save in node.drain()]
    newest = max(seal.read_header(save.envelope).seq for save in pulled)
    assert newest >= len(balancer.kept) - 1 >= 40
    assert balancer.refused == [], "who is not ready is not asked"
