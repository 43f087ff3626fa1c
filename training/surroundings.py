"""What stands on a page beside its stories: running heads, imprints, notices, indexes, the weather, prices, programmes."""

from __future__ import annotations

import random
from collections.abc import Sequence

from training.corpus import Story
from training.dress import PLACES, name


def furniture(rng: random.Random, page: int) -> str:
    """One line of what surrounds stories on a page."""
    who, day = name(rng), f"20{rng.randint(18, 27)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
    week = rng.choice("一二三四五六日")
    section = rng.choice("要闻 综合 时政 民生 副刊 国际 社会 经济 文化 体育 广告 县域 评论 教育 健康".split())
    return rng.choice(
        [
            f"{day} 星期{week} 第{page}版",
            f"第{page}版 {section}",
            f"{section}",
            f"{page} {section} {day} 星期{week}",
            f"{day}",
            f"责任编辑：{who} 校对：{name(rng)}",
            f"责编 {who} 版式 {name(rng)} 审读 {name(rng)}",
            f"责编/{who} 美编/{name(rng)} 校对/{name(rng)}",
            f"编辑：{who}　电话：0{rng.randint(310, 999)}-{rng.randint(2000000, 8999999)}",
            f"新闻热线：0{rng.randint(310, 999)}—{rng.randint(2000000, 8999999)}",
            f"投稿邮箱：{rng.choice(['news', 'bjb', 'tougao'])}@example.com",
            f"{page}",
            f"A{page:02d}",
            f"星期{week} 农历十月初{rng.choice('一二三四五六七八九')}",
            f"邮编：0{rng.randint(10000, 99999)} 广告热线：{rng.randint(2000000, 8999999)}",
            f"{rng.choice(PLACES)}日报 {day} 第{page}版",
            f"今日{rng.randint(4, 16)}版 国内统一刊号：CN14-00{rng.randint(10, 99)} 第{rng.randint(1000, 9999)}期",
            f"本版编辑 {who}",
            f"本版责编 {who}",
            f"本版责编：{who} 版式设计：{name(rng)}",
            f"电话：0{rng.randint(310, 999)}-{rng.randint(2000000, 8999999)} E-mail：news@example.com",
            f"社址：{rng.choice(PLACES)}市人民路{rng.randint(1, 300)}号 邮政编码：0{rng.randint(10000, 99999)} 印刷：本报印务中心",
            "扫码关注本报微信公众号",
            f"扫一扫 看{rng.choice(['视频', '更多新闻', '直播', '专题'])}",
        ]
    )


def standing(rng: random.Random, pool: Sequence[Story]) -> list[str]:
    """A block of standing matter: notices, an index, the weather, prices, results, programmes."""
    makers = (lost, lost, official, index, index, weather, prices, lottery, programmes)
    return rng.choice(makers)(rng, pool)


def lost(rng: random.Random, pool: Sequence[Story]) -> list[str]:
    what = "身份证 驾驶证 营业执照副本 公章 财务专用章 出生医学证明 就业协议书 房产证 收据 道路运输证 毕业证".split()
    out = [rng.choice(["遗失声明", "分类信息", "公告", "声明", "遗失公告", "分类广告"])] if rng.random() < 0.8 else []
    for _ in range(rng.randint(2, 7)):
        who = rng.choice(
            [name(rng), f"{rng.choice(PLACES)}市{name(rng)}便利店", f"{rng.choice(PLACES)}{name(rng)[1:]}商贸有限公司"]
        )
        number = rng.choice(["", f"，证号{rng.randint(10**8, 10**9)}", f"（编号：{rng.randint(10**6, 10**7)}）"])
        out.append(
            rng.choice(
                ["{0}{1}遗失{2}，声明作废。", "{0}遗失{1}{2}，特此声明。", "{0}不慎将{1}遗失{2}，声明作废。"]
            ).format(who, rng.choice(what), number)
        )
    return out


