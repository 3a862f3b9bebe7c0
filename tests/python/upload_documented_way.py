"""Uploads one file the way the vendor's page on instance-level migration documents it.

The page's script differs only in names and in having these values written into it: keys from the environment, a region and
an endpoint, the SDK's uploader with 1 MiB parts, four threads and a checkpoint directory in the working directory, one
PutObjectRequest. Usage: upload_documented_way.py ENDPOINT BUCKET KEY FILE
"""

import json
import sys
from pathlib import Path

import alibabacloud_oss_v2 as oss


def client_from_environment(region: str, endpoint: str) -> oss.Client:
    config = oss.config.load_default()
    config.credentials_provider = oss.credentials.EnvironmentVariableCredentialsProvider()
    config.region = region
    config.endpoint = endpoint
    return oss.Client(config)


def main(endpoint: str, bucket: str, key: str, file: str) -> None:
    checkpoints = Path.cwd() / ".oss_checkpoints"
    checkpoints.mkdir(parents=True, exist_ok=True)
    uploader = client_from_environment("cn-hangzhou", endpoint).uploader(
        enable_checkpoint=True,
        checkpoint_dir=str(checkpoints),
        part_size=1 * 1024 * 1024,
        parallel_num=4,
    )
    result = uploader.upload_file(oss.PutObjectRequest(bucket=bucket, key=key), filepath=file)
    print(json.dumps({"status": result.status_code, "etag": result.etag, "crc64": str(result.hash_crc64)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
