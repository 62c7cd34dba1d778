# SPDX-License-Identifier: AGPL-3.0-or-later
"""The campaign file: what the ministry decides beside the manifest, and signs in the same way.

Windows, levels, rules and who decides what. The manifest is for browsers and every zone; this file
is for the zones that know schools. Holds no person and no key. Docs: docs/spec/campaign.md.
"""

import hashlib
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from encrier import signing
from encrier.errors import BadSignature, CampaignRefused
from encrier.ids import BundleId
from encrier.manifest import Manifest, Moment
from encrier.records import Record, from_bytes, to_bytes
from encrier.secret import Secret

LABEL: Final = b"campaign/v1"
_AUGUST: Final = 8  # the school year of lists turns on its first day
Mode = Literal["screen", "keyed"]
Variable = Literal["sex", "birth_quarter"]
Decider = Literal["supervisor", "teacher", "head", "academy", "ministry"]
Count = Annotated[int, Meta(ge=0, le=10_000)]
Uai = Annotated[str, Meta(pattern="^[0-9]{7}[A-Z]$")]  # of a school
_ADULTS: Final[tuple[Decider, ...]] = ("supervisor", "teacher", "head")


class Window(Record, frozen=True):
    """From one moment to another; the second is outside."""

    opens: Moment
    closes: Moment

    def is_open(self, now: datetime) -> bool:
        """Whether a moment is inside."""
        return self.opens <= now < self.closes


class Windows(Record, frozen=True):
    """When what may be done; None: no such time, or no limit for lists."""

    sittings: Window
    results: Window  # it closes when the link is destroyed
    lists: Window | None = None
    catch_up: Window | None = None  # more sittings, for who was away
    keying: Window | None = None

    @property
    def sittings_end(self) -> datetime:
        """After this nobody sits, the catch-up included."""
        return (self.catch_up or self.sittings).closes


class Sample(Record, frozen=True):
    """Schools whose results are wanted first: they sit, or are keyed, in windows of their own."""

    schools: Annotated[tuple[Uai, ...], Meta(min_length=1)]
    sittings: Window | None = None  # None: as everybody
    keying: Window | None = None


class Assessment(Record, frozen=True):
    """One test of a level; thresholds of a domain: below the first, needs; the second, fragile."""

    id: str
    title: str
    minutes: Annotated[int, Meta(ge=1, le=600)]
    thresholds: dict[str, tuple[float, float]] = msgspec.field(default_factory=dict)  # by domain


class LevelPlan(Record, frozen=True):
    """What the pupils of one level sit, and how."""

    level: str
    mode: Mode
    booklets: Annotated[tuple[str, ...], Meta(min_length=1)]  # ids of the manifest's, in hex
    assessments: tuple[Assessment, ...] = ()


class Rules(Record, frozen=True):
    """Figures that a campaign sets."""

    smallest_cell: Annotated[int, Meta(ge=1, le=100)] = 5  # no count below is shown by group
    reserve_codes_a_class: Count = 2
    extension_days_at_most: Count = 5
    identities_kept_days: Annotated[int, Meta(ge=0, le=3_660)] = (
        0  # after the results close; 0: as long as the operator likes
    )
    background: tuple[Variable, ...] = ()  # what the register may say of a pupil


class Decides(Record, frozen=True):
    """Who may decide what, among those whose page offers it."""

    replace_code: tuple[Decider, ...] = _ADULTS
    close_row: tuple[Decider, ...] = _ADULTS
    extend_window: tuple[Decider, ...] = ("academy", "ministry")
    reopen_keying: tuple[Decider, ...] = ("academy", "ministry")  # of a class, once it is over


class Campaign(Record, frozen=True):
    """All that the ministry decides of a campaign beside its manifest."""

    v: Literal[1]
    campaign: Annotated[bytes, Meta(min_length=16, max_length=16)]
    label: str
    ask: str  # whom a school asks, in the words of a page
    windows: Windows
    levels: Annotated[tuple[LevelPlan, ...], Meta(min_length=1)]
    rules: Rules = Rules()
    decides: Decides = Decides()
    sample: Sample | None = None

    @property
    def school_year(self) -> int:
        """The year in which its school year began: 2026 for 2026-2027."""
        opens = self.windows.sittings.opens
        return opens.year if opens.month >= _AUGUST else opens.year - 1

    def plan_of(self, level: str) -> LevelPlan:
        """The plan of a level; the first one where the level is none of the campaign's."""
        return next((p for p in self.levels if p.level == level), self.levels[0])

    def booklet_of(self, level: str) -> BundleId:
        """The booklet of a level; of the first one where the level is none of the campaign's."""
        return BundleId(bytes.fromhex(self.plan_of(level).booklets[0]))

    def is_keyed(self, level: str) -> bool:
        """Whether the pupils of a level answer on paper."""
        return self.plan_of(level).mode == "keyed"


class SignedCampaign(Record, frozen=True):
    """The file as text, byte for byte as signed, and the signature."""

    campaign: str  # TOML
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]

    @property
    def sha256(self) -> bytes:
        """What tells this version from any other: the digest of the text."""
        return hashlib.sha256(self.campaign.encode()).digest()


def of_manifest(manifest: Manifest) -> Campaign:
    """The campaign that a manifest alone describes: one level, on screen, lists at any time."""
    opens, closes = manifest.opens_at, manifest.closes_at
    booklets = tuple(entry.id.hex() for entry in manifest.bundles)
    return Campaign(
        v=1,
        campaign=manifest.campaign,
        label=manifest.label,
        ask="le correspondant de votre académie",
        windows=Windows(Window(opens, closes), Window(closes, manifest.results_close_at)),
        levels=(LevelPlan(manifest.level, "screen", booklets),),
        rules=Rules(reserve_codes_a_class=0),  # nobody has decided that there are some
    )


