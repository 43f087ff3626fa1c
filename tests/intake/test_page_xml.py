"""PAGE-XML as Transkribus, eScriptorium, Kraken, OCR-D and older tools write it: lines in order, with their places."""

from __future__ import annotations

from dataclasses import replace

import pytest

from transforms.intake import SourceFile, read_source
from transforms.model import Box, Page

NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/"
TRANSKRIBUS = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<PcGts xmlns="{NAMESPACE}2013-07-15" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="{NAMESPACE}2013-07-15 {NAMESPACE}2013-07-15/pagecontent.xsd">
<Metadata><Creator>Transkribus</Creator><Created>2025-01-01T00:00:00.000+01:00</Created>
<TranskribusMetadata docId="1" pageId="2" pageNr="3" status="NEW"/></Metadata>
<Page imageFilename="3.jpg" imageWidth="3000" imageHeight="4000">
<ReadingOrder><OrderedGroup id="ro_1" caption="Regions reading order">
<RegionRefIndexed index="1" regionRef="r_body"/><RegionRefIndexed index="0" regionRef="r_head"/>
</OrderedGroup></ReadingOrder>
<TextRegion type="paragraph" id="r_body" custom="readingOrder {{index:1;}}">
<Coords points="300,600 1500,600 1500,720 300,720"/>
<TextLine id="l2" custom="readingOrder {{index:1;}}"><Coords points="300,660 700,660 700,710 300,710"/>
<Baseline points="300,700 700,700"/><TextEquiv><Unicode>不再绕行。</Unicode></TextEquiv></TextLine>
<TextLine id="l1" custom="readingOrder {{index:0;}}"><Coords points="300,600 800,600 800,650 300,650"/>
<Baseline points="300,640 800,640"/><Word id="w"><Coords points="300,600 400,600 400,650 300,650"/>
<TextEquiv><Unicode>错</Unicode></TextEquiv></Word>
<TextEquiv><Unicode>昨日，新桥通车，两岸</Unicode></TextEquiv><TextStyle fontSize="0.0"/></TextLine>
<TextEquiv><Unicode>昨日，新桥通车，两岸
不再绕行。</Unicode></TextEquiv></TextRegion>
<TextRegion type="heading" id="r_head"><Coords points="300,400 900,400 900,500 300,500"/>
<TextLine id="h"><Coords points="300,400 900,400 900,500 300,500"/>
<TextEquiv><Unicode>新桥今日通车</Unicode></TextEquiv></TextLine></TextRegion>
<TableRegion id="t"><Coords points="1600,600 2000,600 2000,700 1600,700"/><TableCell row="0" col="0" id="c">
<Coords points="1600,600 1800,600 1800,700 1600,700"/><TextLine id="tl">
<Coords points="1600,610 1800,610 1800,660 1600,660"/>
<TextEquiv><Unicode>末班车八点</Unicode></TextEquiv></TextLine></TableCell></TableRegion></Page></PcGts>"""
ESCRIPTORIUM = f"""<?xml version="1.0" encoding="UTF-8"?>
<PcGts xmlns="{NAMESPACE}2019-07-15" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<Metadata><Creator>escriptorium</Creator></Metadata>
<Page imageWidth="3000" imageHeight="4000" imageFilename="page.png">
<TextRegion id="eSc_textblock_1" custom="structure {{type:MainZone;}}">
<Coords points="290,390 1510,390 1510,730 290,730"/>
<TextLine id="eSc_line_1" custom="structure {{type:HeadingLine;}}">
<Coords points="300,400 600,396 900,400 900,500 300,500"/>
<Baseline points="300,490 900,490"/><TextEquiv><Unicode>新桥今日通车</Unicode></TextEquiv></TextLine></TextRegion>
<TextRegion id="eSc_dummyblock_"><TextLine id="eSc_line_2"><Coords points="300,600 800,600 800,650 300,650"/>
<TextEquiv conf="0.91"><Unicode>昨日，新桥通车，两岸</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"""
OCR_D = f"""<?xml version="1.0" encoding="UTF-8"?>
<pc:PcGts xmlns:pc="{NAMESPACE}2019-07-15" pcGtsId="FILE_0001_OCR"><pc:Metadata><pc:Creator>OCR-D/core 2.1</pc:Creator>
<pc:MetadataItem type="processingStep" name="recognition" value="ocrd-tesserocr-recognize"/></pc:Metadata>
<pc:Page imageFilename="OCR-D-IMG/0001.tif" imageWidth="3000" imageHeight="4000" imageXResolution="150"
 imageYResolution="150" imageResolutionUnit="PPI" type="content">
