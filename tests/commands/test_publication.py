"""A newspaper's file written by the command, and what some of its pages show that it lacks."""

import json
import tomllib
from pathlib import Path

import pytest

from broadsheet.cli import publication
from delivery.publication_record import PublicationRecord
from delivery.records import load_publication
from tests.commands.test_read import broadsheet
from transforms.errors import BadInput, BadRecord

STORY = (
    "清晨六点，老码头的汽笛响了三声。摆渡人解开缆绳，把船头掉向对岸。这条渡船他开了三十八年，今天是最后一班。\n\n"
    "船到江心，他把发动机关小，让大家再看一眼江面。有人掏出手机拍照，有人只是站着，谁也没有说话。\n"
)
PAGES = {
    "page-01.txt": "江声新闻\n\n老码头的最后一班渡船\n\n✿ 本报融声记者 柳望川\n\n"
    f"{STORY}\n（续读第2版）\n\n房屋拍租公告\n",
    "page-02.txt": f"江声新闻\n\n城南菜场装上遮雨棚\n\n（承前第1版）\n\n✿ 本晚记者 何小满\n\n{STORY}",
    "page-03.txt": f"江声新闻\n\n城东小学添新操场\n\n✿ 本报撰述 许长水\n\n{STORY}",
}
GIVEN = {"name": "临河晚报", "provider": "linhe.example", "watch": {"expected_by": "05:30"}}


@pytest.fixture
def papers(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("BROADSHEET_PUBLICATIONS", str(tmp_path / "papers"))
    (tmp_path / "pages").mkdir()
    for name, text in PAGES.items():
        (tmp_path / "pages" / name).write_text(text, "utf-8")
    publication.add("linhe-evening", GIVEN)
    return tmp_path / "papers"


def test_the_written_file_holds_what_was_given_and_explains_every_other_field(papers: Path):
    path = papers / "linhe-evening.toml"
    paper = load_publication(path)
    assert (paper.id, paper.name, paper.watch.expected_by) == ("linhe-evening", "临河晚报", "05:30")
    text = path.read_text("utf-8")
    for table in PublicationRecord.model_fields.values():
        model = table.default
        for field in getattr(type(model), "model_fields", {}).values():
            assert field.description in text
    # Every line that is commented out stands as it would be read.
    whole = "\n".join(line.removeprefix("# ") if " = " in line or "[[" in line else line for line in text.splitlines())
    PublicationRecord.model_validate_json(json.dumps(tomllib.loads(whole)))


def test_an_old_file_stays_and_a_wrong_one_is_not_written(papers: Path):
    with pytest.raises(BadInput, match="already"):
        publication.add("linhe-evening", GIVEN)
    with pytest.raises(BadRecord, match="provider"):
        publication.add("other", {"name": "其他", "provider": "no domain"})
    assert [p.name for p in papers.iterdir()] == ["linhe-evening.toml"]


@pytest.mark.slow
def test_a_check_names_what_the_style_lacks_and_is_content_once_it_is_there(papers: Path, capsys):
    pages = [papers.parent / "pages"]
    assert not publication.check("linhe-evening", pages)
    printed = capsys.readouterr().out
    proposed = tomllib.loads(printed[printed.index("[style]") :])["style"]
    assert proposed["byline_marks"] == ["✿"]
    assert proposed["jump_to"] == ["续读"]
    assert proposed["jump_from"] == ["承前"]
    assert proposed["papers"] == ["本晚"]
    assert proposed["ranks"] == ["融声"]
    assert proposed["roles"] == ["撰述"]
    assert proposed["notices"] == ["房屋拍租公告"]

    path = papers / "linhe-evening.toml"
    path.write_text(path.read_text("utf-8").replace("[style]\n", printed[printed.index("[style]") :]), "utf-8")
    publication.check("linhe-evening", pages)
    assert "covers everything" in capsys.readouterr().out


@pytest.mark.slow
def test_a_check_of_pages_without_an_article_says_so_and_does_not_call_the_style_complete(papers: Path, capsys):
    page = papers.parent / "short.txt"
    page.write_text("本报讯 今天天气好", "utf-8")
    assert not publication.check("linhe-evening", [page])
    printed = capsys.readouterr().out
    assert "No article was found" in printed
    assert "covers everything" not in printed


def test_a_check_of_an_unknown_newspaper_names_those_there_are(papers: Path):
    with pytest.raises(BadInput, match=r"unknown publication “linhe-morning” \(there are: linhe-evening\)"):
        publication.check("linhe-morning", [papers.parent / "pages"])


def test_the_commands_are_there():
    done = broadsheet("publication", "--help")
    assert done.returncode == 0
    assert {"add", "check", "list"} <= set(done.stdout.split())
