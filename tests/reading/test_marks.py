"""Bylines and closing credits in the forms that papers print."""

from __future__ import annotations

import pytest

from tests.reading.credits import MARKS, names


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("□ 本报记者 柳望川", "柳望川"),
        ("□本报记者柳望川 通讯员何小满", "柳望川 何小满"),
        ("本报见习记者 何　满", "何满"),
        ("本报特约记者 艾力·买买提", "艾力·买买提"),
        ("本报记者 㛃明 𠮷田", "㛃明 𠮷田"),
        ("新华社记者 柳望川、何小满", "柳望川 何小满"),
        ("江城日报全媒体记者 柳望川 实习生 何小满 文/图", "柳望川 何小满"),
        ("文/柳望川 图/何小满", "柳望川 何小满"),
        ("柳望川/文 何小满/图", "柳望川 何小满"),
        ("记者 柳望川 通讯员 何小满 摄影报道", "柳望川 何小满"),
        ("记者柳望川报道", "柳望川"),
        ("本报驻巴黎记者 柳望川", "柳望川"),
        ("■ 江城市委宣传部 柳望川", "柳望川"),
        ("□ 江城市水务局 柳望川 江城日报 何小满", "柳望川 何小满"),
        ("口述：何大娘 整理：柳望川", "何大娘 柳望川"),
        ("记者 柳川何满", "柳川 何满"),
        ("本报记者柳云山何满", "柳云山 何满"),  # 山 is a surname too
        ("■ 江城军报记者柳望川特约记者何小满温如", "柳望川 何小满 温如"),
        ("江城新闻记者：柳望川 江城编辑：何小满", "柳望川"),
        ("本报记者 柳望川 编辑 何小满", "柳望川"),
        ("文/柳望川 图/何小满 编辑/温如", "柳望川 何小满"),
        ("记者 巴特·那顺", "巴特·那顺"),  # 巴 is a surname, and five characters could be two names
        ("本報記者 柳望川", "柳望川"),
        ("記者柳望川／台中報導", "柳望川"),
        ("江城晚报·江城网记者 柳望川 何小满", "柳望川 何小满"),
        ("□ 本报记者 柳望川 □ 本报通讯员 何小满", "柳望川 何小满"),
        ("全媒记者 柳望川", "柳望川"),
        ("□ 江城晚报实习生 何小满", "何小满"),
        ("通讯员 市水务局 柳望川", "柳望川"),
        ("读者 柳望川", "柳望川"),
        ("文/〔法〕让·何小满 译/柳望川", "让·何小满 柳望川"),
        ("本报编辑部", ""),
        ("本报综合", ""),
        ("本报评论员", ""),
        ("本报综合报道", ""),
        ("据新华社电", ""),
    ],
)
def test_a_byline(text: str, who: str) -> None:
    assert MARKS.is_byline(text)
    assert names(MARKS.parse_byline(text)) == who.split()


def test_a_byline_with_a_name_in_latin_letters() -> None:
    assert names(MARKS.parse_byline("本报记者 柳望川 实习生 Anna Li")) == ["柳望川", "Anna Li"]


@pytest.mark.parametrize(
    "text",
    [
        "记者手记",
        "□ 编后",
        "渡口今天开航",
        "本报讯",
        "本报讯（记者 柳望川）渡口",
        "市民整理房间",
        "省长会见文化名人",
        "图为新渡口",
        "（记者 柳望川）",
        "贺 信",
        "——编者",
        "江城图片社供图",
        "江城编辑：柳望川",
        "流程编辑 何小满",
        "柳望川编辑部 何小满",
        "评论员观察",
        "Anna Li",
    ],
)
def test_a_line_that_is_no_byline(text: str) -> None:
    assert not MARKS.is_byline(text)


@pytest.mark.parametrize(
    "text",
    [
        "江城编辑：柳望川",
        "流程编辑 何小满",
        "制图：阿山 / 校稿：小满 / 编辑：阿山",
        "排版丨何小满",
        "：温若谷 校对：何小满",
    ],
)
def test_who_made_a_story_ready_for_print(text: str) -> None:
    assert MARKS.is_desk(text)
    assert not MARKS.parse_byline(text)


