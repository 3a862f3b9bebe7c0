module migrate-erp

go 1.25

require (
	github.com/pulumi-alicloud-sqlserver-migration/pulumi-alicloud-sqlserver-migration/sdk/go v0.2.0
	github.com/pulumi/pulumi/sdk/v3 v3.248.0
)

replace github.com/pulumi-alicloud-sqlserver-migration/pulumi-alicloud-sqlserver-migration/sdk/go => ./sdks/go
