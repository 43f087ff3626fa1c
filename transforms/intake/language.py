"""The language of a page, by its script and, among languages that share one, by its most common words.

Only Chinese is read. Every newspaper has names, brands and paragraphs in other languages, so a page counts as
Chinese if a third of its words are.
"""

from __future__ import annotations

import re
from collections import Counter

from transforms.chinese import SIMPLIFIED, TRADITIONAL, script_of

SAMPLE = 200_000  # characters looked at
NAMES = {SIMPLIFIED: "Simplified Chinese", TRADITIONAL: "Traditional Chinese"}
CHINESE_SHARE = 1 / 3
KANA_SHARE = 0.15  # of kana and Chinese characters together; Japanese news has about half
LEAST = 20  # words in another script; a page with fewer (of numbers, of names) is in no language
# Letters per word, roughly: makes the scripts comparable.
SCRIPTS = (
    ("han", r"㐀-鿿\uf900-\ufaff\U00020000-\U0003ffff", 1.6),
    ("kana", "ぁ-ヿㇰ-ㇿｦ-ﾟ", 2.5),
    ("hangul", "가-힣ᄀ-ᇿㄱ-ㆎ", 3.0),
    ("latin", "A-Za-zÀ-ɏḀ-ỿ", 5.0),
    ("cyrillic", "Ѐ-ԯ", 5.5),
    ("greek", "Ͱ-Ͽἀ-῿", 5.5),
    ("arabic", "؀-ۿݐ-ݿࢠ-ࣿ", 4.5),
    ("hebrew", "֐-׿", 4.5),
    ("thai", "฀-๿", 4.0),
    ("lao", "຀-໿", 4.0),
    ("khmer", "ក-៿", 4.0),
    ("burmese", "က-႟", 4.0),
    ("tibetan", "ༀ-࿿", 3.0),
    ("mongolian", "᠀-᢯", 5.0),
    ("yi", "ꀀ-꓏", 1.6),
    ("indic", "ऀ-෿", 4.5),
    ("georgian", "Ⴀ-ჿ", 6.0),
    ("armenian", "԰-֏", 6.0),
    ("ethiopic", "ሀ-፿", 4.0),
)
_IN_SCRIPT = tuple((name, re.compile(f"[{letters}]"), size) for name, letters, size in SCRIPTS)
ALONE = {
    "kana": "Japanese",
    "hangul": "Korean",
    "greek": "Greek",
    "hebrew": "Hebrew",
    "thai": "Thai",
    "lao": "Lao",
    "khmer": "Khmer",
    "burmese": "Burmese",
    "tibetan": "Tibetan",
    "mongolian": "Mongolian",
    "yi": "Yi",
    "indic": "a language of India",
    "georgian": "Georgian",
    "armenian": "Armenian",
    "ethiopic": "a language of Ethiopia",
}
# Letters that only one of those languages has.
LETTERS = {
    "cyrillic": (("Ukrainian", "іїєґ"), ("Kazakh", "әғқңұһ"), ("Mongolian", "өү"), ("Serbian", "ђћџљњ")),
    "arabic": (("Uyghur", "ېۇۈۋڭە"), ("Persian", "پچژگی"), ("Urdu", "ےںٹڈ")),
}
OTHERWISE = {"cyrillic": "Russian", "arabic": "Arabic", "latin": "a language in Latin letters"}
WORDS = {
    "English": "the of and to in a is that for it was on with as by be at from this have are",
    "French": "le la les de des du et en un une est que dans pour qui sur au par avec pas ce",
    "German": "der die das und in den von zu mit des ist im für auf dem nicht ein eine als auch",
    "Spanish": "el la los las de del y en un una que es por con para se su al como más lo",
    "Portuguese": "o a os as de do da dos e em um uma que não para com por no na se mais",
    "Italian": "il la di che e un una per in del della con non i le si da al sono è gli",
    "Dutch": "de het een en van in is dat op te voor met zijn niet aan er om die ook bij",
    "Indonesian or Malay": "yang dan di dengan untuk dari ini itu pada dalam tidak akan ke oleh adalah juga",
    "Vietnamese": "của và các là có được trong cho không một với những đã người này về khi từ để vào",
    "Turkish": "ve bir bu da de için ile olarak çok daha olan gibi en kadar sonra ne ama",
    "Polish": "w i na z do się nie że o jest po to jak od za przez dla ale oraz",
    "Swedish, Danish or Norwegian": "och att det i en som på är av för med til den och er ikke ett af",
    "Zhuang": "youq dwg ndaw caeuq gij daih bouxcuengh ndaej gyoengq miz cungj",
}
_WORDS = {language: frozenset(words.split()) for language, words in WORDS.items()}
WORD = re.compile(r"[^\W\d_]{1,30}")
KNOWN_SHARE = 0.12  # of a text's words are among the most common of its language


def language_of(text: str) -> str:
    """``zh-Hans`` or ``zh-Hant``, or the English name of another language; empty if the text does not show it."""
    sample = text[:SAMPLE]
    words = {name: len(letters.findall(sample)) / size for name, letters, size in _IN_SCRIPT}
    han, kana = words["han"], words["kana"]
    # Japanese uses Chinese characters too, so they do not show that a text is Chinese.
    if kana * 2.5 > KANA_SHARE * (han * 1.6 + kana * 2.5) and kana >= 3:
        return "Japanese"
    total = sum(words.values())
    if han and han >= CHINESE_SHARE * total:
        return script_of(sample)
    script = max(words, key=lambda name: words[name] if name != "han" else 0.0)
    return _named(script, sample) if words[script] >= LEAST else ""


def _named(script: str, sample: str) -> str:
    if script in ALONE:
        return ALONE[script]
    if script == "latin":
        return _by_words(sample)
    total = max(1, len(sample))
    counts = ((sum(map(sample.lower().count, letters)), name) for name, letters in LETTERS[script])
    most, name = max(counts)
    return name if most * 200 > total else OTHERWISE[script]


def _by_words(sample: str) -> str:
    words = Counter(WORD.findall(sample.lower()))
    total = sum(words.values())
    shares = {language: sum(words[w] for w in known) / total for language, known in _WORDS.items()}
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] >= KNOWN_SHARE else OTHERWISE["latin"]
