"""XML in and out, always through lxml: no entities, no network, no document larger than common readers accept."""

from __future__ import annotations

from lxml import etree

from transforms.errors import InvalidOutput

G2 = "http://iptc.org/std/nar/2006-10-01/"
XHTML = "http://www.w3.org/1999/xhtml"
ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
LANG = f"{{{XML}}}lang"


def qname(namespace: str, name: str) -> str:
    """A name as lxml writes it: ``{namespace}name``."""
    return f"{{{namespace}}}{name}"


def root_element(namespace: str, name: str, attributes: dict[str, str] | None = None) -> etree._Element:
    """The root of a document, with its namespace declared without a prefix."""
    nsmap = {None: namespace}
    return etree.Element(qname(namespace, name), attributes, nsmap)  # type: ignore[arg-type] # stubs forbid None


def serialize(root: etree._Element) -> bytes:
    """The tree in UTF-8 with an XML declaration and a final line feed. The same tree gives the same bytes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def parse(content: bytes) -> etree._Element:
    """The root of a document.

    Raises InvalidOutput if it is not well-formed, has a DTD, or is larger than libxml2 accepts.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidOutput(f"not well-formed XML: {error.msg}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise InvalidOutput("a document type declaration, which our files never have")
    return root
