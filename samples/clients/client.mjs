// A partner's importer in JavaScript for Node 18 or later, without packages. Take what you need of it.
//
//   node client.mjs poll https://.../feeds/all.json state.json    one JSON line for each article that is news
//   node client.mjs verify ID TIMESTAMP SIGNATURE < body          exit status 0: the message is genuine
//
// It reads ninjs, since Node has no parser of XML of its own. verify takes the three webhook-* headers; the shared
// secret is in the environment variable WEBHOOK_SECRET.
import { createHmac, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const TOO_OLD = 300; // seconds

async function get(url, etag = "") {
  const answer = await fetch(url, { headers: etag ? { "if-none-match": etag } : {} });
  if (answer.status === 304) return { body: null, etag };
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return { body: await answer.text(), etag: answer.headers.get("etag") ?? "" };
}

async function poll(feedUrl, statePath) {
  const state = existsSync(statePath) ? JSON.parse(readFileSync(statePath, "utf8")) : { etag: "", seen: {} };
  const { body, etag } = await get(feedUrl, state.etag);
  if (body === null) return;
  const feed = JSON.parse(body);
  const seen = state.seen;
  for (const item of feed.items) {
    const known = seen[item.id];
    if (known === item.date_modified) continue;
    const ninjs = item._broadsheet.alternates.find((file) => file.type === "application/json");
    show(known ? "changed" : "new", readNinjs(JSON.parse((await get(ninjs.url)).body)));
    seen[item.id] = item.date_modified;
  }
  for (const gone of feed._broadsheet?.withdrawn ?? []) {
    if (![undefined, "withdrawn"].includes(seen[gone.id])) {
      show("withdrawn", { id: gone.id });
      seen[gone.id] = "withdrawn";
    }
  }
  // Written last: if we die before, the same articles come again, and importing one twice must do no harm.
  writeFileSync(statePath, JSON.stringify({ etag, seen }));
}

function readNinjs(item) {
  return {
    id: item.uri,
    version: Number(item.version),
    status: `stat:${item.pubstatus}`,
    headline: item.title,
    note: item.ednote ?? "",
    text: item.bodies.find((body) => body.contenttype === "text/plain").value,
  };
}

function show(event, article) {
  console.log(JSON.stringify({ event, ...article }));
}

function verify(id, timestamp, signatures, body, secret) {
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOO_OLD) return false;
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : Buffer.from(secret);
  const wanted = Buffer.from("v1," + createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64"));
  return signatures.split(" ").some((one) => {
    const given = Buffer.from(one);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}

const [command, ...given] = process.argv.slice(2);
if (command === "poll") {
  await poll(...given);
} else {
  process.exitCode = verify(...given, readFileSync(0), process.env.WEBHOOK_SECRET) ? 0 : 1;
}
