"""A partner's importer in Python 3.9 or later, with nothing but the standard library. Take what you need of it.

    python client.py poll https://.../feeds/all.json state.json    # one JSON line for each article that is news
    python client.py verify ID TIMESTAMP SIGNATURE < body          # exit status 0: the message is genuine

``verify`` takes the three webhook-* headers; the shared secret is in the environment variable WEBHOOK_SECRET.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from pathlib import Path

G2 = "{http://iptc.org/std/nar/2006-10-01/}"
XHTML = "{http://www.w3.org/1999/xhtml}"
NEWSML = "application/vnd.iptc.g2.newsitem+xml"
TOO_OLD = 300  # seconds


def get(url, etag=""):
    """The body and ETag of an address; no body if nothing changed since ``etag``."""
    request = urllib.request.Request(url, headers={"If-None-Match": etag} if etag else {})  # noqa: S310 - the address is yours
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.read(), answer.headers.get("ETag", "")
    except urllib.error.HTTPError as error:
        if error.code == 304:
            return None, etag
        raise


def poll(feed_url, state_path):
    """Print what is new, changed or withdrawn since the last call, and remember what was printed."""
    try:
        state = json.loads(Path(state_path).read_text("utf-8"))
    except FileNotFoundError:
        state = {"etag": "", "seen": {}}
    body, etag = get(feed_url, state["etag"])
    if body is None:
        return
    feed, seen = json.loads(body), state["seen"]
    for item in feed["items"]:
        known = seen.get(item["id"])
        if known == item["date_modified"]:
            continue
        files = {f["type"]: f["url"] for f in item["_broadsheet"]["alternates"]}
        show("changed" if known else "new", read_newsml(get(files[NEWSML])[0]))
        seen[item["id"]] = item["date_modified"]
    for gone in feed.get("_broadsheet", {}).get("withdrawn", []):
        if seen.get(gone["id"]) not in (None, "withdrawn"):
            show("withdrawn", {"id": gone["id"]})
            seen[gone["id"]] = "withdrawn"
    # Written last: if we die before, the same articles come again, and importing one twice must do no harm.
    Path(state_path).write_text(json.dumps({"etag": etag, "seen": seen}), "utf-8")


def read_newsml(content):
    """What matters of a NewsML-G2 item. Raises ValueError if text was lost on the way."""
    root = ET.fromstring(content)  # noqa: S314 - expat 2.4.1 and later refuse entities that explode
    meta = root.find(f"{G2}itemMeta")
    body = root.find(f"{G2}contentSet/{G2}inlineXML/{XHTML}html/{XHTML}body")
    paragraphs = [element.text or "" for element in body]
    digest = root.findtext(f"{G2}contentMeta/{G2}hash") or root.findtext(f".//{G2}hash")
    if digest and digest != hashlib.sha256("\n".join(paragraphs).encode()).hexdigest():
        raise ValueError(f"{root.get('guid')}: the text is not what its hash says")
    return {
        "id": root.get("guid"),
        "version": int(root.get("version")),
        "status": meta.find(f"{G2}pubStatus").get("qcode"),
        "headline": root.findtext(f"{G2}contentMeta/{G2}headline"),
        "note": meta.findtext(f"{G2}edNote") or "",
        "text": "\n".join(paragraphs),
    }


def show(event, article):
    print(json.dumps({"event": event, **article}, ensure_ascii=False))


def verify(message_id, timestamp, signatures, body, secret):
    """Whether a webhook's message is genuine and fresh."""
    if abs(time.time() - int(timestamp)) > TOO_OLD:
        return False
    key = base64.b64decode(secret[len("whsec_") :]) if secret.startswith("whsec_") else secret.encode()
    said = f"{message_id}.{timestamp}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(wanted, one) for one in signatures.split())


if __name__ == "__main__":
    command, *given = sys.argv[1:]
    if command == "poll":
        poll(*given)
    else:
        sys.exit(0 if verify(*given, sys.stdin.buffer.read(), os.environ["WEBHOOK_SECRET"]) else 1)
