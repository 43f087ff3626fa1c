"""What e-paper sites and scanning programs add to the text of a page: navigation, share buttons, marks of a scanner."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.segment.headlines import headline_like

_BUTTON = (
    r"(?:[上下前后]一?[版篇期页]|[上下]一[条條則则]|返回(?:目录|首页|列表|版面|顶部)?|下载(?:本版|版面)?(?:PDF)?|往期(?:回顾|报纸|查询)?"
    r"|(?:本版|版面|标题)?(?:导航|目录|概览)|首页|数字报|电子报|PDF(?:下载|版)?|放大|缩小|默认|字号|字体|字級|[大中小]号?字?|朗读|听新闻|语音播报"
    r"|打印(?:本[文页版])?|列印|收藏(?:本[文页版])?|转发|纠错|举报|复制链接|关闭|收合|展开|全文|登录|注册|搜索|分享(?:到|至)?|新浪微博|微博|微信|朋友圈|QQ空间|QQ|空间|更多|点赞|评论)"
)
BUTTON = re.compile(_BUTTON, re.IGNORECASE)
BUTTONS = re.compile(
    rf"(?:{_BUTTON}(?:[\d\s\u3000+＋\-－○◎●·|｜/:：>»›《«‹<＞＜（）()\[\]【】]|$){{1,12}}){{1,16}}$", re.IGNORECASE
)
LONGEST_BUTTONS, LEAST_BUTTONS = 60, 2  # characters of a line of buttons, and buttons
NAVIGATION = re.compile(r"(?:标题|版面|標題)(?:导航|目录|導航)[：:]?$")
ITEM = re.compile(r"^[·•・▪■□○●◦>»\-]\s?")
SCANNED = re.compile(
    r"扫描全能王|CamScanner|Scanned (?:with|by)|扫描王|(?:由|来自)[^。，]{0,12}扫描"
    r"|第\d{1,4}页[\s\u3000/／，,]{0,3}共\d{1,4}页"
    r"|^仅供[^。，]{2,10}(?:查阅|使用|参考|阅览|学习)(?:[\s\u3000]|$)|[\u4e00-\u9fff]ICP备\d{5,10}号",
    re.IGNORECASE,
)
LONGEST_MARK = 60  # characters


def screen_lines(texts: Sequence[str]) -> set[int]:
    """Lines of buttons and of a scanner's marks, and the list of headlines that a site shows above the page."""
    found = {n for n, text in enumerate(texts) if _is_buttons(text) or _is_scanned(text)}
    for n, text in enumerate(texts):
        if not NAVIGATION.match(text):
            continue
        end = n + 1
        while end < len(texts) and (ITEM.match(texts[end]) or _repeated(texts[end], texts[end + 1 :])):
            end += 1
        found.update(range(n, end))
    return found


def _is_buttons(text: str) -> bool:
    return len(text) <= LONGEST_BUTTONS and bool(BUTTONS.match(text)) and len(BUTTON.findall(text)) >= LEAST_BUTTONS


def _is_scanned(text: str) -> bool:
    return len(text) <= LONGEST_MARK and not text.endswith("。") and bool(SCANNED.search(text))


def _repeated(text: str, below: Sequence[str]) -> bool:
    """Whether a line is a headline further down, too."""
    return headline_like(text) and text in below
