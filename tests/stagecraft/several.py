# SPDX-License-Identifier: AGPL-3.0-or-later
"""A campaign whose answers are kept by several pairs: here each is one node with its own file."""

import base64
import shutil
import urllib.request
from pathlib import Path
from typing import Final

from encrier import calls, clock
from encrier.ids import SittingId
from encrier.keyfiles import read_secret
from encrier.records import from_bytes
from encrier.wire import Progress
from operators import Operator, answers_to, free_port, wait_until
from stage import NODE, Stage


class SeveralPairs(Stage):
    """Two pairs from the start, with room for more; the ministry serves the page."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, names_port=free_port(0), answers_port=free_port(0))
        self.page_port = free_port(0)
        self.pairs: dict[int, Pair] = {1: Pair(1, self.answers, self.answers_port)}

    def serve_answers(self) -> None:
        """Start the node of each pair."""
        self._set_up(self.pairs[2])
        super().serve_answers()
        self.pairs[2].serve()

    def add_pair(self, number: int) -> None:
        """What an operator does while the others serve: docs/operate/answers.md."""
        added = self._new_pair(number)
        manifest, newer = self.results.folder / "manifest.json", self.results.folder / "newer.json"
        signed = ("--keys", self.results.folder / "keys", "--manifest", manifest, "--out", newer)
        said = self.results.run("add-pair", *signed, "--node", added.as_node)
        assert said == str(number)
        newer.replace(manifest)
        self._set_up(added)
        added.serve()
        shutil.copy(manifest, self.names.folder / "manifest.json")
        self.names.stop()
        self.serve_names()
        assert self.page is not None
        self.page.stop()
        self.page.start("serve-page")
        wait_until(lambda: answers_to(self.page_port or 0), what="the ministry's page")

    def progress(self, number: int) -> dict[SittingId, str]:
        """The sittings that a pair knows, and how far each is: as names is told."""
        key = read_secret(self.names.folder / "keys/door.key")
        path = "/v1/progress"
        signed = calls.sign(key, method="GET", path=path, body=b"", at=clock.now())
        url = self.pairs[number].url + path
        asked = urllib.request.Request(url, headers={calls.HEADER: signed})
        with urllib.request.urlopen(asked) as answer:
            rows = from_bytes(answer.read(), Progress).rows
        return {SittingId(row.sid): row.state for row in rows}

    def stop(self) -> None:
        """End every process of every operator."""
        super().stop()
        for pair in self.pairs.values():
            pair.operator.stop()

    def _nodes(self, receipt_key: str) -> tuple[str, ...]:
        first = f"{NODE},{self.answers_url},{receipt_key},1"
        return ("--node", first, "--node", f"{self._new_pair(2).as_node},2")

    def _new_pair(self, number: int) -> "Pair":
        operator = Operator("answers", self.folder / f"answers-{number}")
        self.pairs[number] = Pair(number, operator, free_port(0))
        self.pairs[number].draw_keys()
        return self.pairs[number]

    def _set_up(self, pair: "Pair") -> None:
        """Give a pair the settings of the first, with its own folder, keys, number and port."""
        operator, folder = pair.operator, pair.operator.folder
        shutil.copy(self.results.folder / "manifest.json", folder / "manifest.json")
        operator.settings |= self.answers.settings
        operator.set(
            folder=folder / "data",
            store_key_file=folder / "keys/store.key",
            receipt_key_file=folder / "keys/receipt.key",
            manifest_file=folder / "manifest.json",
            node=pair.node,
            port=pair.port,
        )


class Pair:
    """One of them, and who runs it."""

    def __init__(self, number: int, operator: Operator, port: int) -> None:
        self.operator, self.port = operator, port
        self.node: Final = base64.b64encode(bytes([0, 0, 0, number])).decode()
        self.url: Final = f"http://127.0.0.1:{port}"
        self.receipt_key = ""

    @property
    def as_node(self) -> str:
        """The node as it is written for the manifest."""
        return f"{self.node},{self.url},{self.receipt_key}"

    def draw_keys(self) -> None:
        folder = self.operator.folder / "keys"
        self.receipt_key = self.operator.run("draw-key", "--out", folder / "receipt.key")
        self.operator.run("draw-key", "--kind", "store", "--out", folder / "store.key")

    def serve(self) -> None:
        """Start the node and wait until it answers."""
        self.operator.start("serve")
        wait_until(lambda: answers_to(self.port), what="a node of answers")
