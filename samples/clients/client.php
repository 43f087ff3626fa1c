<?php
// A partner's importer for PHP 8 with its dom extension. Take what you need of it.
//
//   php client.php poll https://.../feeds/all.json state.json    one JSON line for each article that is news
//   php client.php verify ID TIMESTAMP SIGNATURE < body          exit status 0: the message is genuine
//
// verify takes the three webhook-* headers; the shared secret is in the environment variable WEBHOOK_SECRET.
declare(strict_types=1);

const NEWSML = 'application/vnd.iptc.g2.newsitem+xml';
const TOO_OLD = 300; // seconds

/** The body and ETag of an address; no body if nothing changed since $etag. */
function get(string $url, string $etag = ''): array
{
    $headers = $etag === '' ? '' : "If-None-Match: $etag";
    $context = stream_context_create(['http' => ['header' => $headers, 'ignore_errors' => true, 'timeout' => 30]]);
    $body = file_get_contents($url, false, $context);
    $status = (int) explode(' ', $http_response_header[0])[1];
    if ($status === 304) {
        return [null, $etag];
    }
    if ($status !== 200) {
        throw new RuntimeException("$url answered $status");
    }
    foreach ($http_response_header as $line) {
        if (stripos($line, 'etag:') === 0) {
            $etag = trim(substr($line, 5));
        }
    }
    return [$body, $etag];
}

function poll(string $feedUrl, string $statePath): void
{
    $state = is_file($statePath) ? json_decode(file_get_contents($statePath), true) : ['etag' => '', 'seen' => []];
    [$body, $etag] = get($feedUrl, $state['etag']);
    if ($body === null) {
        return;
    }
    $feed = json_decode($body, true, 512, JSON_THROW_ON_ERROR);
    $seen = $state['seen'];
    foreach ($feed['items'] as $item) {
        $known = $seen[$item['id']] ?? null;
        if ($known === $item['date_modified']) {
            continue;
        }
        $files = array_column($item['_broadsheet']['alternates'], 'url', 'type');
        show($known === null ? 'new' : 'changed', readNewsml(get($files[NEWSML])[0]));
        $seen[$item['id']] = $item['date_modified'];
    }
    foreach ($feed['_broadsheet']['withdrawn'] ?? [] as $gone) {
        if (!in_array($seen[$gone['id']] ?? null, [null, 'withdrawn'], true)) {
            show('withdrawn', ['id' => $gone['id']]);
            $seen[$gone['id']] = 'withdrawn';
        }
    }
    // Written last: if we die before, the same articles come again, and importing one twice must do no harm.
    file_put_contents($statePath, json_encode(['etag' => $etag, 'seen' => $seen]));
}

/** What matters of a NewsML-G2 item. Throws if text was lost on the way. */
function readNewsml(string $content): array
{
    $document = new DOMDocument();
    $document->loadXML($content, LIBXML_NONET);
    $path = new DOMXPath($document);
    $path->registerNamespace('g', 'http://iptc.org/std/nar/2006-10-01/');
    $path->registerNamespace('h', 'http://www.w3.org/1999/xhtml');
    $paragraphs = [];
    foreach ($path->query('/g:newsItem/g:contentSet/g:inlineXML/h:html/h:body/*') as $element) {
        $paragraphs[] = $element->textContent;
    }
    $text = implode("\n", $paragraphs);
    $guid = $path->evaluate('string(/g:newsItem/@guid)');
    $digest = $path->evaluate('string(//g:hash)');
    if ($digest !== '' && $digest !== hash('sha256', $text)) {
        throw new RuntimeException("$guid: the text is not what its hash says");
    }
    return [
        'id' => $guid,
        'version' => (int) $path->evaluate('string(/g:newsItem/@version)'),
        'status' => $path->evaluate('string(//g:pubStatus/@qcode)'),
        'headline' => $path->evaluate('string(//g:contentMeta/g:headline)'),
        'note' => $path->evaluate('string(//g:itemMeta/g:edNote)'),
        'text' => $text,
    ];
}

function show(string $event, array $article): void
{
    echo json_encode(['event' => $event] + $article, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
}

/** Whether a webhook's message is genuine and fresh. */
function verify(string $id, string $timestamp, string $signatures, string $body, string $secret): bool
{
    if (abs(time() - (int) $timestamp) > TOO_OLD) {
        return false;
    }
    $key = str_starts_with($secret, 'whsec_') ? base64_decode(substr($secret, 6)) : $secret;
    $wanted = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    foreach (explode(' ', $signatures) as $one) {
        if (hash_equals($wanted, $one)) {
            return true;
        }
    }
    return false;
}

$command = $argv[1];
if ($command === 'poll') {
    poll($argv[2], $argv[3]);
} else {
    $body = stream_get_contents(STDIN);
    exit(verify($argv[2], $argv[3], $argv[4], $body, getenv('WEBHOOK_SECRET')) ? 0 : 1);
}
