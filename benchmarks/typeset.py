"""Set the articles of a bench again with a browser, for accuracy.py: typeset.py BENCH OUT [ISSUES].

Chromium's typesetter shares nothing with reportlab: Type 3 fonts, columns that it balances, nested boxes, upright
headlines, its own drawing order. Names of authors stand where the texts have them, else in a line below the headline.
Needs chromium and the Noto CJK fonts.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

STYLE = """@page { size: %(wide)dpt %(high)dpt; margin: 30pt } * { margin: 0; padding: 0; box-sizing: border-box }
body { font: %(body).1fpt/1.42 '%(font)s'; text-align: justify; line-break: strict }
.folio { font-size: 8pt; border-bottom: 1pt solid; padding-bottom: 3pt; margin-bottom: 8pt; text-align: left }
.page { columns: 2; column-gap: 18pt; column-fill: balance }
.story { margin-bottom: 12pt; break-inside: avoid-column }
.boxed { border: .6pt solid #555; padding: 6pt }
.head { text-align: center; margin: 3pt 0 5pt; text-wrap: balance; line-height: 1.25 }
.left .head { text-align: left }
.kicker { font-size: 13pt } .subhead { font-size: 12pt } h1 { font-size: 22pt; font-weight: 700 }
.by { text-align: center; font-size: 8.5pt; margin: 2pt 0 4pt }
.text { column-gap: 12pt; column-fill: balance } .text p { text-indent: 2em }
.upright { display: flex; gap: 10pt } .upright .head { writing-mode: vertical-rl; max-height: 260pt; flex: none }
.photo { height: 110pt; background: #bbb; break-inside: avoid } figcaption { font-size: 8pt; margin: 3pt 0 8pt }
.notice { border: 1.2pt double; padding: 5pt; font-size: 8pt; margin: 6pt 0 12pt; break-inside: avoid }"""


def html(gold: dict[str, Any], rng: random.Random) -> str:
    """A page of this gold: stories of one to three columns in two, in the order of the gold."""
    total = sum(len(p) for a in gold["articles"] for p in a["body"])
    size = rng.choice([8.6, 9.0, 9.4])
    area = (total + 120 * len(gold["articles"])) * size * size * 1.42 * 1.35 + 60_000
    wide = max(520, round((area / 1.4) ** 0.5))
    values = {"wide": wide, "high": round(wide * 2.2), "body": size, "font": rng.choice(FONTS)}
    captions = list(gold["captions"])
    parts = [_story(story, captions.pop(0) if captions else "", rng) for story in gold["articles"]]
    parts += [f"<div class='photo'></div><figcaption>{escape(_said(c))}</figcaption>" for c in captions]
    parts += [f"<div class='notice'>{escape(_said(n))}</div>" for n in gold["adverts"]]
    folio = escape("\u3000".join(_said(f) for f in gold["furniture"]))
    return (
        f"<meta charset=utf-8><html lang=zh-Hans><style>{STYLE % values}</style><div class=folio>{folio}</div>"
        f"<div class=page>{''.join(parts)}</div>"
    )


FONTS = ["Noto Serif CJK SC", "Noto Sans CJK SC"]


def _said(part: Any) -> str:
    return part if isinstance(part, str) else str(part.get("text", ""))


def _story(story: dict[str, Any], caption: str, rng: random.Random) -> str:
    body = "".join(story["body"])
    names = [name for name in story["byline"] if name not in body]
    kicker, headline, subhead = (escape(story[k] or "") for k in ("kicker", "headline", "subhead"))
    lines = [f"<div class=kicker>{kicker}</div>" if kicker else "", f"<h1>{headline}</h1>"]
    lines.append(f"<div class=subhead>{subhead}</div>" if subhead else "")
    head = f"<div class=head>{''.join(lines)}</div>"
    by = f"<div class=by>本报记者 {escape(' '.join(names))}</div>" if names else ""
    photo = f"<div class=photo></div><figcaption>{escape(_said(caption))}</figcaption>" if caption else ""
    columns = 1 if len(body) < 250 else rng.choice([1, 2, 2, 3])
    text = "".join(f"<p>{escape(p)}</p>" for p in story["body"])
    kinds = ["story", *(["boxed"] if rng.random() < 0.25 else []), *(["left"] if rng.random() < 0.4 else [])]
    if len(story["headline"]) <= 12 and not kicker and not subhead and rng.random() < 0.3:
        kinds.append("upright")
        return (
            f"<div class='{' '.join(kinds)}'>{head}<div>{by}<div class=text style='columns:1'>{text}</div></div></div>"
        )
    return (
        f"<div class='{' '.join(kinds)}'>{head}{by}{photo}<div class=text style='columns:{columns}'>{text}</div></div>"
    )


def print_pdf(page: str, out: Path) -> None:
    """Let the browser print a page to this PDF file."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page, "utf-8")
        flags = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={folder}/p",
        ]
        command = ["chromium", *flags, f"--print-to-pdf={out}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def main() -> None:
    bench, out = Path(sys.argv[1]), Path(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else None
    rng = random.Random(19)
    for folder in islice(sorted(p for p in bench.iterdir() if (p / "gold.json").exists()), count):
        place = out / folder.name
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / "gold.json", place)
        gold = json.loads((folder / "gold.json").read_text("utf-8"))
        print_pdf(html(gold, rng), (place / "page-01.pdf").resolve())


if __name__ == "__main__":
    main()
