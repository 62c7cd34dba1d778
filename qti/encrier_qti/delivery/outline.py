# SPDX-License-Identifier: AGPL-3.0-or-later
"""A test as data: parts, sections, rules and limits, as the player needs them.

QTI 3.0 ASI information model, "AssessmentTest". What is drawn from the
sitting's seed stays a table, drawn by the player (docs/spec/draws.md); item
session control is inherited already. Knows no key: a condition has been
compiled to cut scores by `routes`.
"""

from collections.abc import Callable, Iterable
from typing import TypedDict

from msgspec.structs import asdict

from encrier_qti.delivery.index import (
    Branch,
    BundleTest,
    Condition,
    Control,
    Limits,
    OutlineItem,
    OutlinePart,
    OutlineSection,
    Text,
)
from encrier_qti.delivery.shown import Shown
from encrier_qti.errors import NotSupported
from encrier_qti.model import (
    UNSAID,
    Assessment,
    Controlled,
    ItemRef,
    Node,
    Part,
    RubricBlock,
    Section,
    SessionControl,
    TestFeedback,
    TimeLimits,
)


class Rules(TypedDict):
    """What parts, sections and items have in common in bundle.json."""

    limits: Limits | None
    only_if: list[Condition]
    branches: list[Branch]


class Outliner:
    """Makes the outline of one test.

    `put(name, xml, file)` stores a text written in a file, and gives its name in the bundle;
    `condition` compiles an expression, or refuses it; `shown`: the outcomes at the start.
    """

    def __init__(
        self,
        put: Callable[[str, bytes, str], str],
        condition: Callable[[Node], Condition],
        shown: Shown,
    ) -> None:
        self._put = put
        self._condition = condition
        self._shown = shown
        self._file = ""
        self._settled: frozenset[str] = frozenset()

    def test(self, assessment: Assessment) -> BundleTest:
        """Give all that the test says, but what depends on an outcome that it computes."""
        computed = set() if assessment.processing is None else _set_by(assessment.processing)
        self._file = assessment.file
        self._settled = frozenset(assessment.outcomes) - computed
        return BundleTest(
            id=assessment.identifier,
            parts=[self._part(part) for part in assessment.parts],
            limits=_limits(assessment.limits),
            rubrics=self._rubrics("test", assessment.rubrics),
            feedbacks=self._feedbacks("test", assessment.feedbacks),
        )

    def _part(self, part: Part) -> OutlinePart:
        linear = part.navigation == "linear"
        if part.submission == "simultaneous" and linear:
            _refuse_conditions(part, self._file)
        control = part.control.within(UNSAID)
        return OutlinePart(
            **self._rules(part, linear=True),
            id=part.identifier,
            navigation=part.navigation,
            submission=part.submission,
            title=part.title,
            sections=[self._section(each, control, linear=linear) for each in part.sections],
            rubrics=self._rubrics(part.identifier, part.rubrics),
            feedbacks=self._feedbacks(part.identifier, part.feedbacks),
        )

    def _section(
        self, section: Section, inherited: SessionControl, *, linear: bool
    ) -> OutlineSection:
        control = section.control.within(inherited)
        chosen = section.selection
        return OutlineSection(
            **self._rules(section, linear=linear),
            id=section.identifier,
            children=[
                self._item(child, control, linear=linear)
                if isinstance(child, ItemRef)
                else self._section(child, control, linear=linear)
                for child in section.children
            ],
            title=section.title,
            required=section.required,
            fixed=section.fixed,
            visible=section.visible,
            keep_together=section.keep_together,
            shuffle=section.shuffle,
            select=None if chosen is None else chosen.select,
            with_replacement=chosen is not None and chosen.with_replacement,
            rubrics=self._rubrics(section.identifier, section.rubrics),
        )

    def _item(self, ref: ItemRef, inherited: SessionControl, *, linear: bool) -> OutlineItem:
        control = Control(**asdict(ref.control.within(inherited)))
        return OutlineItem(
            **self._rules(ref, linear=linear),
            id=ref.identifier,
            required=ref.required,
            fixed=ref.fixed,
            control=None if control == Control() else control,
        )

    def _rules(self, element: Controlled, *, linear: bool) -> Rules:
        """Conditions and limits; QTI ignores the conditions inside a part that is not linear."""
        branches = element.branches if linear else ()
        return Rules(
            limits=_limits(element.limits),
            only_if=[self._condition(each) for each in element.preconditions if linear],
            branches=[Branch(to=e.target, when=self._condition(e.condition)) for e in branches],
        )

    def _rubrics(self, owner: str, blocks: Iterable[RubricBlock]) -> list[Text]:
        return [
            Text(
                href=self._put(f"{owner}/rubric-{place}", block.content, block.file), use=block.use
            )
            for place, block in enumerate(blocks, start=1)
            if "candidate" in block.views
        ]

    def _feedbacks(self, owner: str, feedbacks: Iterable[TestFeedback]) -> list[Text]:
        """Only what no processing can change: the rest would tell a score, or tell it wrong."""
        return [
            Text(
                href=self._put(f"{owner}/feedback-{place}", feedback.content, self._file),
                access=feedback.access,
            )
            for place, feedback in enumerate(feedbacks, start=1)
            if feedback.outcome in self._settled
            and self._shown.holds(feedback.outcome, feedback.identifier) == feedback.show
        ]


def _refuse_conditions(part: Part, file: str) -> None:
    """Refuse conditions where nothing is scored before the end of the part."""
    for element in (each for section in part.sections for each in section.elements()):
        if element.preconditions or element.branches:
            raise NotSupported(
                "une condition dépend de réponses qui ne sont rendues qu’à la fin de la partie.",
                "Donnez à la partie le mode «\u00a0individual\u00a0», ou ôtez la condition.",
                file=file,
                line=element.line,
            )


def _limits(limits: TimeLimits | None) -> Limits | None:
    if limits is None:
        return None
    return Limits(min_s=limits.minimum, max_s=limits.maximum, late=limits.allow_late_submission)


def _set_by(processing: Node) -> set[str]:
    """The outcomes that a processing may set."""
    return {
        rule.attributes.get("identifier", "").strip()
        for rule in processing.walk()
        if rule.name in {"qti-set-outcome-value", "qti-lookup-outcome-value"}
    }