def official(rng: random.Random, pool: Sequence[Story]) -> list[str]:
    firm = f"{rng.choice(PLACES)}{name(rng)[1:]}{rng.choice(['科技', '商贸', '建筑', '物业'])}有限公司"
    day = f"20{rng.randint(20, 26)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
    way = rng.randrange(4)
    if way == 0:
        return [
            "注销公告",
            f"{firm}（统一社会信用代码：91{rng.randint(10**9, 10**10)}MA）经股东会决议，拟向公司登记机关申请注销登记，请债权人于见报之日起45日内向本公司清算组申报债权。特此公告。",
            firm,
            day,
        ]
    if way == 1:
        return [
            "拍卖公告",
            f"受委托，我公司定于{day}上午10时在{rng.choice(PLACES)}市公开拍卖下列标的：办公设备一批、车辆{rng.randint(1, 9)}台。有意竞买者请于前一日17时前办理竞买手续。",
            f"联系电话：{rng.randint(13000000000, 18999999999)}",
            firm,
        ]
    if way == 2:
        return [
            "招标公告",
            f"{firm}办公楼维修工程已批准建设，现对该项目施工进行公开招标，欢迎合格的投标人报名。",
            f"联系人：{name(rng)} 电话：0{rng.randint(310, 999)}-{rng.randint(2000000, 8999999)}",
            day,
        ]
    return [
        "公示",
        f"根据有关规定，现将{firm}环境影响报告书征求意见稿予以公示，公众可在公示之日起10个工作日内提出意见。",
        f"公示期：{day}起",
        firm,
    ]


def index(rng: random.Random, pool: Sequence[Story]) -> list[str]:
    out = (
        [rng.choice(["导读", "今日导读", "要闻导读", "今日看点", "内容导航", "版面导读"])] if rng.random() < 0.9 else []
    )
    shape = rng.choice(["{} {}版", "{}（{}版）", "{}……{}版", "{}>>>{}版", "{1}版 {0}", "{} 详见{}版", "▶{} A{}版"])
    return out + [shape.format(rng.choice(pool).headline[:18], rng.randint(2, 16)) for _ in range(rng.randint(2, 5))]


def weather(rng: random.Random, pool: Sequence[Story]) -> list[str]:
    sky = ["晴", "多云", "阴", "小雨", "阵雨", "晴转多云", "雾", "小雪"]
    low = rng.randint(-10, 20)
    out = [rng.choice(["天气预报", "今日天气", "天气", "气象信息"])]
    out += [
        f"{day} {rng.choice(sky)} {low}℃～{low + rng.randint(5, 12)}℃ {rng.choice('东南西北')}风{rng.randint(1, 4)}级"
        for day in ("今天", "明天", "后天")[: rng.randint(1, 3)]
    ]
    return out


def prices(rng: random.Random, pool: Sequence[Story]) -> list[str]:
    goods = rng.sample(
        "大米 面粉 猪肉 牛肉 鸡蛋 白菜 土豆 西红柿 黄瓜 苹果 豆油 菜籽油 铜 铝 锌 螺纹钢".split(), rng.randint(4, 8)
    )
    out = [
        rng.choice(["今日菜价", "市场行情", "价格监测", "农产品价格（元/公斤）"]),
        rng.choice(["品名 最高 最低 均价", "品种 价格 涨跌"]),
    ]
    return out + [f"{g} {rng.uniform(2, 60):.2f} {rng.uniform(2, 60):.2f} {rng.uniform(-3, 3):.2f}" for g in goods]


def lottery(rng: random.Random, pool: Sequence[Story]) -> list[str]:
    ball = lambda: f"{rng.randint(1, 33):02d}"  # noqa: E731
    return [
        rng.choice(["彩票开奖", "开奖公告", "中国福利彩票开奖公告"]),
        f"双色球第20{rng.randint(20, 26)}{rng.randint(100, 153)}期",
        f"红球：{' '.join(ball() for _ in range(6))} 蓝球：{ball()}",
        f"一等奖{rng.randint(1, 20)}注，单注奖金{rng.randint(5, 9)}{rng.randint(100000, 999999)}元",
    ]


def programmes(rng: random.Random, pool: Sequence[Story]) -> list[str]:
    out = [rng.choice(["今日荧屏", "电视节目预告", "荧屏导视"])]
    return out + [
        f"{rng.randint(6, 23)}:{rng.choice(['00', '15', '30', '45'])} {rng.choice(['电视剧：', '新闻：', '专题：', '动画片：', '电影：'])}{rng.choice(pool).headline[:8]}"
        for _ in range(rng.randint(3, 8))
    ]
