package main

import (
	"github.com/pulumi-alicloud-sqlserver-migration/pulumi-alicloud-sqlserver-migration/sdk/go/sqlservermigration"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		settings := config.New(ctx, "")
		erp, err := sqlservermigration.NewDatabaseMigration(ctx, "erp", &sqlservermigration.DatabaseMigrationArgs{
			InstanceId: pulumi.String(settings.Require("instance")),
			Bucket:     pulumi.String(settings.Require("bucket")),
			Backup:     pulumi.String("./backups/erp.bak"),
		})
		if err != nil {
			return err
		}
		ctx.Export("status", erp.Status)
		ctx.Export("dataAsOf", erp.DataAsOf)
		return nil
	})
}
