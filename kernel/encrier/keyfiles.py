# SPDX-License-Identifier: AGPL-3.0-or-later
"""Key files: one secret in base64, readable by its owner alone, never written over."""

import base64
import os
from pathlib import Path

from encrier.errors import BadSetting, EncrierError
from encrier.secret import Secret


class KeyFileExists(EncrierError):
    what = "There is a key in this file already."
    next_step = "Name another file, or move the old key away if it is truly no longer needed."


def write_secret(file: Path, secret: Secret) -> None:
    """Write a secret to a new file of mode 0600, or refuse."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyFileExists from error
    with os.fdopen(descriptor, "wb") as target:
        target.write(base64.b64encode(secret.reveal()) + b"\n")


def read_secret(file: Path) -> Secret:
    """Read a secret back; raises BadSetting without a word of what the file holds."""
    try:
        return Secret(base64.b64decode(file.read_text(encoding="ascii")))
    except (OSError, ValueError) as error:
        raise BadSetting(f"The key file {file.name} cannot be read.") from error
