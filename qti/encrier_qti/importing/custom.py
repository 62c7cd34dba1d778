# SPDX-License-Identifier: AGPL-3.0-or-later
"""Portable custom interactions of QTI 2 written as QTI 3 has them.

Three forms are met: that of IMS PCI 1.0 (modules, primaryPath), the change
proposal of 2014 that TAO follows (hook, libraries, resources), and TAO's IMS
form without a namespace prefix. QTI 3.0 ASI information model,
"PortableCustomInteraction": the response and the module on the interaction,
modules listed, each property an attribute data-….
Runs nothing of what it reads.
"""

import re
from collections.abc import Iterable
from typing import Final

from lxml import etree

from encrier_qti.reading.safe_xml import local, namespace

_NOT_IN_A_NAME: Final = re.compile(r"[^a-z0-9-]+")
_PORTABLE: Final = "portableCustomInteraction"


def portable(interaction: etree._Element) -> None:
    """Turn a QTI 2 customInteraction that holds a portable one into that one; else leave it."""
    inner = next((each for each in interaction if local(each) == _PORTABLE), None)
    parent = interaction.getparent()
    if inner is None or parent is None:
        return
    space = namespace(interaction)
    made = etree.Element(_named(space, _PORTABLE))
    for name, value in interaction.attrib.items():
        made.set(name, value)
    kind = inner.get("customInteractionTypeIdentifier", "")
    made.set("customInteractionTypeIdentifier", kind)
    made.set("module", inner.get("module", "") or kind)
    for name, value in _properties(inner):
        made.set(name, value)
    modules = etree.SubElement(made, _named(space, "interactionModules"))
    for name, paths in _modules(inner):
        module = etree.SubElement(modules, _named(space, "interactionModule"), id=name)
        for attribute, path in zip(("primaryPath", "fallbackPath"), paths, strict=False):
            module.set(attribute, path)
    _markup(inner, etree.SubElement(made, _named(space, "interactionMarkup")))
    made.tail = interaction.tail
    parent.replace(interaction, made)


def _modules(inner: etree._Element) -> Iterable[tuple[str, list[str]]]:
    """The modules it runs: by their paths, or the hook and the libraries of TAO."""
    hook = inner.get("hook", "")
    if hook:
        yield inner.get("customInteractionTypeIdentifier", ""), [_script(hook)]
    for each in inner.iter():
        if local(each) == "module":
            paths = [each.get("primaryPath", ""), each.get("fallbackPath", "")]
            yield each.get("id", ""), [path for path in paths if path]
        elif local(each) in {"lib", "library"}:
            yield each.get("id", ""), []


def _script(hook: str) -> str:
    return hook if hook.endswith(".js") else f"{hook}.js"


def _properties(inner: etree._Element) -> Iterable[tuple[str, str]]:
    """Each property as an attribute; those within another follow its name."""
    for holder in inner:
        if local(holder) in {"properties", "property"}:
            yield from _property(holder, "data")


def _property(element: etree._Element, prefix: str) -> Iterable[tuple[str, str]]:
    key = _kebab(element.get("key", ""))
    name = f"{prefix}-{key}" if key else prefix
    nested = [each for each in element if local(each) in {"properties", "property"}]
    for each in nested:
        yield from _property(each, name)
    if not nested and key:
        yield name, (element.text or "").strip()


def _kebab(key: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", key).lower()
    return _NOT_IN_A_NAME.sub("-", spaced).strip("-")


def _markup(inner: etree._Element, made: etree._Element) -> None:
    written = next((each for each in inner if local(each) == "markup"), None)
    if written is None:
        return
    made.text = written.text
    for child in list(written):
        made.append(child)


def _named(space: str, name: str) -> str:
    return f"{{{space}}}{name}" if space else name
