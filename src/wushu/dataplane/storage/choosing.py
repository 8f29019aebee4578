"""Reads ``WUSHU_STORAGE_URL``: a folder, or a bucket with its endpoint and credentials."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.conf import settings
from obstore.store import S3Store

from wushu.dataplane.storage.objects import Bucket

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

_OPTIONS = {"endpoint", "region", "addressing"}


def bucket() -> Bucket | None:
    """The bucket that keeps the node's files; None when a folder does.

    ``ValueError`` for an address that is not understood.
    """
    url = settings.STORAGE_URL
    if urlsplit(url).scheme in ("", "file"):
        return None
    keys = Path(settings.STORAGE_KEY_FILE or Path(settings.SECRETS_DIR) / "storage.key")
    return _made(
        url,
        tuple(keys.read_text().split()) if keys.is_file() else (),
        Path(settings.OBJECTS_DIR) / "cache",
        settings.STORAGE_CACHE_BYTES,
    )


@lru_cache(maxsize=4)
def _made(url: str, keys: tuple[str, ...], cache: Path, cache_bytes: int) -> Bucket:
    parts = urlsplit(url)
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    understood = not set(given) - _OPTIONS and given.get("addressing", "path") in (
        "path",
        "virtual",
    )
    if parts.scheme != "s3" or not parts.hostname or not understood:
        raise ValueError(
            f"WUSHU_STORAGE_URL: {url!r} is neither file:///… nor s3://bucket/prefix?…"
        )
    if len(keys) not in (0, 2):
        raise ValueError(
            "the storage's key file holds two words: the access key's id and its secret"
        )
    config: S3Config = {"bucket": parts.netloc}
    if keys:
        config["access_key_id"], config["secret_access_key"] = keys
    if region := given.get("region"):
        config["region"] = region
    is_virtual = given.get("addressing", "path") == "virtual"
    config["virtual_hosted_style_request"] = is_virtual
    endpoint = urlsplit(given.get("endpoint", ""))
    if endpoint.netloc:
        config["endpoint"] = (
            _with_bucket(endpoint, parts.netloc) if is_virtual else endpoint.geturl()
        )
    client: ClientConfig = {
        "connect_timeout": timedelta(seconds=5),
        "read_timeout": timedelta(seconds=30),
        "allow_http": endpoint.scheme == "http",
    }
    # A person waits: the library's own three minutes of trying again are too long.
    retries: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}
    store = S3Store(
        prefix=unquote(parts.path).strip("/") or None,
        config=config,
        client_options=client,
        retry_config=retries,
    )
    return Bucket(store, cache, cache_bytes)


def _with_bucket(endpoint: SplitResult, name: str) -> str:
    """The endpoint as stores want it that know a bucket by its host name."""
    return endpoint._replace(netloc=f"{name}.{endpoint.netloc}").geturl()
