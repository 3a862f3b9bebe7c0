import { kindOfType, siblingUrn } from "../../../provider/model/resource-type";

const COMPONENT = "sqlserver-migration:index:InstanceMigration";

test.each([
  ["pulumi-nodejs:dynamic/sqlserver:CutoverGroup", "CutoverGroup"],
  ["sqlserver-migration:index:MigrationOutcome", "MigrationOutcome"],
  [COMPONENT, undefined],
  ["alicloud:oss/bucket:Bucket", undefined],
])("the kind of %s is %s", (type, kind) => expect(kindOfType(type)).toBe(kind));

test.each([
  ["pulumi-nodejs:dynamic/sqlserver:", ""],
  ["pulumi-nodejs:dynamic/sqlserver:", `${COMPONENT}$`],
  ["sqlserver-migration:index:", ""],
  ["sqlserver-migration:index:", `${COMPONENT}$`],
])("a sibling has the host of %s and the parents %s", (host, parents) => {
  const urn = `urn:pulumi:dev::shop::${parents}${host}MigrationOutcome::erp-outcome`;
  expect(siblingUrn(urn, "DatabaseMigration", "erp-CRM")).toBe(
    `urn:pulumi:dev::shop::${parents}${host}DatabaseMigration::erp-CRM`,
  );
});
