"""Bylines, leads (本报讯) and closing credits: who wrote a story, in a newspaper's own words.

Every pattern is bounded: its cost grows at most linearly with the text.
"""

from __future__ import annotations

import re

from transforms.chinese import simplified
from transforms.model import Credit
from transforms.repair import HAN
from transforms.segment.names import (
    CITIES,
    DID,
    DOT,
    NAME,
    NO_GIVEN_NAME,
    NO_NAMES,
    OFFICE,
    PRESS,
    TITLE,
    UNIT,
    WORDS,
    cut_names,
    is_likely,
    is_transliterated,
    names_below_unit,
)
from transforms.segment.style import HouseStyle, any_of

SPACES = r"[\s\u3000]{0,4}"
CLOSING = re.compile(r"[（(【〔](?P<who>[^（）()【】〔〕]{2,60})[)）】〕][\s。]{0,4}$")
# Names of those who helped sign no story, whatever stands after them.
HELPED = re.compile(r"(?:参与|参加|协助)[^（）]{0,6}）(?:（[^（）]{2,12}）)?$")
AUTHOR = re.compile(rf"^作者[:：\s]{{0,2}}(?P<name>{NAME})[，,\s]{{1,2}}(?:系|为|是)")  # （作者：张三，系某某研究员）
AFFILIATED = re.compile(
    r"[（(]作者(?:单位：|單位：|系|为|為|係|现任|現任)[^（）()]{2,40}[)）]$"
)  # who wrote stands above the text
PLACE = re.compile(rf"[{HAN}]{{2,6}}[省市县區区镇鎮乡鄉州旗]$")  # where somebody is from: 盘小伟（云岭县）
# Readers who write in say where they live: 江城区读者 何小满, 江东省江城市 何小满.
READER = re.compile(rf"^[{HAN}]{{2,10}}?[省市县縣区區州盟旗乡鄉镇鎮村道]的?(?P<who>(?:读者|讀者)[\s\u3000])")
TOWN = re.compile(
    rf"^[{HAN}]{{2,10}}?(?:[省市县縣区區镇鎮]|街道|社区)(?:市民|居民|村民|网友|網友)?[\s\u3000]+(?=[{HAN}]{{2,4}}$)"
)
# How names of notes end that open no sentence: extractors set those in bold right before the text, 编者按近日，某某……
NOTE_ENDS = ("按", "话", "話", "语", "語", "手记", "手記", "余")
GOES_ON = "[：:，,。、；的里中上是写说指刊所提也还就和与及语裡寫說還與語]"  # behind a name that is a word
LEAST_GLUED = 20  # characters of such a note
OF_WRITER = re.compile(r"[（(]作者(?:单位|單位)：[^（）()]{2,40}[)）]$")
ONE_TAIL = ("文", "图")
LATIN = r"[A-Z][A-Za-z.'-]{1,20}(?: [A-Z][A-Za-z.'-]{1,20}){1,3}"  # a name of two to four words
WIDE_NAME = re.compile(  # 苏 晚 晴: a name of three characters set wide, and nothing beside it
    rf"(?<![{HAN}])(?<![{HAN}][ \u3000])([{HAN}])[ \u3000]([{HAN}])[ \u3000]"
    rf"((?![文图摄绘译])[{HAN}])(?![ \u3000]?[{HAN}])"
)
DASHES = "—－- "
LONGEST_BYLINE = 80
APART = re.compile(r"[\s\u3000、，,/／|｜丨:：;；]+")
SET_OFF = tuple(" \u3000/／|｜丨:：")  # characters between a role and a name
PUBLISHER = (*"报社网台刊", "新闻", "客户端")  # how their names end
REPORTERS = ("记者", "記者")
HELPERS = ("通讯员", "通訊員")
NO_NAME = re.compile(rf"(?:{'|'.join(REPORTERS)})$|[网網]$|[报報网網][{DOT}]")  # 中青报·中青网见习记者
FILED = re.compile(rf"[{HAN}]{{2,3}}、[{HAN}]{{2,3}}(?:报道|报导|報道|報導)$")
BAR = "丨"  # an ideograph that papers use as a bar
JOINT = r"[\s\u3000]?[·•—－/／、|｜-][\s\u3000]?"  # between two outlets
OUTLET = r"(?:[报報网網社台臺刊]|新闻|客户端|电讯|报道|频道|传媒|融媒|在线|壹点|时刻)"  # how their names end
LONGEST_MARK = 60  # characters that a jump or a credit at the end of a paragraph may take


