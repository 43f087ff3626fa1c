"""WordPress's importer of NewsML-G2 takes every story, its corrections and its withdrawal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.importers.rewpert import Post, Refused, take
from tests.render.sample import BASE, PARTNER, guid, invented
from transforms.model import Item, Status
from transforms.render import render_items

NOTE = "本稿撤回，请勿使用。"


def documents(items: tuple[Item, ...]) -> dict[str, bytes]:
    files = render_items(replace(invented(), items=items), PARTNER, BASE)
    return {f.key: f.content for f in files if re.fullmatch(r"items/[^/]+/v\d+\.xml", f.key)}


def test_every_story_is_posted_whole_and_under_a_name_of_its_own() -> None:
    posts: dict[str, Post] = {}
    for content in documents(invented().items).values():
        take(content, posts)
    for item in invented().items:
        post = posts[item.guid]
        assert (post.title, post.status) == (item.article.headline, "publish")
        assert [p.text for p in item.article.body if p.text not in post.content] == []
        assert post.users == tuple(c.name for c in item.article.byline)
    assert len({post.name for post in posts.values()}) == len(invented().items)


def test_a_withdrawal_is_newer_and_puts_the_post_into_the_trash() -> None:
    posts: dict[str, Post] = {}
    before = documents(invented().items)
    for content in before.values():
        take(content, posts)
    story = invented().items[0]
    gone = replace(story, version=story.version + 1, status=Status.CANCELED, ed_note=NOTE)
    (content,) = documents((gone,)).values()
    take(content, posts)
    assert posts[guid("a1")].status == "trash"
    assert story.article.body[0].text not in posts[guid("a1")].content
    with pytest.raises(Refused, match="409"):
        take(next(c for key, c in before.items() if "_a1/" in key), posts)
