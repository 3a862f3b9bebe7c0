"""Talks to the emulator with alibabacloud-oss-v2 and prints what it understood as one JSON document.

Usage: oss_conversation.py ENDPOINT BUCKET SIGNATURE_VERSION, keys in the environment. The object `seed.bin` (1,000 bytes)
must be there.
"""

import json
import sys
import urllib.error
import urllib.request

import alibabacloud_oss_v2 as oss

AWKWARD_KEY = "folder/a b+c%d~*'()!&=ü中.bak"


def failure_of(action) -> dict:
    """The service error that an action ends with."""
    try:
        action()
    except oss.exceptions.OperationError as error:
        inner = error.unwrap()
        return {"code": getattr(inner, "code", None), "status": getattr(inner, "status_code", None), "ec": getattr(inner, "ec", None)}
    return {"code": None}


def main(endpoint: str, bucket: str, signature_version: str) -> None:
    config = oss.config.load_default()
    config.credentials_provider = oss.credentials.EnvironmentVariableCredentialsProvider()
    config.region = "cn-hangzhou"
    config.endpoint = endpoint
    config.signature_version = signature_version
    client = oss.Client(config)
    said = {}

    ranged = client.get_object(oss.GetObjectRequest(bucket=bucket, key="seed.bin", range_header="bytes=100-199"))
    said["range"] = {
        "status": ranged.status_code,
        "contentRange": ranged.content_range,
        "bytes": list(ranged.body.read())[:4],
    }
    said["rangeOutside"] = failure_of(
        lambda: client.get_object(
            oss.GetObjectRequest(bucket=bucket, key="seed.bin", range_header="bytes=2000-", range_behavior="standard")
        )
    )

    client.put_object(oss.PutObjectRequest(bucket=bucket, key=AWKWARD_KEY, body=b"awkward"))
    listed = client.list_objects_v2(oss.ListObjectsV2Request(bucket=bucket, prefix="folder/a b"))
    said["awkward"] = {
        "listed": [entry.key for entry in listed.contents] == [AWKWARD_KEY],
        "content": client.get_object(oss.GetObjectRequest(bucket=bucket, key=AWKWARD_KEY)).body.read().decode(),
    }
    said["forbidOverwrite"] = failure_of(
        lambda: client.put_object(oss.PutObjectRequest(bucket=bucket, key=AWKWARD_KEY, body=b"x", forbid_overwrite=True))
    )

    upload = client.initiate_multipart_upload(oss.InitiateMultipartUploadRequest(bucket=bucket, key="parts.bin"))
    sent = {}
    for number in (2, 1, 3):
        part = client.upload_part(
            oss.UploadPartRequest(
                bucket=bucket, key="parts.bin", upload_id=upload.upload_id, part_number=number, body=bytes([number]) * 102400
            )
        )
        sent[number] = part.etag
    pages = client.list_parts_paginator().iter_page(
        oss.ListPartsRequest(bucket=bucket, key="parts.bin", upload_id=upload.upload_id, max_parts=2)
    )
    parts = [part for page in pages for part in page.parts]
    said["parts"] = [{"number": part.part_number, "size": part.size, "same": part.etag == sent[part.part_number]} for part in parts]
    unfinished = client.list_multipart_uploads(oss.ListMultipartUploadsRequest(bucket=bucket))
    said["unfinished"] = [entry.key for entry in unfinished.uploads]
    said["wrongOrder"] = failure_of(
        lambda: client.complete_multipart_upload(
            oss.CompleteMultipartUploadRequest(
                bucket=bucket,
                key="parts.bin",
                upload_id=upload.upload_id,
                complete_multipart_upload=oss.CompleteMultipartUpload(
                    parts=[oss.UploadPart(part_number=number, etag=sent[number]) for number in (2, 1, 3)]
                ),
            )
        )
    )
    completed = client.complete_multipart_upload(
        oss.CompleteMultipartUploadRequest(
            bucket=bucket,
            key="parts.bin",
            upload_id=upload.upload_id,
            complete_multipart_upload=oss.CompleteMultipartUpload(
                parts=[oss.UploadPart(part_number=number, etag=sent[number]) for number in (1, 2, 3)]
            ),
        )
    )
    head = client.head_object(oss.HeadObjectRequest(bucket=bucket, key="parts.bin"))
    said["completed"] = {
        "crcAgrees": str(completed.hash_crc64) == str(head.hash_crc64),
        "size": head.content_length,
        "type": head.object_type,
    }
    said["gone"] = failure_of(
        lambda: client.abort_multipart_upload(
            oss.AbortMultipartUploadRequest(bucket=bucket, key="parts.bin", upload_id=upload.upload_id)
        )
    )

    info = client.get_bucket_info(oss.GetBucketInfoRequest(bucket=bucket))
    said["bucket"] = {"location": info.bucket_info.location, "class": info.bucket_info.storage_class}
    said["noKey"] = failure_of(lambda: client.head_object(oss.HeadObjectRequest(bucket=bucket, key="missing")))
    said["exists"] = [client.is_object_exist(bucket, "seed.bin"), client.is_bucket_exist(bucket), client.is_bucket_exist("no-such-bucket")]

    url = client.presign(oss.GetObjectRequest(bucket=bucket, key=AWKWARD_KEY)).url
    with urllib.request.urlopen(url) as reply:
        said["presigned"] = reply.read().decode()
    try:
        urllib.request.urlopen(urllib.request.Request(url, method="HEAD"))
    except urllib.error.HTTPError as error:
        said["presignedForHead"] = error.code
    print(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
