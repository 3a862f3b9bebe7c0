"""Creates a migration task with alibabacloud_rds20140815 and reads it back, in either signature.

Usage: rds_conversation.py HOST INSTANCE BUCKET KEY DATABASE SIGNATURE_ALGORITHM (`acs3` or `v2`), keys in the environment.
"""

import datetime
import json
import os
import sys
import time

from alibabacloud_rds20140815 import models as rds_models
from alibabacloud_rds20140815.client import Client as Rds
from alibabacloud_tea_openapi import utils_models
from alibabacloud_tea_openapi.client import Client as OpenApi
from alibabacloud_tea_openapi.exceptions import ClientException
from darabonba.runtime import RuntimeOptions

FINAL = ("Success", "Failed")
DEADLINE_SECONDS = 20


def config_for(host: str, algorithm: str, secret: str | None = None) -> utils_models.Config:
    return utils_models.Config(
        access_key_id=os.environ["OSS_ACCESS_KEY_ID"],
        access_key_secret=secret or os.environ["OSS_ACCESS_KEY_SECRET"],
        security_token=os.environ.get("OSS_SESSION_TOKEN"),
        endpoint=host,
        protocol="http",
        signature_algorithm=None if algorithm == "acs3" else algorithm,
    )


def failure_of(action) -> dict:
    try:
        action()
    except ClientException as error:
        return {"code": error.code, "status": error.status_code}
    return {"code": None}


def minute(offset_hours: int) -> str:
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=offset_hours)
    return at.strftime("%Y-%m-%dT%H:%MZ")


def main(host: str, instance: str, bucket: str, key: str, database: str, algorithm: str) -> None:
    client = Rds(config_for(host, algorithm))
    said = {}
    attribute = client.describe_dbinstance_attribute(rds_models.DescribeDBInstanceAttributeRequest(dbinstance_id=instance))
    described = attribute.body.items.dbinstance_attribute[0]
    said["instance"] = [described.engine, described.engine_version, described.dbinstance_status]

    created = client.create_migrate_task(
        rds_models.CreateMigrateTaskRequest(
            dbinstance_id=instance,
            dbname=database,
            backup_mode="FULL",
            is_online_db="True",
            oss_object_positions=f"oss-cn-hangzhou.aliyuncs.com:{bucket}:{key}",
        )
    ).body
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        tasks = client.describe_migrate_tasks(
            rds_models.DescribeMigrateTasksRequest(
                dbinstance_id=instance, start_time=minute(-1), end_time=minute(1), page_number=1, page_size=30
            )
        ).body.items.migrate_task
        task = next(entry for entry in tasks if entry.migrate_task_id == created.migrate_task_id)
        if task.status in FINAL or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    said["task"] = [task.dbname, task.backup_mode, task.status]
    files = client.describe_oss_downloads(
        rds_models.DescribeOssDownloadsRequest(dbinstance_id=instance, migrate_task_id=created.migrate_task_id)
    ).body.items.oss_download
    said["files"] = [entry.file_name for entry in files]

    said["nameTaken"] = failure_of(
        lambda: client.create_migrate_task(
            rds_models.CreateMigrateTaskRequest(
                dbinstance_id=instance,
                dbname="master",
                backup_mode="FULL",
                is_online_db="True",
                oss_object_positions=f"oss-cn-hangzhou.aliyuncs.com:{bucket}:{key}",
            )
        )
    )
    wrong = Rds(config_for(host, algorithm, secret="not the secret"))
    said["wrongSecret"] = failure_of(
        lambda: wrong.describe_dbinstance_attribute(rds_models.DescribeDBInstanceAttributeRequest(dbinstance_id=instance))
    )

    role = OpenApi(config_for(host, algorithm)).call_api(
        utils_models.Params(
            action="GetRole",
            version="2015-05-01",
            protocol="HTTP",
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="json",
        ),
        utils_models.OpenApiRequest(query={"RoleName": "AliyunRDSImportRole"}),
        RuntimeOptions(),
    )
    said["role"] = role["body"]["Role"]["RoleName"]
    print(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
