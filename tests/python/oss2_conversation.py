"""Talks to the emulator with the older SDK, oss2, in signature V1 and V4. Usage: oss2_conversation.py ENDPOINT BUCKET."""

import json
import os
import sys

import oss2


def main(endpoint: str, bucket_name: str) -> None:
    key_id, secret = os.environ["OSS_ACCESS_KEY_ID"], os.environ["OSS_ACCESS_KEY_SECRET"]
    said = {}
    for name, auth in (("v1", oss2.Auth(key_id, secret)), ("v4", oss2.AuthV4(key_id, secret))):
        bucket = oss2.Bucket(auth, endpoint, bucket_name, region="cn-hangzhou")
        key = f"oss2/{name} ü.bin"
        bucket.put_object(key, b"content")
        parts = []
        upload = bucket.init_multipart_upload("oss2/parts.bin")
        for number in (1, 2):
            result = bucket.upload_part("oss2/parts.bin", upload.upload_id, number, bytes([number]) * 102400)
            parts.append(oss2.models.PartInfo(number, result.etag))
        listed = [part.part_number for part in oss2.PartIterator(bucket, "oss2/parts.bin", upload.upload_id)]
        bucket.complete_multipart_upload("oss2/parts.bin", upload.upload_id, parts)
        try:
            oss2.Bucket(auth, endpoint, "no-such-bucket", region="cn-hangzhou").get_object("x")
            missing = None
        except oss2.exceptions.ServerError as error:
            missing = [error.status, error.code]
        said[name] = {
            "content": bucket.get_object(key).read().decode(),
            "range": bucket.get_object(key, byte_range=(1, 3)).read().decode(),
            "listed": [entry.key for entry in oss2.ObjectIteratorV2(bucket, prefix="oss2/v")].count(key),
            "parts": listed,
            "size": bucket.head_object("oss2/parts.bin").content_length,
            "missing": missing,
        }
    print(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
