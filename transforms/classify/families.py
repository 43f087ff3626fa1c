"""The words and patterns of each section, in families with readable names.

A family counts twice: as a density over the text, and word by word. Signs are searched only in the zone where such a
mark is printed: headline, opening, start or closing. Traits are how a text is told, as densities: they hold where a
paper prints no marks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Meetings, visits and campaigns: what a brief is about and how it attributes.
REPORT = (
    "召开 举行 举办 会议 出席 主持 讲话 强调 指出 要求 部署 调研 据了解 据悉 获悉 近日 日前 昨日 昨天 "
    "今年以来 开展 推进 落实 活动 下阶段 截至 专项 检查 参加会议 启动 荣获 发布 投入使用 获奖 演练 竞赛 排查 "
    "宣传 民警 派出所 法院 有限公司"
)
# A writer who argues: obligation, concession, verdict, and the public that is argued with.
STANCE = (
    "应当 应该 必须 不能 不该 岂 何以 难免 值得 毕竟 不妨 显然 其实 并非 不是 而是 倘若 如果 所谓 无疑 折射 "
    "警惕 反思 舆论 网友 笔者 意味着 本质 才能 恐怕 我们 监管 法律 公众 人们 甚至 难道 究竟 未必 更何况 不仅 "
    "只有 事实上 的确 诚然 因此 然而 据报道 媒体 道德 责任 风险 权利 作者 评论员 热议 质疑 不得不 让人"
)
# People, scenes and time passing: what a feature is made of.
STORY = (
    "她 他说 说道 告诉记者 家里 老人 孩子 妻子 丈夫 母亲 父亲 回忆 记得 当时 那年 日子 泪 笑着 坚持 如今 "
    "曾经 纪实 故事 走进 脱贫 贫困户 村民 种植 创业 合作社 老乡 感动 第一书记 驻村 致富 爱心 梦想 一家 每天 "
    "多年 记者看到 记者来到 说起 采访 图为 介绍说 乡亲"
)
# Courses held or offered.
TRAINING = (
    "培训 培训班 培训会 学员 参训 授课 讲师 结业 结班 开班 学习班 课程 讲座 招生 学费 证书 辅导 业务知识 "
    "业务水平 能力提升 素质 讲解 教师 老师 理论学习 为期 骨干 充电 专题培训 此次培训 本次培训 通过培训 技能 "
    "互动 交流 学习 知识 集中"
)
# Texts that rule, offer or ask: notices, rules, job offers, plans.
NOTICE = (
    "公告 通告 通知 简章 报名 联系电话 电话 地址 网址 报考 招聘 应聘 岗位 资格 条件 办法 方案 要点 规定 附件 "
    "咨询 微信 符合 学历 面试 笔试 领导小组 目标 悬赏 线索 举报 奖励 本办法 名单 考试 收费 欢迎 专业 "
    "招生人数 下载 绩效 预算 工作 制度 考核"
)
# Literature, outings and pastimes.
LEISURE = (
    "诗 散文 随笔 活动时间 活动地点 门票 攻略 春天 仿佛 夜市 美食 赏析 获奖作品 自驾 公交 面试热点 美丽 味道 "
    "风景 月光 故乡 童年"
)

# What a course is advertised with, and what a report of one says.
OFFER = re.compile(r"报名|学费|招生|咨询|电话|课程")
HELD = re.compile(r"学员|参训|授课|讲解|此次培训|本次培训|开班|讲课|参加培训")

FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("reports an event", tuple(REPORT.split())),
    ("argues", tuple(STANCE.split())),
    ("tells of people", tuple(STORY.split())),
    ("speaks of courses", tuple(TRAINING.split())),
    ("rules, offers or asks", tuple(NOTICE.split())),
    ("literature or leisure", tuple(LEISURE.split())),
)


@dataclass(frozen=True, slots=True)
class Sign:
    """A pattern that is searched in one zone of an article (``headline``, ``opening``, ``start`` or ``closing``)."""

    what: str
    zone: str
    pattern: re.Pattern[str]


def _sign(what: str, zone: str, pattern: str) -> Sign:
    return Sign(what, zone, re.compile(pattern))


COLUMN = (
    r"(?:时评|快评|短评|锐评|社论|社评|评论|评论员文章|杂谈|漫谈|杂感|随感|"
    r"手记|编后|编后语|编者按|一家之言|观点|言论|点评)"
)

# When something happened, and what happens in the news: a first sentence with both is how a brief begins.
WHEN = r"[^。！？]{0,60}(?:\d{1,2}日|近日|日前|昨[天日]|今[天日]|当日|本周|上午|下午|晚)[^。]{0,110}。"
DONE = r"召开|举行|举办|开展|发布|宣布|通报|印发|启动|会见|出席|检查|调研|获|发生|表示|报道|开幕|结束|揭晓|签|公布|出台"

SIGNS: tuple[Sign, ...] = (
    _sign(
        "the headline is a comment column's name",
        "headline",
        rf"^\W*(?:本报|本刊|今日|记者|笔者|编辑|采访)?{COLUMN}\W*$",
    ),
    _sign(
        "the headline names a comment column",
        "headline",
        r"时评|快评|短评|锐评|社论|评论|杂谈|漫谈|编后|时政热点|解读|侠客岛",
    ),
    _sign("the headline says notes (手记)", "headline", r"手记|随笔|札记"),
    _sign(
        "the headline names a portrait or record",
        "headline",
        r"纪实|侧记|故事|见闻|走笔|记者行|(?<!手)记[^者录忆载账]|[—-]记|特写|专访|探访",
    ),
    _sign("the headline is a proclamation", "headline", r"公告|通告|公示|通知|启事|声明|名单|通报$"),
    _sign("the headline offers posts", "headline", r"招聘|招考|招录|诚聘|应聘"),
    _sign(
        "the headline is a rule, plan or report", "headline", r"办法|方案|要点|报告$|规定|条例|细则|意见$|计划$|讲话"
    ),
    _sign("the headline offers a course", "headline", r"招生|简章|报名|考生|教育$|培训$|培训学习"),
    _sign("the headline speaks of training", "headline", r"培训|充电|研修|轮训|练兵"),
    _sign(
        "the headline holds a course", "headline", r"(?:举办|召开|开展|举行|承办|集中).{0,80}(?:培训|轮训|学习班|充电)"
    ),
    _sign("the headline says a course opens or ends", "headline", r"开班|结班|结业|开课|培训班|培训会|学习班|主体班"),
    _sign(
        "the headline reports a meeting or event",
        "headline",
        r"召开|举行|举办|开展|启动|承办|发布|部署|会议|检查|调研|慰问|演练",
    ),
    _sign(
        "the headline reports a result",
        "headline",
        r"荣获|斩获|获[^得]|头筹|投入使用|开通|落户|完成|新建|整治|查处|获刑",
    ),
    _sign("the headline asks", "headline", r"[?？]|如何|为何|何以|谁$|怎么"),
    _sign("the headline cries out", "headline", r"[!！]"),
    _sign(
        "the headline takes a stance",
        "headline",
        r"不能|莫让|岂|别让|要有|应|须|不是|不容|需|警惕|有失|折射|呼唤|三思|还是|才是|促",
    ),
    _sign("the headline quotes", "headline", r"[“\"「]"),
    _sign("the headline names its speaker", "headline", r"^[\u4e00-\u9fff]{2,3}[：:]"),
    _sign("the headline has two halves", "headline", r"\s|[，,]"),
    _sign("the headline belongs to literature or leisure", "headline", r"散文|诗|赏析|征文|攻略|美食|面试|漫展|游记"),
    _sign("a news lead mark", "opening", r"^\W*[^。，]{0,16}(?<!通)(?:讯|电)(?!员)|本报消息"),
    _sign(
        "opens as an outlet's own report (本报讯)",
        "opening",
        r"^\W*[\u4e00-\u9fff]{0,6}(?:报|网|台|社|在线)(?:讯|消息|[^。，]{0,8}电)",
    ),
    _sign("a reporter in the lead", "opening", r"记者|通讯员"),
    _sign("the lead dates the event", "opening", r"\d{1,2}月\d{1,2}日|\d{1,2}日|近日|日前|昨[天日]|今[天日]|上午|下午"),
    _sign("the lead states a purpose", "opening", r"^\W*(?:\S{0,40}讯\W*)?(?:为|按照|根据|围绕)"),
    _sign("the lead holds or convenes something", "opening", r"召开|举行|举办|承办|开班|开课|结束|结班"),
    _sign("the lead speaks of training", "opening", r"培训|学习班|开班|主体班|授课|讲座"),
    _sign("the lead opens on talk", "opening", r"^\W*[“\"]"),
    _sign("the lead leans on other media", "opening", r"据(?:报道|媒体|[^，。]{1,10}(?:网|报|社))|热议|网上|热传|视频"),
    _sign("the lead names a person's age or home", "opening", r"\d{2}岁|出生|家住|村民|村的"),
    _sign("numbered rules from the start", "opening", r"一、|1[、.．]|（一）|第一条|简章|公告|网址|各有关单位|各部门"),
    _sign("an editor's note opens it", "opening", r"编者按|核心提示|内容提要"),
    _sign("signed as an author", "opening", r"作者[:：]|评论员"),
    _sign("signed at the end", "closing", r"（[\u4e00-\u9fff ]{2,9}）\W*$|记者[^。]{0,20}$|文/图|摄"),
    _sign(
        "an author's note at the end",
        "closing",
        r"作者|评论员|系[^。]{2,12}）|转载|来源[:：]\s?(?:人民|光明|新华|法制|中国)",
    ),
    _sign("a number or address to turn to", "closing", r"电话|手机|微信|qq|QQ|地址|www|http|\d{7,11}|报名|咨询"),
    _sign("someone speaks at the end", "closing", r"[”\"][^。]{0,14}说|说[，。：]|[！。]”\W*$"),
    _sign("ends on what must be done", "closing", r"应该|应当|才能|必须|不能|需要|终将|唯有|还是|不该|更要|要[^求素]"),
    _sign("ends on what the course brought", "closing", r"培训|学员|学习|奠定|基础|水平|能力"),
    _sign("the headline goes on after a dash", "headline", r"—"),
    _sign("greets its readers", "start", r"^\W*(?:各[^，。]{1,40}[:：]|尊敬的|亲爱的|同志们|您好|你好)"),
    _sign("a document in full", "start", r"全文如下|如下[:：]|特此|第一条|附件|一、"),
    _sign("argues from a report", "start", r"[（(](?:据)?\d{1,2}月\d{1,2}日《"),
    _sign("who did what, and when, at once", "start", rf"^(?={WHEN})(?s:.{{0,170}}?)(?:{DONE})"),
    _sign(
        "ends in a call",
        "closing",
        r"(?:我们|大家|全社会|各级|才能|一定|必将|就能|让)[^。！？]{0,60}[。！？]\W*$",
    ),
    _sign("signed with a date", "closing", r"[二2][〇○Ｏ零0O][〇○Ｏ零一二0-9]{2}年[^。]{1,7}月\s*[^。]{1,3}日\W*$"),
)

TRAITS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("speaks to the reader (您)", re.compile(r"您|你们?|请(?=[^假示客教])")),
    (
        "people quoted by name",
        re.compile(
            r"[\u4e00-\u9fff]{2,4}(?:女士|先生|老人|大妈|大爷|师傅|某)?"
            r"(?:告诉|说道?[，：:。]|介绍说|坦言|感慨|回忆|笑着说|直言)"
        ),
    ),
    ("attributed to an office", re.compile(r"通报|获悉|回应|发布|公告|据悉|据了解|消息|表示|介绍|透露")),
    (
        "rhetorical questions",
        re.compile(r"(?:岂|难道|何必|何以|怎能|怎么能|为何|凭什么|究竟|又怎|谁|吗|呢)[^。，！？]{0,20}[？?]"),
    ),
    (
        "scenes",
        re.compile(
            r"只见|走进|来到|眼前|忙碌|笑着|笑容|脸上|一边|身影|阳光|清晨|傍晚|深夜|凌晨|双手|眼里|院子|门口|声音|泪"
        ),
    ),
    (
        "years of a life",
        re.compile(r"[0-9一二三四五六七八九十多]{1,6}年(?:来|前|间)|那年|从小|从此|后来|曾经|当年|出生|毕业|退休"),
    ),
    (
        "a reporter's enquiries",
        re.compile(r"记者(?:调查|发现|注意到|采访|联系|拨打|梳理|探访|走访|致电)|化名|受访|律师|业内人士|知情人"),
    ),
)
