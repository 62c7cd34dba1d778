# SPDX-License-Identifier: AGPL-3.0-or-later
"""A node that is ended for an upgrade: no acknowledged save is lost, no browser waits for it."""

import json
import subprocess
import threading
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

import pytest

from encrier_answers.health import DRAINING


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