def windows_of(campaign: Campaign, uai: str) -> Windows:
    """When a school may do what: the campaign's windows, some of them narrower for a sampled one.

    What an academy gives to one school more is not known here.
    """
    windows, sample = campaign.windows, campaign.sample
    if sample is None or uai not in sample.schools:
        return windows
    return replace(
        windows,
        sittings=sample.sittings or windows.sittings,
        keying=sample.keying or windows.keying,
    )


def parse(text: str, manifest: Manifest) -> Campaign:
    """Read the text of a campaign file and hold it against the manifest (`CampaignRefused`)."""
    try:
        campaign = msgspec.toml.decode(text, type=Campaign)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CampaignRefused(f"This campaign file is not well written: {error}.") from error
    faults = [what for what, found in _faults(campaign, manifest).items() if found]
    if faults:
        raise CampaignRefused(f"{'; '.join(faults)}.")
    return campaign


def sign(text: str, manifest: Manifest, *, key: Secret) -> bytes:
    """Give a signed campaign as the bytes of a file; refuse one that no zone could follow."""
    parse(text, manifest)
    return to_bytes(SignedCampaign(text, signing.sign(key, LABEL, text.encode())))


def check(content: bytes, manifest: Manifest, *, root_key: bytes) -> tuple[Campaign, bytes]:
    """Read a campaign signed by the ministry's root key, with its SHA-256, or refuse it."""
    signed = from_bytes(content, SignedCampaign)
    try:
        signing.check(signed.signature, LABEL, signed.campaign.encode(), by=root_key)
    except BadSignature as error:
        raise CampaignRefused("This campaign file was not signed by the ministry.") from error
    return parse(signed.campaign, manifest), signed.sha256


def _faults(campaign: Campaign, manifest: Manifest) -> dict[str, bool]:
    """What each fault is called, and whether it is there."""
    return (
        _faults_of_time(campaign, manifest)
        | _faults_of_levels(campaign, manifest)
        | (_faults_of_sample(campaign, campaign.sample) if campaign.sample else {})
    )


def _faults_of_time(campaign: Campaign, manifest: Manifest) -> dict[str, bool]:
    windows = campaign.windows
    sittings, results, end = windows.sittings, windows.results, windows.sittings_end
    named = {name: getattr(windows, name) for name in Windows.__struct_fields__}
    there: dict[str, Window] = {name: one for name, one in named.items() if one is not None}
    backwards = {
        f"The window '{name}' closes before it opens": one.closes <= one.opens
        for name, one in there.items()
    }
    lists, catch_up, keying = windows.lists, windows.catch_up, windows.keying
    return backwards | {
        "The lists open after the sittings": lists is not None and lists.opens > sittings.opens,
        "The catch-up opens before the sittings close": catch_up is not None
        and catch_up.opens < sittings.closes,
        "The keying opens before the sittings": keying is not None
        and keying.opens < sittings.opens,
        "The results open before the sittings": results.opens < sittings.opens,
        "The results close before the last sitting": results.closes < end,
        "The sittings do not open when the manifest says": sittings.opens != manifest.opens_at,
        "The last sitting does not end when the manifest says": end != manifest.closes_at,
        "The results do not close when the manifest says": results.closes
        != manifest.results_close_at,
    }


def _faults_of_levels(campaign: Campaign, manifest: Manifest) -> dict[str, bool]:
    levels = [plan.level for plan in campaign.levels]
    known = {entry.id.hex() for entry in manifest.bundles}
    keyed = any(plan.mode == "keyed" for plan in campaign.levels)
    tests = [one for plan in campaign.levels for one in plan.assessments]
    pairs = [pair for one in tests for pair in one.thresholds.values()]
    return {
        "It is the file of another campaign": campaign.campaign != manifest.campaign,
        "The level of the manifest is not among its levels": manifest.level not in levels,
        "The same level stands twice": len(set(levels)) < len(levels),
        "A booklet is not in the manifest": not known.issuperset(
            booklet for plan in campaign.levels for booklet in plan.booklets
        ),
        "A level is keyed and no window says when": keyed and campaign.windows.keying is None,
        "A threshold is not below the next": any(low >= high for low, high in pairs),
    }


def _faults_of_sample(campaign: Campaign, sample: Sample) -> dict[str, bool]:
    whole, own = campaign.windows, windows_of(campaign, sample.schools[0])
    named = {"sittings": (sample.sittings, whole.sittings), "keying": (sample.keying, whole.keying)}
    narrower = {name: (one, of) for name, (one, of) in named.items() if one is not None}
    backwards = {
        f"The sample's window '{name}' closes before it opens": one.closes <= one.opens
        for name, (one, _) in narrower.items()
    }
    outside = {
        f"The sample's window '{name}' is not inside the campaign's": of is None
        or one.opens < of.opens
        or one.closes > of.closes
        for name, (one, of) in narrower.items()
    }
    return (
        backwards
        | outside
        | {
            "The sample has no window of its own": not narrower,
            "A school stands twice in the sample": len(set(sample.schools)) < len(sample.schools),
            "The sample is keyed before it sits": own.keying is not None
            and own.keying.opens < own.sittings.opens,
        }
    )
