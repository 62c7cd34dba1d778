# SPDX-License-Identifier: AGPL-3.0-or-later
"""The link key: read from its file when needed, kept nowhere, gone once destroyed.

What is derived of it (blind indexes, the secret of a class) goes with it.
"""

import base64
import binascii
import hmac
import os
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from encrier.errors import BadSetting, EncrierError
from encrier.ids import CampaignId
from encrier.secret import Secret
from encrier_names import zone
from encrier_names.encryption import seal, unseal
from encrier_names.settings import KEY_SIZE, PREFIX

_CLASS_SECRET: Final = b"class-secret/v1\0"


class LinkDestroyed(EncrierError):
    what = "Le lien entre les élèves et leurs numéros a été détruit."
    next_step = "C’est définitif\u00a0: les résultats nominatifs n’existent plus."
    status = 410


def link_key() -> Secret:
    """Read the link key, or say that the link is no more."""
    try:
        written = zone.current().settings.link_key_file.read_text(encoding="ascii")
        key = base64.b64decode(written.strip(), validate=True)
    except FileNotFoundError as error:
        raise LinkDestroyed from error
    except (OSError, UnicodeDecodeError, binascii.Error) as error:
        raise BadSetting(f"{PREFIX}LINK_KEY_FILE cannot be read.") from error
    if len(key) != KEY_SIZE:
        raise BadSetting(f"{PREFIX}LINK_KEY_FILE does not hold 32 bytes in base64.")
    return Secret(key)


def blind(key: Secret, what: str, value: bytes) -> str:
    """The blind index of a value: HMAC-SHA256, hex; `what` keeps kinds of value apart."""
    return hmac.digest(key.reveal(), f"index/{what}\0".encode() + value, "sha256").hex()


def class_secrets(campaign: CampaignId, divisions: Iterable[UUID]) -> dict[UUID, Secret]:
    """The secret of each of these classes: 32 bytes that close and open its keying ring.

    HMAC-SHA256 under the link key, docs/spec/keying.md.
    """
    key = link_key().reveal()
    return {
        division: Secret(hmac.digest(key, _CLASS_SECRET + campaign + division.bytes, "sha256"))
        for division in divisions
    }


def seal_to_send(content: bytes, *, name: str) -> bytes:
    """Seal what waits to be sent to answers: it too tells which numbers belong together."""
    return seal(link_key(), content, context=f"to-send\0{name}".encode())


def unseal_to_send(box: bytes, *, name: str) -> bytes:
    """Open what `seal_to_send` sealed under this name."""
    return unseal(link_key(), box, context=f"to-send\0{name}".encode())


def destroy_key() -> bool:
    """Write over the key file and remove it; False where there was none.

    Writing over does not reach copies that a disk or a backup may keep: docs/spec/register.md.
    """
    file = zone.current().settings.link_key_file
    try:
        with file.open("r+b") as target:
            size = os.fstat(target.fileno()).st_size
            target.write(os.urandom(size))
            target.flush()
            os.fsync(target.fileno())
    except FileNotFoundError:
        return False
    file.unlink()
    return True
