"""XML and HTML read as a stream: no entities, no network, and memory that does not grow with the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

from lxml import etree

from transforms.errors import BadInput

Handler = Callable[[str, etree._Element], None]
ENTITY = "<!ENTITY"
MOST_ATTRIBUTES = 2000  # of an element
MOST = 600_000  # elements; a page of 10 MB in ALTO has 100,000


def elements(data: bytes, *, html: bool = False) -> Iterator[tuple[str, str, etree._Element]]:
    """(event, name without namespace, element) whenever an element starts or ends. HTML is repaired.

    ``release`` an element after its end, otherwise the whole tree stays in memory. Raises BadInput if the document
    declares entities, is not well-formed, is nested too deeply or has more than ``MOST`` elements.
    """
    if any(ENTITY.encode(e) in data for e in ("utf-8", "utf-16-le", "utf-16-be")):
        raise BadInput("this XML declares entities, which could stand for anything: send it without a DOCTYPE")
    if html:
        check_attributes(data)
    source = etree.iterparse(
        BytesIO(data),
        events=("start", "end"),
        no_network=True,
        resolve_entities=False,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        html=html,
        encoding="utf-8" if html and b"charset" not in data[:4000] else None,  # as the specification of hOCR has it
        recover=True if html else None,
    )
    count = 0
    try:
        for event, element in source:
            count += 1
            if count > 2 * MOST:
                raise BadInput(f"it has more than {MOST:,} elements: send each page as a file of its own")
            yield event, local(element), element
    except etree.XMLSyntaxError as error:
        raise BadInput(f"it is not well-formed ({error.msg}): write the file again") from error


def walk(data: bytes, start: Handler, end: Handler) -> None:
    """Call ``start`` and ``end`` with the name of each element and the element itself, which is released after its
    end.

    Raises what ``elements`` raises.
    """
    for event, name, element in elements(data):
        if event == "start":
            start(name, element)
        else:
            end(name, element)
            release(element)


def check_attributes(data: bytes) -> None:
    """Raise BadInput for an element with more than ``MOST_ATTRIBUTES`` attributes, for which the HTML parser takes
    hours.
    """
    start = 0
    while start < len(data):
        end = data.find(b"<", start + 1)
        end = len(data) if end < 0 else end
        if data.count(b"=", start, end) > MOST_ATTRIBUTES:
            raise BadInput(f"it has an element with more than {MOST_ATTRIBUTES:,} attributes: save the page again")
        start = end


def release(element: etree._Element) -> None:
    """Empty an element that has been read, and drop those before it."""
    element.clear(keep_tail=True)  # type: ignore[call-arg]  # the stubs are of an older lxml
    parent = element.getparent()
    while parent is not None and parent[0] is not element:
        del parent[0]


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
