"""A reader that polls by every road that leads to an article and keeps what it got as long as it may."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urljoin

import feedparser
import httpx

START = ("index.html", "sitemap.xml", *(f"feeds/all.{kind}" for kind in ("rss", "atom", "json")))
ADDRESS = re.compile(r"""(?:href="|https?://)[^\s"'<>\\&]+""")
# What each road is known by: the part of its addresses.
ROADS = {
    "RSS": ".rss",
    "Atom": ".atom",
    "JSON Feed": "/feeds/all.json",
    "NewsML": "/v1.xml",
    "newest NewsML": "/latest.xml",
    "ninjs": "/v1.json",
    "HTML page": "/articles/",
    "newsMessage": "/messages/",
    "archive": "/archive/",
}


@dataclass
class Kept:
    """An answer in the reader's own cache: until when (monotonic seconds) it need not be asked for again."""

    content: bytes
    etag: str
    until: float


@dataclass
class Reader:
    """``bases`` are the addresses of newspapers at partners; every address that it ever met is asked for in each poll.

    It is as lazy as it may be: it heeds max-age, and asks with If-None-Match after that.
    """

    bases: list[str]
    kept: dict[str, Kept] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    def poll(self) -> None:
        """Ask for everything, and for everything that the answers lead to."""
        with httpx.Client(trust_env=False, timeout=20) as client:
            done: set[str] = set()
            wanted = {f"{base}/{key}" for base in self.bases for key in START} | self.kept.keys() | self.missing
            while todo := wanted - done:
                for url in sorted(todo):
                    done.add(url)
                    self._ask(client, url)
                    wanted |= self._led_to(url)

    def _ask(self, client: httpx.Client, url: str) -> None:
        known = self.kept.get(url)
        if known and known.until > time.monotonic():
            return
        answer = client.get(url, headers={"if-none-match": known.etag} if known else {})
        age = re.search(r"max-age=(\d+)", answer.headers.get("cache-control", ""))
        until = time.monotonic() + (int(age[1]) if age else 0)
        if answer.status_code == 304 and known:
            known.until = until
        elif answer.status_code == 200:
            self.kept[url] = Kept(answer.content, answer.headers.get("etag", ""), until)
            self.missing.discard(url)
        else:
            self.kept.pop(url, None)
            self.missing.add(url)

    def _led_to(self, url: str) -> set[str]:
        if url not in self.kept:
            return set()
        text = self.kept[url].content.decode()
        found = {urljoin(url, a.removeprefix('href="')) for a in ADDRESS.findall(text)}
        base = next((b for b in self.bases if url.startswith(f"{b}/")), "")
        if "/manifests/" in url:
            found |= {f"{base}/{one['key']}" for one in json.loads(text)["objects"]}
        if "/items/" in url:
            found |= {re.sub(r"/v\d+\.", "/latest.", url)}
        return {f.partition("#")[0] for f in found if f.startswith(tuple(f"{b}/" for b in self.bases))}

    def telling(self, words: str) -> list[str]:
        """The addresses at which the reader still has the words; feeds as feed readers show them."""
        return [url for url, kept in sorted(self.kept.items()) if words in _said(url, kept.content)]


def _said(url: str, content: bytes) -> str:
    text = content.decode()
    if url.endswith((".rss", ".atom")):
        parsed = feedparser.parse(content)
        return text + "".join(str(c.value) for e in parsed.entries for c in e.get("content", ()))
    return text
