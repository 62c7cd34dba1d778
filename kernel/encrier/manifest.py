# SPDX-License-Identifier: AGPL-3.0-or-later
"""The campaign manifest: what the ministry signs so that browsers and zones trust nobody else.

Holds only public keys, dates and digests. Docs: docs/spec/manifest.md.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from msgspec import Meta
from msgspec.structs import replace

from encrier import places, signing
from encrier.errors import BadRecord, BadSetting, BadSignature, ManifestRefused
from encrier.ids import BundleId, CampaignId, KeyId, key_id
from encrier.records import Record, from_bytes, to_bytes
from encrier.secret import Secret

LABEL: Final = b"manifest/v1"
_ORIGIN: Final = re.compile(r"https?://[a-z0-9.:\[\]-]+")  # in the letters of a browser
Moment = Annotated[datetime, Meta(tz=True)]
Sha256 = Annotated[bytes, Meta(min_length=32, max_length=32)]
PublicKey = Annotated[bytes, Meta(min_length=32, max_length=32)]


class BundleEntry(Record, frozen=True):
    """One booklet that pupils may be given."""

    id: Annotated[bytes, Meta(min_length=8, max_length=8)]
    sha256: Sha256  # of bundle.json
    sealed_sha256: Sha256  # of sealed.json: the same booklet, closed until its opening
    key_sha256: Sha256  # tells the key that opens it, encrier.booklets.commitment
    title: str


class Practice(Record, frozen=True):
    """A booklet that anyone may open, without a code: it teaches how to answer."""

    booklet: BundleEntry
    key: Annotated[bytes, Meta(min_length=32, max_length=32)]  # no secret: it opens this one alone


class Node(Record, frozen=True, omit_defaults=True):
    """One machine of the answers zone; those of a pair stand before one database."""

    node: Annotated[bytes, Meta(min_length=4, max_length=4)]
    url: str
    receipt_key: PublicKey
    pair: int = places.ONLY


class Manifest(Record, frozen=True, omit_defaults=True):
    """All that a zone or a browser needs to know of a campaign."""

    v: Literal[1]
    campaign: Annotated[bytes, Meta(min_length=16, max_length=16)]
    label: str
    level: str
    suite: Literal[1]
    sealing_key: Annotated[bytes, Meta(min_length=1216, max_length=1216)]
    kdf_iterations: Annotated[int, Meta(ge=1_000, le=10_000_000)]
    opens_at: Moment
    closes_at: Moment  # end of sittings
    grace_h: Annotated[int, Meta(ge=0, le=240)]  # a school whose network fell may still send
    results_close_at: Moment  # end of restitution: then the link is destroyed
    bundles: list[BundleEntry]
    nodes: list[Node]
    names_key: PublicKey  # signs AdmissionList and calls of the names zone
    results_key: PublicKey  # signs ScoreSheet and calls of the results zone
    practice: Practice | None = None
    page_url: str | None = None  # who serves the page to pupils; None: each node of answers
    places: str = ""  # which pair serves which codes, encrier.places; empty: there is one pair
    keying_url: str | None = None  # who serves the page where teachers key booklets: names
    boxes_kept_h: Annotated[int, Meta(ge=1, le=2_400)] = 24  # by answers, after a box's minute

    @property
    def campaign_id(self) -> CampaignId:
        return CampaignId(self.campaign)

    @property
    def address(self) -> str:
        """Where pupils go."""
        return (self.page_url or self.nodes[0].url).rstrip("/")

    @property
    def page_origin(self) -> str | None:
        """The origin whose page may ask a node of answers, where it is not the node itself."""
        return None if self.page_url is None else origin_of(self.page_url)

    @property
    def keying_origin(self) -> str | None:
        """The origin whose page may ask as well, for the pupils of a class; None: no such page."""
        return None if self.keying_url is None else origin_of(self.keying_url)

    @property
    def pairs(self) -> tuple[int, ...]:
        """The pairs that serve codes, in order."""
        return places.pairs_in(self.places)

    def pair_of(self, code: str) -> int:
        """The pair that serves a code; raises BadRecord where none does."""
        pair = places.pair_of(self.places, code)
        if pair is None:
            raise BadRecord(
                "No pair of the manifest serves a code that was given.",
                "Go back to the newest manifest of this campaign: one that is newer only adds.",
            )
        return pair

    def nodes_of(self, pair: int) -> list[Node]:
        """The machines of a pair."""
        return [node for node in self.nodes if node.pair == pair]

    @property
    def asked_by_page(self) -> tuple[str, ...]:
        """The origins of answers that the ministry's page may ask: one, or each of every pair."""
        asked = self.nodes if self.places else self.nodes[:1]
        return tuple(dict.fromkeys(origin_of(node.url) for node in asked))

    @property
    def sealing_key_id(self) -> KeyId:
        return key_id(self.sealing_key)

    @property
    def last_save_at(self) -> datetime:
        """After this moment nothing more is taken."""
        return self.closes_at + timedelta(hours=self.grace_h)

    def bundle(self, wanted: BundleId) -> BundleEntry | None:
        return next((b for b in self.bundles if b.id == wanted), None)


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as a browser names its origin."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class SignedManifest(Record, frozen=True):
    """The manifest as text, byte for byte as signed, and the signature."""

    manifest: str
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]


