"""The audit: what is lost is made again byte for byte, what is half there goes out again, what cannot be is said."""

from dataclasses import replace

from broadsheet.life import corrected, prove_withdrawal, resend
from broadsheet.life_audit import audit
from tests.delivery.test_life import ROOT, shelf, syndicate
from tests.delivery.test_revision import correction, item, make, withdrawal
from tests.delivery.test_road import NOW, PAGES, make_desk, submit
from transforms.model import File, Section


def test_lost_and_damaged_objects_come_back_with_the_same_bytes_and_strangers_are_named():
    desk = make_desk()
    submit(desk, PAGES)
    make(desk, correction(desk))
    make(desk, withdrawal(desk))
    whole = shelf(desk)
    clean = audit(desk, NOW)
    assert (clean.repaired, clean.reopened, clean.faults) == ((), (), ())
    lost = sorted(k for k in whole if k.startswith(ROOT) and ("/items/" in k or "/feeds/all" in k))
    for n, key in enumerate(lost):
        if n % 2:
            del desk.shelf.files[key]
        else:
            desk.shelf.files[key] = replace(desk.shelf.files[key], content=b"x")
    desk.shelf.put(File(f"{ROOT}items/stranger.xml", b"?", "text/xml", ""))
    found = audit(desk, NOW)
    assert found.faults == ()
    assert len(found.repaired) == len(lost)
    assert any("items/stranger.xml" in a.extra for a in found.accounts)
    desk.shelf.delete([f"{ROOT}items/stranger.xml"])
    assert shelf(desk) == whole
    assert desk.store.stat("audits/2026-01-15.json")


def test_a_withdrawal_is_proved_by_reading_and_a_text_that_still_stands_is_found():
    desk = make_desk()
    submit(desk, PAGES)
    guid = item(desk).guid
    make(desk, withdrawal(desk))
    proof = prove_withdrawal(desk, guid)
    assert proof.faults == ()
    assert "sample-outlet" in proof.partners
    assert proof.objects > 5
    text = "<p>清晨的老渠边，水声不断。村里定下三件事，件件有着落，户户有账本。</p>".encode()
    desk.shelf.put(File(f"{ROOT}feeds/old.rss", text, "text/xml", ""))
    assert prove_withdrawal(desk, guid).faults == ("sample-outlet: " + ROOT + "feeds/old.rss still holds the text",)


def test_sending_again_completes_what_a_partner_lacks():
    desk = make_desk()
    submit(desk, PAGES)
    whole = shelf(desk)
    for key in [k for k in whole if "/items/" in k]:
        del desk.shelf.files[key]
    assert resend(desk, {"partner": "sample-outlet", "date": "2026-01-15"})
    syndicate(desk)
    assert {k: v for k, v in whole.items() if k.startswith(ROOT)} == {
        k: v for k, v in shelf(desk).items() if k.startswith(ROOT)
    }


def test_a_form_changes_what_is_filled_in_and_keeps_where_paragraphs_came_from():
    desk = make_desk()
    submit(desk, PAGES)
    old = item(desk).article
    new = corrected(
        old, {"body": f"{old.body[0].text}\n\n新的一段，\n接着写完。\n\n## 小标题", "section": "commentary"}
    )
    assert new.body[0] == old.body[0]
    assert [(p.kind, p.text) for p in new.body[1:]] == [("text", "新的一段， 接着写完。"), ("crosshead", "小标题")]
    assert (new.headline, new.section) == (old.headline, Section.COMMENTARY)