<pc:AlternativeImage filename="b.png" comments="binarized"/>
<pc:Border><pc:Coords points="0,0 3000,0 3000,4000 0,4000"/></pc:Border>
<pc:ReadingOrder><pc:UnorderedGroup id="ro"><pc:OrderedGroup id="g1">
<pc:OrderedGroupIndexed id="g2" index="1" regionRef="table"><pc:RegionRefIndexed index="0" regionRef="cell"/>
</pc:OrderedGroupIndexed><pc:RegionRefIndexed index="0" regionRef="head"/></pc:OrderedGroup></pc:UnorderedGroup>
</pc:ReadingOrder>
<pc:TextRegion id="last"><pc:Coords points="1,1 9,1 9,9"/><pc:TextLine id="x">
<pc:Coords points="600,900 900,900 900,925 600,925"/>
<pc:TextEquiv index="2" conf="0.3"><pc:Unicode>末斑车八点</pc:Unicode></pc:TextEquiv>
<pc:TextEquiv index="1" conf="0.8"><pc:Unicode>末班车八点</pc:Unicode></pc:TextEquiv></pc:TextLine></pc:TextRegion>
<pc:TableRegion id="table"><pc:Coords points="1,1 9,1 9,9"/><pc:TextRegion id="cell">
<pc:Coords points="1,1 9,1 9,9"/>
<pc:TextLine id="y"><pc:Coords points="5,5"/>
<pc:Word id="w1"><pc:Coords points="150,300 300,300 300,325 150,325"/>
<pc:TextEquiv conf="0.9"><pc:Unicode>昨日，</pc:Unicode>
</pc:TextEquiv></pc:Word><pc:Word id="w2"><pc:Coords points="300,300 350,300 350,325 300,325"/>
<pc:Glyph id="g1"><pc:Coords points="300,300 325,300 325,325"/><pc:Graphemes><pc:Grapheme id="gr"><pc:TextEquiv>
<pc:Unicode>木</pc:Unicode></pc:TextEquiv></pc:Grapheme></pc:Graphemes>
<pc:TextEquiv conf="0.7"><pc:Unicode>新</pc:Unicode>
</pc:TextEquiv></pc:Glyph><pc:Glyph id="g2"><pc:Coords points="325,300 350,300 350,325"/><pc:TextEquiv conf="0.9">
<pc:Unicode>桥</pc:Unicode></pc:TextEquiv></pc:Glyph></pc:Word></pc:TextLine></pc:TextRegion></pc:TableRegion>
<pc:TextRegion id="head"><pc:Coords points="1,1 9,1 9,9"/><pc:TextLine id="z">
<pc:Coords points="150,200 450,200 450,250 150,250"/>
<pc:TextEquiv conf="0.95"><pc:Unicode>新桥今日通车</pc:Unicode></pc:TextEquiv></pc:TextLine></pc:TextRegion>
</pc:Page></pc:PcGts>"""
OLD = f"""<?xml version="1.0" encoding="UTF-8"?>
<PcGts xmlns="{NAMESPACE}2010-03-19"><Page imageFilename="a.tif" imageWidth="3000" imageHeight="4000">
<TextRegion id="r0"><Coords><Point x="300" y="400"/><Point x="900" y="400"/></Coords><TextLine id="l0"><Coords>
<Point x="300" y="400"/><Point x="900" y="400"/><Point x="900" y="500"/><Point x="300" y="500"/></Coords>
<TextEquiv><PlainText>新桥今日通车</PlainText><Unicode></Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"""
LINE = '<TextLine><Coords points="%s"/><TextEquiv><Unicode>昨日，新桥通车，两岸</Unicode></TextEquiv></TextLine>'


def read(*files: tuple[str, str | bytes]) -> tuple[tuple[Page, ...], dict[str, str]]:
    data = [SourceFile(name, body.encode() if isinstance(body, str) else body) for name, body in files]
    pages, refused = read_source(data)
    return pages, {r.name: r.reason for r in refused}


def of_lines(*outlines: str) -> str:
    lines = "".join(LINE % outline for outline in outlines)
    page = '<Page imageFilename="a" imageWidth="3000" imageHeight="4000">'
    return f'<PcGts xmlns="{NAMESPACE}2019-07-15">{page}<TextRegion id="r">{lines}</TextRegion></Page></PcGts>'


def test_transkribus_says_the_order_of_regions_and_lines() -> None:
    (page,), refused = read(("page-03.xml", TRANSKRIBUS))
    assert (page.number, page.encoding, page.size, refused) == (3, "page-xml", (720, 960), {})
    assert page.text.split() == ["新桥今日通车", "昨日，新桥通车，两岸", "不再绕行。", "末班车八点"]
    assert page.boxes[0] == Box(72, 96, 216, 120, 24)
    assert page.boxes[1] == Box(72, 144, 192, 156, 12)
    assert page.certainty == ()


def test_transkribus_without_a_reading_order_keeps_it_in_each_region() -> None:
    start, end = TRANSKRIBUS.index("<ReadingOrder>"), TRANSKRIBUS.index("</ReadingOrder>")
    data = (TRANSKRIBUS[:start] + TRANSKRIBUS[end + 15 :]).replace(
        '"r_head"', '"r_head" custom="readingOrder {index:0;}"'
    )
    (page,), _ = read(("page-03.xml", data))
    assert page.text.split()[:2] == ["新桥今日通车", "昨日，新桥通车，两岸"]


def test_escriptorium_lines_outside_any_region_are_read() -> None:
    (page,), refused = read(("a.xml", ESCRIPTORIUM))
    assert (page.text.split(), refused) == (["新桥今日通车", "昨日，新桥通车，两岸"], {})
    assert [box.size for box in page.boxes] == [24, 12]
    assert page.certainty == (1.0, 0.91)


def test_ocr_d_words_glyphs_and_the_best_of_several_readings() -> None:
    (page,), refused = read(("FILE_0001_OCR.xml", OCR_D))
    assert refused == {}
    assert page.text.split() == ["新桥今日通车", "昨日，新桥", "末班车八点"]
    assert page.certainty == (0.95, 0.85, 0.8)
    assert page.boxes[1] == Box(72, 144, 168, 156, 12)  # of its words, at 150 to the inch
    assert page.size == (1440, 1920)


def test_outlines_point_by_point_and_plain_text() -> None:
    (page,), _ = read(("page-01.xml", OLD))
    assert (page.text.strip(), page.boxes) == ("新桥今日通车", (Box(72, 96, 216, 120, 24),))


def test_a_line_that_is_not_level_keeps_its_type_size() -> None:
    (page,), _ = read(("page-01.xml", of_lines("300,600 1300,640 1300,690 300,650", "300,700 800,700 800,750 300,750")))
    assert [box.size for box in page.boxes] == [12, 12]
    assert (page.boxes[0].top, page.boxes[0].bottom) == (144, 165.6)


@pytest.mark.parametrize(
    "outline",
    [
        "",
        "0,0 0,0",
        "5,5 900,5",
        "NaN,1 2,3 4,5",
        "1,2 3",
        "1e9,1 2,2 3,3",
        "9" * 60 + ",1 2,2",
        "x,y",
        "3500,1 3900,9 4000,4",
    ],
)
def test_a_line_without_a_usable_outline_leaves_the_page_without_places(outline: str) -> None:
    (page,), refused = read(("page-01.xml", of_lines(outline, "300,700 800,700 800,750 300,750")))
    assert (len(page.text.split()), page.boxes, refused) == (2, (), {})


def test_outlines_that_reach_over_the_edge_end_at_it() -> None:
    (page,), _ = read(("page-01.xml", of_lines("-40,600 3900,600 3900,650 -40,650")))
    assert replace(page.boxes[0], size=0) == Box(0, 144, 720, 156, 0)


def test_upright_lines_have_the_size_of_their_width() -> None:
    (page,), _ = read(("page-01.xml", of_lines("300,600 350,600 350,1100 300,1100")))
    assert page.boxes == (Box(72, 144, 84, 264, 12),)


def test_a_region_of_which_only_the_whole_text_is_known() -> None:
    text = "<TextRegion id='r'><TextEquiv><Unicode>昨日，新桥通车，\n两岸不再绕行。</Unicode></TextEquiv></TextRegion>"
    (page,), _ = read(("page-01.xml", f"<PcGts><Page>{text}</Page></PcGts>"))
    assert (page.text.strip(), page.boxes) == ("昨日，新桥通车，\n两岸不再绕行。", ())


def test_mets_names_the_pages_of_page_xml() -> None:
    mets = (
        "<mets><fileSec><fileGrp><file ID='A'><FLocat href='x'/></file></fileGrp></fileSec>"
        "<structMap TYPE='PHYSICAL'><div TYPE='physSequence'><div TYPE='page'><fptr FILEID='B'/></div>"
        "<div TYPE='page'><fptr FILEID='A'/></div></div></structMap></mets>"
    ).replace("href='x'", "xmlns:l='http://www.w3.org/1999/xlink' l:href='OCR-D-OCR/FILE_0001_OCR.xml'")
    (page,), _ = read(("mets.xml", mets), ("FILE_0001_OCR.xml", OCR_D))
    assert page.number == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (TRANSKRIBUS[:-200], "not well-formed"),
        ("<PcGts></PcGts>", "has no <Page>"),
        ("<PcGts><Page/></PcGts>", "the page has no text"),
        ("<!DOCTYPE PcGts [<!ENTITY a 'b'>]><PcGts><Page>&a;</Page></PcGts>", "declares entities"),
        ("<PcGts><Page>" + "<TextRegion>" * 5000, "not well-formed (Excessive depth"),
        ("<PcGts><Page>" + "<Word/>" * 610_000 + "</Page></PcGts>", "more than 600,000 elements"),
    ],
)
def test_broken_files_are_refused_in_words(data: str, words: str) -> None:
    pages, refused = read(("page-01.xml", data))
    assert pages == ()
    assert words in refused["page-01.xml"]
