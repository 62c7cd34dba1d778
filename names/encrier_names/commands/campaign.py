# SPDX-License-Identifier: AGPL-3.0-or-later
"""Shows the campaign as this zone reads it. No pupil is counted here."""

import argparse

import msgspec

from encrier_names import zone
from encrier_names.campaign import freezing
from encrier_names.commands import say


def show(asked: argparse.Namespace) -> int:
    """Say what the campaign fixes, and which of its versions have been run."""
    running = zone.current()
    sha256 = None if running.campaign_sha256 is None else running.campaign_sha256.hex()
    versions = freezing.versions()
    frozen = next((v for v in versions if v.frozen_at is not None), None)
    result = {
        "campaign": msgspec.to_builtins(running.campaign),
        "sha256": sha256,
        "frozen_at": frozen.frozen_at if frozen else None,
        "versions": msgspec.to_builtins(versions),
    }
    windows = msgspec.to_builtins(running.campaign.windows)
    lines = [f"{name:9} {one['opens']} .. {one['closes']}" for name, one in windows.items() if one]
    state = "no campaign file" if sha256 is None else f"{sha256} {'frozen' if frozen else 'draft'}"
    say(result, "\n".join([running.campaign.label, *lines, state]), as_json=asked.json)
    return 0
