using System.Collections.Generic;
using Pulumi;
using Pulumi.SqlServerMigration;

return await Deployment.RunAsync(() =>
{
    var config = new Config();

    var erp = new DatabaseMigration("erp", new DatabaseMigrationArgs
    {
        InstanceId = config.Require("instance"),
        Bucket = config.Require("bucket"),
        Backup = "./backups/erp.bak",
    });

    return new Dictionary<string, object?>
    {
        ["status"] = erp.Status,
        ["dataAsOf"] = erp.DataAsOf,
    };
});
