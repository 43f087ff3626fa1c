"""The PUT and HEAD of an S3 API without botocore's machinery around them, since an issue is thousands of them.

botocore signs (its S3SigV4Auth) and finds the credentials; urllib3 keeps the connections and tries again. Between them
botocore would spend more than half of the time of a PUT on models, hooks and parsers that these two need nothing of.
"""

from __future__ import annotations

import base64
import hashlib
import re
import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from transforms.model import File

if TYPE_CHECKING:
    from botocore.credentials import Credentials
    from urllib3 import BaseHTTPResponse

BROKEN = (500, 502, 503, 504)  # 503 is what stores say to slow a client down


class Line:
    """Signed requests to one endpoint that is addressed by path. Safe to share between threads.

    ``request`` raises urllib3's HTTPError where the store cannot be reached; any answer of the store is returned.
    """

    def __init__(
        self,
        endpoint: str,
        credentials: Credentials,
        region: str,
        connections: int,
        attempts: int,
        timeouts: tuple[float, float],
    ) -> None:
        import urllib3

        self.endpoint = endpoint.rstrip("/")
        self._credentials = credentials
        self._region = region
        retries = urllib3.Retry(
            total=attempts - 1,
            redirect=0,
            status_forcelist=BROKEN,
            allowed_methods=None,  # PUTs of whole objects may be repeated like any other
            backoff_factor=0.25,
            backoff_max=20,
            backoff_jitter=0.25,
            raise_on_status=False,
            raise_on_redirect=False,
        )
        timeout = urllib3.Timeout(connect=timeouts[0], read=timeouts[1])
        self._pool = urllib3.PoolManager(
            maxsize=connections, retries=retries, timeout=timeout, ssl_context=ssl.create_default_context()
        )

    def put(self, bucket: str, file: File, metadata: dict[str, str], conditions: dict[str, str]) -> BaseHTTPResponse:
        digest = hashlib.sha256(file.content)
        headers = {
            "Content-Type": file.media_type,
            "Cache-Control": file.cache_control,
            "x-amz-checksum-sha256": base64.b64encode(digest.digest()).decode("ascii"),
            "X-Amz-Content-SHA256": digest.hexdigest(),
            **{f"x-amz-meta-{name}": value for name, value in metadata.items()},
            **conditions,
        }
        return self.request("PUT", bucket, file.key, headers, file.content)

    def head(self, bucket: str, key: str) -> BaseHTTPResponse:
        return self.request("HEAD", bucket, key, {"X-Amz-Content-SHA256": hashlib.sha256(b"").hexdigest()}, None)

    def request(
        self, method: str, bucket: str, key: str, headers: dict[str, str], body: bytes | None
    ) -> BaseHTTPResponse:
        from botocore.auth import S3SigV4Auth
        from botocore.awsrequest import AWSRequest

        url = f"{self.endpoint}/{bucket}/{quote(key, safe='/~')}"
        request = AWSRequest(method, url, headers={k: v for k, v in headers.items() if v}, data=body)
        S3SigV4Auth(self._credentials, "s3", self._region).add_auth(request)
        signed = dict(request.headers.items())
        return self._pool.request(method, url, body=body, headers=signed)


def answer_of(response: BaseHTTPResponse) -> Any:
    """A refusal in the form that botocore gives it."""
    text = response.data.decode("utf-8", "replace")

    def part(name: str) -> str:
        match = re.search(rf"<{name}>([^<]*)</{name}>", text)
        return match[1] if match else ""

    error = {"Code": part("Code") or str(response.status), "Message": part("Message")}
    return {"Error": error, "ResponseMetadata": {"HTTPStatusCode": response.status}}