@pytest.mark.parametrize(
    "text", ["设计 改变生活", "编辑部的故事", "制图：何小满", "编辑：柳望川 记者", "：柳望川", "渡口开航", ""]
)
def test_a_line_that_is_not_of_the_desk(text: str) -> None:
    assert not MARKS.is_desk(text)


@pytest.mark.parametrize("text", ["贺 信", "——编者", "编者"])
def test_a_printed_word_that_opens_with_a_surname_is_nobody(text: str) -> None:
    assert not MARKS.parse_byline(text)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("渡口开航了。（柳望川 何小满）", "柳望川 何小满"),
        ("渡口开航了。（戎望川 芮小满）", "戎望川 芮小满"),
        ("渡口开航了。（记者 柳望川）", "柳望川"),
        ("渡口开航了。（柳望川 整理）", "柳望川"),
        ("渡口开航了。（文/柳望川 图/何小满）", "柳望川 何小满"),
        ("渡口开航了。记者 柳望川", "柳望川"),
        ("渡口开航了。——本报记者 柳望川", "柳望川"),
        ("渡口开航了。■柳望川", "柳望川"),
        ("渡口开航了。（江城县融媒体中心 柳望川）", "柳望川"),
        ("渡口开航了。（作者：柳望川，系水利史研究者）", "柳望川"),
        ("渡口开航了。（读者 柳望川）", "柳望川"),
        ("渡口开航了。（柳望川 展小禾）", "柳望川 展小禾"),
        ("渡口开航了。（图雅 朝鲁）", "图雅 朝鲁"),
        ("渡口开航了。（岩温 刀小云）", "岩温 刀小云"),
    ],
)
def test_a_closing_credit(text: str, who: str) -> None:
    rest, credits = MARKS.split_closing_credit(text)
    assert (rest, names(credits)) == ("渡口开航了。", who.split())


@pytest.mark.parametrize(
    "tail",
    [
        "（二等奖）",
        "（完）",
        "（来源：新华社）",
        "（江南 塞北）",
        "（柳望川，编辑部）",
        "（柳望川 摄）",
        "（作者系某大学教授）",
        "（新华社江城3月1日电）",
        "——柳望川",
        "读者来信",
    ],
)
def test_brackets_that_credit_nobody_stay(tail: str) -> None:
    assert MARKS.split_closing_credit(f"渡口开航了。{tail}") == (f"渡口开航了。{tail}", ())


@pytest.mark.parametrize("unit", ["（", "▶ ", " ", "记者 ", "本报", "上接", "柳", "□", "第1版", "—"])
def test_no_pattern_takes_longer_than_the_text(unit: str) -> None:
    """A pattern that goes over a text again from each of its characters would not end here before the tests do."""
    text = unit * 100_000
    assert MARKS.split_jump(text)[1] == ""
    MARKS.split_continuation(text)
    MARKS.split_closing_credit(text)
    MARKS.parse_lead(text)
    assert not MARKS.is_byline(text)


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("渡口开航了。（柳望川）", True),
        ("渡口开航了。□ 柳望川", True),
        ("渡口开航了（柳望川）。", False),
        ("渡口开航了。（本报记者柳望川、何小满参与采写）", False),
        ("渡口开航了。（本报记者柳望川、何小满参与采写）（江南雁）", False),
    ],
)
def test_whether_a_text_ends_with_its_writers(text: str, signed: bool) -> None:
    assert MARKS.closes_signed(text) == signed


@pytest.mark.parametrize(
    ("text", "left", "signed"),
    [
        ("渡口开航了。（本报综合报道）", "渡口开航了。", True),
        ("渡口开航了。（据新华社电）", "渡口开航了。（据新华社电）", False),
        ("助人为乐：柳望川（青岭镇） 何小满（云岭县）", "助人为乐：柳望川（青岭镇） 何小满（云岭县）", False),
    ],
)
def test_brackets_at_the_end_of_a_text(text: str, left: str, signed: bool):
    assert MARKS.split_closing_credit(text) == (left, ())
    assert MARKS.closes_signed(text) is signed