class Bylines:
    """Recognises credits in the words of a house style."""

    def __init__(self, style: HouseStyle) -> None:
        paper = rf"(?:{any_of(style.papers)}|[{HAN}]{{1,10}}?(?:{PRESS}|社|融媒体中心|广播电视台|电视台))"
        signs = sorted(style.signs, key=len, reverse=True)
        ranked = rf"{paper}?(?:{any_of(style.ranks)}|驻[{HAN}]{{2,4}}?){{0,3}}{any_of(style.roles)}"
        self.role = rf"{ranked}|{any_of(signs)}"
        self._mark = re.compile(rf"^(?:{any_of(style.byline_marks)}|[—－–-]|[\s\u3000])+")
        self._bullet = re.compile(rf"^[\s\u3000]*{any_of(style.byline_marks)}")
        self._tail = re.compile(rf"{any_of(style.tails)}$")
        self._only_tail = re.compile(rf"(?:发自[{HAN}]{{2,6}}|[{HAN}]{{0,4}}?{any_of(style.tails)})$")
        self._token = re.compile(
            rf"(?P<role>{ranked})[\s\u3000]*[/／:：]?|(?P<sign>{any_of(signs)})(?=[\s\u3000/／:：、]|$)[/／:：]?"
            rf"|(?P<unit>[（(][{HAN}]{{3,24}}[)）])|[\[〔［][{HAN}]{{1,3}}[\]〕］](?P<foreign>[{HAN}{DOT}]{{2,16}})"
            rf"|(?P<name>[{HAN}{DOT}]{{1,24}})|(?P<latin>{LATIN})"
            rf"|(?P<space>(?:[\s\u3000、，,/／|｜丨:：；;()（）]|{any_of(style.byline_marks)}){{1,8}})"
        )
        self._split = re.compile(ranked)
        one = rf"[{HAN}A-Za-z\d]{{2,12}}"
        role = rf"(?:{any_of(style.ranks)}){{0,2}}(?:记者|記者|通讯员|通訊員|实习生|评论员)"
        self._outlets = re.compile(rf"(?:(?<=[\s\u3000])|^)(?:{one}{JOINT})?{one}?{OUTLET}[\s\u3000]?(?={role})")
        self._filed = re.compile(rf"[/／][{HAN}]{{2,4}}(?:報導|報道|报道)$")
        words = any_of(style.lead_words)
        day = r"(?:\d{1,4}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?"
        who = r"[（(〔【](?P<who>[^（）()〔〕【】]{2,60})[)）〕】]"
        self._lead = re.compile(
            rf"^(?P<line>[【〔](?:{words}|特[訊讯]|[綜综]合(?:報[道導]|报[道导]))[】〕]|[【〔\[]?{any_of(style.papers)}(?:综合)?(?:[{HAN}]{{2,8}}?)?{day}(?:[{HAN}]{{2,4}}?)?{words}[】〕\]]?"
            rf"|(?:[{HAN}]{{2,8}}?)?(?:\d{{1,2}}月)?\d{{1,2}}日{words}|{words}(?=[\s\u3000（(])"
            rf"|(?:据)?{any_of(style.agencies)}[^，。（(〔]{{0,16}}?{words}(?=[\s\u3000（(〔：:“\d]|$)"
            rf"|[【〔]?(?:[{HAN}]{{1,8}}[/／·—－-])?[{HAN}]{{1,10}}(?:[报報网網社台臺刊]|客户端|新闻){words}[】〕]?(?={SPACES}[（(〔【\s][{HAN}·]{{0,8}}[记記]者)"
            rf"|{any_of(style.papers)}[综綜]合(?:报道|报导|報道|報導|消息)(?=[\s\u3000][^。]{{0,80}}[，。])"
            rf"|[{HAN}]{{2,6}}[讯訊](?={SPACES}[（(](?:[{HAN}]{{0,6}}[记記]者|通讯员|通訊員)[\s\u3000])"
            rf"|[（(【〔](?:{any_of(style.agencies)}|{any_of(style.papers)})?(?:记者|記者)(?P<by>[{HAN}]{{2,3}})"
            rf"(?:[{HAN}]{{2}})?(?:\d{{1,2}}月)?\d{{1,2}}日{words}[)）】〕])?"
            rf"{SPACES}(?:{who})?"
        )
        self._reporters = re.compile(rf"(?:{ranked}|实习生|通讯员)")
        self._nobody = re.compile(
            rf"(?:{any_of(style.papers)}?(?:综合(?:报道|报导|消息|整理|報導)|编辑部|編輯部)|{any_of(style.papers)}(?:综合|綜合)|据?{any_of(style.agencies)}[{HAN}\d]{{0,12}}(?:电|讯|電))$"
        )
        self._together = re.compile(rf"{any_of(style.papers)}(?:[综綜]合(?:报道|报导|報道|報導|消息|整理)?)$")
        self._open = re.compile(rf"(?<![编編]){any_of(style.tails)}(?=[\s\u3000：:])")
        self._foreign = re.compile(
            rf"^[〔【\[（(](?P<who>[^〔〕【】\[\]（）()]{{2,40}})[／/](?P<place>[{HAN}]{{2,8}})(?:報導|报导|报道|电|電|連線|连线)[〕】\]）)]"
        )
        self._filed_line = re.compile(
            rf"^[記记]者[^／/，。]{{2,20}}[／/][{HAN}]{{2,8}}(?:[報报][導导道]|[電电]|[連连][線线])$"
        )
        self._papers = style.papers
        self._desk, self._crafts = style.desk, style.crafts
        heads = any_of(sorted(style.sidebars, key=len, reverse=True))
        glued = any_of([name for name in style.sidebars if name.endswith(NOTE_ENDS)])
        self._glued_note = re.compile(rf"{glued}(?!{GOES_ON})")
        self._note = re.compile(
            rf"^[【［\[■□◆◇●○▲△▶►▸▌★☆\s\u3000]{{0,3}}(?P<head>{heads})[】］\]]?[：:／/|｜丨\s\u3000]{{0,4}}"
        )

    def parse_byline(self, text: str) -> tuple[Credit, ...]:
        """The people credited in a byline; empty if the text is not one.

        A byline names a role (记者, 通讯员), opens with a mark (□), or consists of names.
        """
        if self.split_note(text)[0]:
            return ()
        marked = self._mark.sub("", text)
        credits = self._credits(marked, marked != text and not marked.startswith("——"))[0]
        return credits or tuple(Credit(name, "") for name in names_below_unit(marked))

    def is_byline(self, text: str) -> bool:
        """Whether a line is certainly a byline: it names a role or opens with a mark, and has nothing but credits.

        本报评论员 and 本报综合报道 are bylines without names.
        """
        if len(text) > LONGEST_BYLINE or text.startswith(("—", "－", "-", "（", "(")):
            return False
        if self.split_note(text)[0]:
            return False
        credits, sure = self._credits(self._mark.sub("", text), bool(self._bullet.match(text)))
        return bool(sure and credits) or self._unnamed(text)

    def is_marked(self, text: str) -> bool:
        """Whether a line opens with a byline's mark (□) or a role of the newspaper's own (本报记者), or says where a
        reporter filed: 記者何小滿／江城報導.
        """
        return bool(self._bullet.match(text) or self._filed_line.match(text)) or text.startswith(self._papers)

    def unmarked(self, text: str) -> str:
        """The text after a byline's mark; "" if the line has none."""
        return self._mark.sub("", text).strip() if self._bullet.match(text) else ""

    def _unnamed(self, text: str) -> bool:
        rest = self._mark.sub("", text).strip()
        return bool(
            self._nobody.match(rest) or re.fullmatch(rf"(?:{self.role})(?:综合)?(?:报道|消息|整理|来稿)?", rest)
        )

    def parse_credit(self, text: str) -> tuple[Credit, ...]:
        """The people credited in brackets; empty if the brackets hold something else."""
        own = [] if self._split.search(text) else names_below_unit(text)  # roles are kept with their names
        return tuple(Credit(name, "") for name in own) if own else self._credits(text.strip(), False)[0]

    def _credits(self, text: str, sure: bool) -> tuple[tuple[Credit, ...], bool]:
        """(credits, whether a mark or a role says that they are credits) of a text that holds nothing else.

        A role may name its outlets, 中青报·中青网见习记者: they are left out where the whole is not understood.
        """
        text = READER.sub(r"\g<who>", text.replace(BAR, "|"))
        if (town := TOWN.match(text)) and is_likely(text[town.end() :]):
            text = text[town.end() :]
        told = self._told(text, sure)
        if len(text) > LONGEST_BYLINE or (told[0] and not any(NO_NAME.search(c.name) for c in told[0])):
            return told
        bare = self._outlets.sub("", text)
        without = self._told(bare, sure) if bare != text else told
        return without if all(is_likely(c.name) for c in without[0]) else told

    def _told(self, text: str, sure: bool) -> tuple[tuple[Credit, ...], bool]:
        """The credits of a text, token by token, with all outlets that it names."""
        text = WIDE_NAME.sub(r"\1\2\3", self._filed.sub("", text))
        torn = text.startswith(("：", ":")) and self.is_desk(text)
        if not text or torn or len(text) > LONGEST_BYLINE or self._dated(text):
            return (), False
        credits: list[Credit] = []
        role, at, single = "", 0, ""
        while at < len(text):
            token = self._token.match(text, at)
            if not token:
                return (), False
            at = token.end()
            if token["role"] or token["sign"]:
                if single:
                    return (), False
                role, sure = token["role"] or token["sign"], True
            elif token["foreign"] or token["latin"]:
                if single or (token["latin"] and not sure):
                    return (), False
                credits.append(Credit(token["foreign"] or token["latin"], role))
            elif token["name"]:
                run = token["name"]
                if not single and self._is_role(run, text[at : at + 1]):
                    role, sure = run, True
                    continue
                if len(run) == 1:  # a name of two characters set to the width of three: 王　强
                    single, run = ("", single + run) if single else (run, "")
                    if not run:
                        continue
                elif single:
                    return (), False
                names, said = self._names(run, sure)
                if names is None:
                    return (), False
                sure = sure or said
                credits += [Credit(n, role) for n in names]
        if FILED.search(text):  # 张三 李四 北京、上海报道
            credits = [c for c in credits if not _is_place(c.name)] or credits
        if "，" in text and not all(is_likely(c.name) for c in credits):
            return (), False  # 之后，记者……
        if single or not (sure or (credits and all(is_likely(c.name) for c in credits))):
            return (), False
        return self._writers(credits), sure

    def _dated(self, text: str) -> bool:
        found = self._lead.match(text)
        return bool(found and found["line"])

    def _names(self, run: str, sure: bool) -> tuple[list[str] | None, bool]:
        """(names, whether the run said what they did) of a run without blanks: 张三, 张三报道, 张三通讯员李四.

        None for the names if the run is something else. A tail alone (整理, 北京报道) or an organisation names nobody.
        """
        if simplified(run) in WORDS or run.endswith(("供图", *DID)):  # whose picture it is
            return None, False
        if OFFICE.match(run) and (run.endswith(NO_GIVEN_NAME) or not is_likely(run)):
            return [], False
        if sure and TITLE.match(run):
            return [], False
        if is_transliterated(run) and (sure or len(run) < 5):
            return [run], False
        if sure and 1 < len(run) < 4 and run.endswith(ONE_TAIL) and not is_likely(run[:-1]):
            return [run], False  # 区文, 楼亦文: a name, and nobody who wrote 文
        stem = "" if is_likely(run) else self._before_tail(run)
        if is_likely(stem) and stem not in CITIES:
            return [stem], True
        if self._only_tail.match(run) and not is_likely(run):
            return [], True
        if stem:
            return [stem], True
        if len(run) > 3 and UNIT.match(run) and (len(run) > 4 or not is_likely(run)):
            return [], False
        if cut := cut_names(run, surely=sure):
            return cut, False
        if run.endswith(tuple(PRESS.split("|"))):
            return ([], True) if sure else (None, False)
        if re.fullmatch(NAME, run):
            return [run], False
        if names := self._glued(run, sure):
            return names, True
        return ([], False) if sure and UNIT.match(run) else (None, False)

    def _glued(self, run: str, sure: bool) -> list[str]:
        """Names between what they did: 张三通讯员李四; none if anything else is there.

        A line that is ``sure`` to be a byline may open with another publisher: 某某报记者张三特约记者李四王五.
        """
        roles = list(self._split.finditer(run))
        if not roles:
            return []
        first = run[: roles[0].start()]
        ends = [*(r.start() for r in roles[1:]), len(run)]
        told = [("", first)] if first and not (sure and first.endswith(PUBLISHER)) else []
        told += [(r[0], run[r.end() : end]) for r, end in zip(roles, ends, strict=True)]
        names = [(role, [part] if is_likely(part) else cut_names(part, surely=True)) for role, part in told]
        if not all(found for _, found in names):
            return []
        return [name for role, found in names if not role.endswith(self._desk) for name in found]

    def _before_tail(self, run: str) -> str:
        """张三 of 张三报道 and of 张三台北报道; "" if the run has no such end."""
        found = self._tail.search(run)
        if not found:
            return ""
        places = (0, 2, 3) if len(found[0]) > 1 else (0,)  # nobody says 张三台北文
        stems = [run[: found.start() - place] for place in places if found.start() - place >= 2]
        return next((s for s in stems if is_likely(s)), next((s for s in stems if re.fullmatch(NAME, s)), ""))

    def parse_lead(self, text: str) -> tuple[str, tuple[Credit, ...]]:
        """(dateline, credits) of a paragraph that opens with 本报讯（记者 张三）; both empty for others."""
        if found := self._foreign.match(text):
            return text[: found.end()], self.parse_credit(found["who"])
        found = self._lead.match(text)
        if not found:
            return "", ()
        who = self.parse_credit(found["who"]) if found["who"] else ()
        line = (found["line"] or "").strip()
        if found["by"]:
            return line, (Credit(found["by"], REPORTERS[0]),)
        if found["who"] and not who:
            return line, ()
        if not who and (line or self._reporters.match(text)):
            who = self._reported(text[found.end() :] if line else text, bool(line))
        if not line and not any(c.role for c in who):
            return "", ()
        return line, who

    def is_lead(self, text: str) -> bool:
        """Whether the line is nothing but the lead of the text below it: 新华社北京10月12日电."""
        found = self._lead.match(text)
        return bool(found and found["line"] and found.end() == len(text))

    def _reported(self, text: str, dated: bool) -> tuple[Credit, ...]:
        """Who reports if no brackets say so: 本报讯 记者张三 通讯员李四报道. Without a dateline it must say 报道."""
        window = text[:LONGEST_MARK]
        end = next((m for m in self._open.finditer(window)), None)
        who = self.parse_credit(window[: end.start()]) if end else ()
        if who and (any(c.role for c in who) or (dated and all(is_likely(c.name) for c in who))):
            return who[:-1] if len(who) > 1 and _is_place(who[-1].name) else who
        if not dated or not self._reporters.match(window):
            return ()
        credits: list[Credit] = []
        role, at = "", 0
        while token := self._token.match(window, at):
            following = window[token.end() : token.end() + 1]
            if token["role"] or token["sign"]:
                role = token["role"] or token["sign"]
            elif name := token["name"]:
                fits = re.fullmatch(NAME, name) and name not in NO_NAMES and following in tuple(" \u3000、,")
                if not fits or (credits and not is_likely(name)):
                    break
                credits.append(Credit(name, role))
            elif "，" in token[0] or token["unit"]:
                break
            at = token.end()
        return tuple(credits)

    def closes_signed(self, text: str) -> bool:
        """Whether a paragraph ends with its writers' names: （张三 李四）, ——本报记者 张三, □ 张三."""
        left, _ = self.split_closing_credit(text)
        bracketed = text[len(left) :].lstrip().startswith(("（", "(", "【", "〔"))
        return len(left) < len(text) and not HELPED.search(text) and not (bracketed and text.endswith("。"))

    def closes(self, text: str) -> bool:
        """Whether nothing goes on behind a paragraph: its writers' names, or who they are, end it."""
        return bool(AFFILIATED.search(text[-LONGEST_MARK:])) or self.closes_signed(text)

    def split_closing_credit(self, text: str) -> tuple[str, tuple[Credit, ...]]:
        """(text, credits) of a paragraph that ends with （张三 李四）, or with 记者 张三 after its last sentence.

        （本报综合报道） credits nobody.
        """
        window = text[-LONGEST_MARK - 4 :]
        if found := CLOSING.search(window):
            if self._together.match(found["who"].strip()):
                return text[: len(text) - len(window) + found.start()].rstrip(), ()
            author = AUTHOR.match(found["who"])
            who = (Credit(author["name"], "作者"),) if author else self.parse_credit(found["who"])
            if not author and PLACE.match(found["who"]):
                return text, ()
            who = who or self._signers(found["who"], text[: len(text) - len(window) + found.start()])
            if who and not found["who"].rstrip().endswith(("摄", "供图")):
                return text[: len(text) - len(window) + found.start()].rstrip(), who
            return text, ()
        cut = max(text.rfind(c, -LONGEST_MARK) for c in "。！？”") + 1 if len(text) > 2 else 0
        rest = text[cut:].strip()
        said = rest.lstrip(DASHES)
        if not cut or not said or said.endswith("摄") or not self.is_byline(said):
            return text, ()
        if said != rest and not self._reporters.match(said):  # who is quoted: ——鲁迅
            return text, ()
        who = self.parse_byline(said)
        return (text[:cut], who) if all(is_likely(c.name) for c in who) else (text, ())

    def _signers(self, text: str, said: str) -> tuple[Credit, ...]:
        """Two or more names behind the last sentence, one with a surname that is in no list: （张三 展小禾）."""
        names = [] if not said.rstrip().endswith(("。", "！", "？", "”")) else APART.split(text.strip())
        fits = all(
            is_likely(n) or (re.fullmatch(f"[{HAN}]{{3}}", n) and not UNIT.match(n) and not n.endswith(PUBLISHER))
            for n in names
        )
        return tuple(Credit(n, "") for n in names) if len(names) > 1 and fits and any(map(is_likely, names)) else ()

    def split_note(self, text: str) -> tuple[str, str]:
        """(name of the column, rest) of a paragraph that opens a sidebar, such as 笔者手记; both "" for
        others.
        """
        found = self._note.match(text)
        if not found:
            return "", ""
        set_off = found.end() == len(text) or not found[0].endswith(found["head"])
        if not set_off and not (self._glued_note.match(text) and len(text) >= LEAST_GLUED):
            return "", ""
        return found["head"], text[found.end() :]

    def is_desk(self, text: str) -> bool:
        """Whether a line credits only desk staff: 流程编辑 张三, 制图：张三 校对：李四. Roles stand before names.

        A line that opens with a colon was torn behind a role: ：张三 校对：李四.
        """
        parts = [p for p in APART.split(text) if p] if len(text) <= LONGEST_BYLINE else []
        roles = [p for p in parts if p.endswith(self._desk + self._crafts)]
        if not any(p.endswith(self._desk) for p in roles) or parts[-1] in roles:
            return False
        if parts[0] not in roles and not text.startswith(("：", ":")):
            return False
        names = [p for p in parts if p not in roles]
        return all(is_likely(n) or (len(roles) > 1 and re.fullmatch(NAME, n)) for n in names)

    def _is_role(self, run: str, following: str) -> bool:
        """Whether a run of characters is a role that is in no list: 某某新闻记者, 流程编辑."""
        word = next((w for w in (*REPORTERS, *HELPERS, *self._desk, *self._crafts) if run.endswith(w)), "")
        before = run[: len(run) - len(word)]
        if word and (before.endswith(PUBLISHER) or UNIT.match(before)) and following in SET_OFF:
            return True
        if word in HELPERS:
            return False
        if not word or not (before or word in self._desk) or following not in SET_OFF:
            return False
        return word in self._desk or following in "：:" or not (is_likely(before) or cut_names(before))

    def _writers(self, credits: list[Credit]) -> tuple[Credit, ...]:
        """The credits without desk staff."""
        if not any(c.role.endswith(self._desk) for c in credits):
            return tuple(credits)
        return tuple(c for c in credits if not c.role.endswith(self._desk + self._crafts))


def _is_place(name: str) -> bool:
    """Whether a name before 报道 is where a story was filed: 本报记者 张三 北庭报道."""
    return len(name) == 2 and (name in CITIES or not is_likely(name))


def without_office(text: str) -> str:
    """The text without the office of its writer at its end, which is not part of it: （作者单位：某某市人民法院）."""
    found = OF_WRITER.search(text[-LONGEST_MARK:])
    return text[: len(text) - len(found[0])] if found and found[0] != text else text
