"""Where originals and versions are kept when not in a folder: an S3-compatible store.

``WUSHU_STORAGE_URL`` chooses. With a folder (the default) ``ingest.store`` does everything itself.
With a bucket, objects are named by their content, so that two tries, or two hosts, never write
different bytes under one name:

``originals/<aa>/<sha256>``                       bytes as handed in
``versions/<entry>/<number>/<manifest>/<file>``   files of one try, by the SHA-256 of its manifest

The manifest is put last, and only where there is none; the row of the database names one try by that
hash and so decides which is the version. Readers open local copies: ``Bucket.local`` fetches an object
once, checks its SHA-256 while it comes, and keeps it below OBJECTS_DIR/cache.
"""

from wushu.dataplane.storage.choosing import bucket
from wushu.dataplane.storage.objects import Bucket

__all__ = ["Bucket", "bucket"]