def sign(manifest: Manifest, *, key: Secret) -> bytes:
    """Give the signed manifest as the bytes of a file; refuse one that no zone could follow."""
    _refuse_senseless(manifest)
    text = to_bytes(manifest)
    from_bytes(text, Manifest)  # sizes are checked where a record is read, not where it is made
    return to_bytes(SignedManifest(text.decode(), signing.sign(key, LABEL, text)))


def with_pair(manifest: Manifest, nodes: Sequence[Node]) -> Manifest:
    """The manifest with one pair more, made of these nodes; whatever was served stays where it was.

    It gets as many places as the first pair has. Raises NoPlaceLeft, and BadRecord for a campaign
    that began without places: all its codes are the one pair's.
    """
    if not manifest.places:
        raise BadRecord(
            "This campaign has one pair for good: its codes were drawn anywhere.",
            "Number the pair of each node when the next campaign is signed.",
        )
    pair = max(manifest.pairs) + 1
    n_places = len(places.of_pair(manifest.places, manifest.pairs[0]))
    return replace(
        manifest,
        nodes=[*manifest.nodes, *(replace(node, pair=pair) for node in nodes)],
        places=places.added(manifest.places, pair, n_places=n_places),
    )


def check(content: bytes, *, root_key: bytes) -> Manifest:
    """Read a manifest signed by the ministry's root key, or refuse it."""
    signed = from_bytes(content, SignedManifest)
    text = signed.manifest.encode()
    try:
        signing.check(signed.signature, LABEL, text, by=root_key)
    except BadSignature as error:
        raise ManifestRefused from error
    return from_bytes(text, Manifest)


def read(file: Path, *, root_key: bytes, setting: str) -> tuple[Manifest, bytes]:
    """Read and check a manifest file; give it with its bytes, as they are served.

    setting: the variable that names the file, for whoever must correct it.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadSetting(f"{setting} cannot be read.") from error
    return check(content, root_key=root_key), content


def _refuse_senseless(manifest: Manifest) -> None:
    nodes = {node.node for node in manifest.nodes}
    faults = {
        "The sittings close before they open": manifest.closes_at <= manifest.opens_at,
        "The results close before the sittings do": manifest.results_close_at < manifest.closes_at,
        "There is no booklet": not manifest.bundles,
        "There is no node": not manifest.nodes,
        "Two nodes have the same number": len(nodes) < len(manifest.nodes),
        # a browser compares origins letter by letter, and a wrong one is a page that cannot send
        "The keying page has no such address": manifest.keying_origin is not None
        and not _ORIGIN.fullmatch(manifest.keying_origin),
        **_faults_of_places(manifest),
    }
    for what, found in faults.items():
        if found:
            raise BadRecord(f"{what}.", "Correct the campaign and sign it again.")


def _faults_of_places(manifest: Manifest) -> dict[str, bool]:
    if not places.are_sound(manifest.places):
        return {"The places are not 361, or name a pair that no manifest has": True}
    of_nodes, pairs = {node.pair for node in manifest.nodes}, manifest.pairs
    return {
        "A place is served by a pair that has no node": not of_nodes.issuperset(pairs),
        "A node is of a pair that serves no place": not of_nodes.issubset(pairs),
        "There are several pairs, and no page of the ministry's that knows them all": len(pairs) > 1
        and manifest.page_url is None,
    }
