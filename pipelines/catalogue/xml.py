"""Text for XML: what a person typed may hold characters that no XML document can."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, indent, tostring

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """The text with U+FFFD for each character that XML 1.0 forbids."""
    return _FORBIDDEN.sub("\ufffd", text)


def document(root: Element) -> str:
    """An element as a document in UTF-8, indented, ending with a line end."""
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"
