"""The codes in our files: IPTC schemes by alias, and our own schemes, with a name and a definition for each code."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.model import Publication, Section

# The catalog that every document names; its aliases as of version 41 that we use.
IPTC_CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"
_NEWSCODES = "http://cv.iptc.org/newscodes"
IPTC_SCHEMES = {
    "cinat": f"{_NEWSCODES}/cinature/",
    "cpnat": f"{_NEWSCODES}/cpnature/",
    "drol": f"{_NEWSCODES}/descriptionrole/",
    "genre": f"{_NEWSCODES}/genre/",
    "hashscope": f"{_NEWSCODES}/hashscope/",
    "howextr": f"{_NEWSCODES}/howextracted/",
    "irel": f"{_NEWSCODES}/itemrelation/",
    "medtop": f"{_NEWSCODES}/mediatopic/",
    "ninat": f"{_NEWSCODES}/ninature/",
    "pgrmod": f"{_NEWSCODES}/pkggroupmode/",
    "rnd": f"{_NEWSCODES}/rendition/",
    "sig": f"{_NEWSCODES}/signal/",
    "stat": f"{_NEWSCODES}/pubstatusg2/",
    "subj": f"{_NEWSCODES}/subjectcode/",
    "why": f"{_NEWSCODES}/whypresent/",
}


@dataclass(frozen=True, slots=True)
class Code:
    """A code of one of our schemes, with its name in Chinese and its definition in English."""

    code: str
    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """One of our schemes. ``path`` completes its URI, which is on the provider's domain."""

    alias: str
    path: str
    name: str
    codes: tuple[Code, ...] = ()

    def uri(self, provider: str) -> str:
        """The URI of the scheme. ``provider``: the domain of the newspaper, as in its record."""
        return f"http://{provider}/newscodes/{self.path}/"


@dataclass(frozen=True, slots=True)
class SectionTerm:
    """What a section is called: ``name`` in Chinese, ``english`` as a heading. ``genre``: the IPTC genre, if one
    fits.
    """

    name: str
    english: str
    definition: str
    genre: str = ""


SECTION_TERMS = {
    Section.FEATURE: SectionTerm(
        "通讯", "Features", "A reported story at length: features, profiles, series.", "Feature"
    ),
    Section.BRIEF: SectionTerm("消息", "News", "A news report of some paragraphs.", "Current"),
    Section.COMMENTARY: SectionTerm(
        "评论", "Commentary", "Opinion: commentary, editorials, reporters' notes.", "Opinion"
    ),
    Section.TRAINING_NOTICE: SectionTerm(
        "培训通知", "Training", "Training courses, study sessions and notices of them."
    ),
    Section.OTHER: SectionTerm("其他", "Other", "Anything that is none of the others."),
}
SECTIONS = Scheme(
    "bssec", "section", "栏目", tuple(Code(s.value, t.name, t.definition) for s, t in SECTION_TERMS.items())
)
ROLES = Scheme(
    "bsrole",
    "role",
    "角色",
    (
        Code("headline", "主标题", "The headline."),
        Code("kicker", "引题", "The line above the headline."),
        Code("subhead", "副题", "The line below the headline."),
        Code("reporter", "记者", "A reporter of the newspaper."),
        Code("correspondent", "通讯员", "A correspondent who is not on the staff."),
        Code("photographer", "摄影", "Who took the pictures."),
        Code("editor", "编辑", "Who edited the story."),
        Code("intern", "实习生", "A trainee reporter."),
        Code("contributor", "作者", "Credited without a role, or with one that has no code here."),
    ),
)
RELATIONS = Scheme(
    "bsrel",
    "relation",
    "关系",
    (
        Code("sidebarOf", "附属于", "This item is a sidebar of the target."),
        Code("pictureOf", "配图", "This item is a picture that goes with the target."),
        Code("inPackage", "见于", "The target is the package of the issue that printed this item."),
    ),
)
ACTIONS = Scheme(
    "bsact",
    "action",
    "处理",
    (
        Code("restored", "复原", "The story was put together from the page's text by machine."),
        Code("classified", "归类", "Its section and subjects were found by machine."),
        Code("reviewed", "审核", "A person looked at it and let it pass."),
        Code("merged", "合并", "A person joined it with its neighbour."),
        Code("split", "拆分", "A person split it in two."),
        Code("rejected", "退稿", "A person kept it back."),
        Code("lapsed", "逾时发布", "Nobody looked at it in time, so it went out as the machine had read it."),
        Code("corrected", "更正", "A person or a new reading changed its text."),
        Code("withdrawn", "撤稿", "It was withdrawn."),
        Code("released", "解禁", "Its embargo was lifted."),
        Code("handled", "处理", "Anything else; its name says what."),
    ),
)
GROUPS = Scheme(
    "bsgrp",
    "group",
    "版面",
    (
        Code("issue", "一期报纸", "All pages of an issue, in page order."),
        Code("page", "一个版", "The stories that open on one page, in the order of the page."),
    ),
)
HASHES = Scheme(
    "bshash",
    "hash",
    "摘要算法",
    (Code("sha-256", "SHA-256", "Hexadecimal SHA-256 of the paragraphs' text in UTF-8, joined by line feeds."),),
)
PARTIES = Scheme("bsparty", "party", "机构")

SCHEMES = (SECTIONS, ROLES, RELATIONS, ACTIONS, GROUPS, HASHES, PARTIES)

_PRINTED_ROLES = (
    ("实习", "intern"),
    ("通讯员", "correspondent"),
    ("特约", "correspondent"),
    ("摄", "photographer"),
    ("图", "photographer"),
    ("编辑", "editor"),
    ("责编", "editor"),
    ("记者", "reporter"),
)


def section_name(section: Section) -> str:
    """The Chinese name of a section."""
    return SECTION_TERMS[section].name


def section_uri(publication: Publication, section: Section) -> str:
    """The URI of a section."""
    return SECTIONS.uri(publication.provider) + section.value


def role_code(printed: str) -> str:
    """The code of a role as the newspaper printed it (记者, 本报通讯员, ...)."""
    return next((code for word, code in _PRINTED_ROLES if word in printed), "contributor")


def action_code(what: str) -> str:
    """The code of an action; ``handled`` if it has none of its own."""
    return what if any(what == c.code for c in ACTIONS.codes) else "handled"


def resolve(qcode: str, publication: Publication) -> str:
    """The URI of a QCode (``alias:code``). A code of an unknown scheme is returned as it is."""
    alias, _, code = qcode.partition(":")
    ours = {s.alias: s.uri(publication.provider) for s in SCHEMES}
    start = IPTC_SCHEMES.get(alias) or ours.get(alias)
    return f"{start}{code}" if start else qcode
