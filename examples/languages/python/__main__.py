import pulumi
from pulumi_sqlserver_migration import DatabaseMigration

config = pulumi.Config()

erp = DatabaseMigration(
    "erp",
    instance_id=config.require("instance"),
    bucket=config.require("bucket"),
    backup="./backups/erp.bak",
)

pulumi.export("status", erp.status)
pulumi.export("dataAsOf", erp.data_as_of)