@pytest.mark.parametrize("text", ["之后，记者拨打江城市水务局", "巧手剪出百蝶图"])
def test_a_line_of_a_sentence_credits_nobody(text: str):
    assert not MARKS.is_byline(text)
    assert not MARKS.parse_byline(text)


@pytest.mark.parametrize(
    ("text", "found"), [("□ 柏 青 山", ["柏青山"]), ("本报记者 柏 青", ["柏青"]), ("王 强 摄", [])]
)
def test_a_name_set_wide(text: str, found: list[str]):
    assert names(MARKS.parse_byline(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [("（苟晓峰 海兰）", ["苟晓峰", "海兰"]), ("本报记者 苟晓峰 海南报道", ["苟晓峰"]), ("本报记者 海兰", ["海兰"])],
)
def test_a_surname_that_opens_the_name_of_a_province(text: str, found: list[str]):
    assert names(MARKS.parse_credit(text.strip("（）"))) == found


@pytest.mark.parametrize("mark", ["▌", "▍", "►", "❖", "※"])
def test_papers_set_many_marks_before_names(mark: str) -> None:
    assert MARKS.is_byline(f"{mark}本报记者 柳望川")
    assert names(MARKS.parse_byline(f"{mark} 柳望川 何小满")) == ["柳望川", "何小满"]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("编者按近日，渡口的老人说起往年的大水，话就长了。", "编者按"),
        ("开栏的话渡口停了四年，今天起本报讲它的三十年。", "开栏的话"),
        ("记者手记离开渡口的那个下午，船老大来送我们。", "记者手记"),
        ("编者按指出，渡口的做法值得推广，各地可以借鉴。", ""),
        ("编者按语中写道，渡口的做法值得各地结合实际推广。", ""),
        ("记者手记里写着那天的风雨和渡口的灯火，他一直留着。", ""),
        ("编后有人问。", ""),
        ("▶延伸阅读", "延伸阅读"),
        ("主持人语", "主持人语"),
    ],
)
def test_the_name_of_a_note_may_stand_right_before_its_text(text: str, note: str) -> None:
    assert MARKS.split_note(text) == ((note, text.removeprefix("▶").removeprefix(note)) if note else ("", ""))


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("江城日报-江城网记者 柳望川", "柳望川"),
        ("江城日报—江城网记者 柳望川", "柳望川"),
        ("江青报·江青网见习记者 柳望川 记者 何小满", "柳望川 何小满"),
        ("21世纪渡口报道记者 柳望川 实习生 何小满 北京报道", "柳望川 何小满"),
        ("本报记者 柳望川 何小满 北京、上海报道", "柳望川 何小满"),
        ("江城每日电讯记者柳望川、何小满", "柳望川 何小满"),
        ("江城导报 | 渡口网 记者柳望川", "柳望川"),
        ("江城导报、渡口网记者柳望川报道", "柳望川"),
        ("记者丨柳望川 编辑丨何小满", "柳望川"),
        ("江城晚报·江城壹点 记者 柳望川", "柳望川"),
        ("渡口新闻记者柳望川", "柳望川"),
        ("文字：柳望川 摄影：何小满", "柳望川 何小满"),
        ("时评员 柳望川", "柳望川"),
    ],
)
def test_a_byline_may_name_the_outlets_of_its_reporter(text: str, who: str) -> None:
    assert MARKS.is_byline(text)
    assert names(MARKS.parse_byline(text)) == who.split()


@pytest.mark.parametrize(
    "text", ["市民向本台记者反映", "市民在本报客户端记者留言区写道", "江城日报记者站", "江城报·新闻"]
)
def test_what_is_said_of_reporters_is_no_byline(text: str) -> None:
    assert not MARKS.is_byline(text)
