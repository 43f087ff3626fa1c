"""A partner with one webhook, and the messages it gets about an issue."""

import base64
from dataclasses import replace

from broadsheet.steps import ingest
from broadsheet.steps import notify as news
from delivery import notify
from delivery.connections import Connection
from delivery.keys import IssueKey
from delivery.ledger import page_of
from delivery.notify import Allowance
from tests.support.issue import DAY, NAME, NOW, ingest_day, make_installation

SECRET = "whsec_" + base64.b64encode(b"known to two only").decode()

LOCAL = Allowance.from_env({notify.ALLOWED: "127.0.0.0/8"})

PARTNER = "sample-outlet"


def installation_for(url: str, hub: str = ""):
    installation = make_installation()
    partner = replace(installation.partners[PARTNER], webhooks=("outlet_hook",), hub=hub)
    hook = Connection("outlet_hook", "http", f"{url}/news", password=SECRET)
    return replace(installation, partners={PARTNER: partner}, connections={"outlet_hook": hook}.__getitem__)


def bring_out(installation, pages):
    """Publish an issue as syndicate_issue does, up to the news; what comes back is the partner's work."""
    ingest.put_in_inbox(installation.store, NAME, DAY, pages)
    ingest_day(installation)
    (work,) = ingest.pending_work(installation)
    ingest.serve(installation, work, NOW)
    return work


def tell(installation, work, now=NOW, quiet=()):
    return news.notify(installation, work, now, LOCAL, quiet)


def entries(installation):
    return page_of(installation.store, PARTNER, IssueKey(NAME, DAY)).entries
