import { findingOf } from "../../../provider/model/diagnostic";

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/sqlserver:DatabaseMigration::erp";
const text = "BACKUP_TRUNCATED: [backup] erp.bak is cut off.\nReason: 10 more bytes.\nCopy it again.";
const parts = {
  code: "BACKUP_TRUNCATED",
  cause: "[backup] erp.bak is cut off.\nReason: 10 more bytes.",
  remedy: "Copy it again.",
};

/** The wordings are those of pulumi 3.248.0. */
test.each([
  ["a message of this package", `${text}\n`],
  ["a failed check", `pulumi-nodejs:dynamic/sqlserver:DatabaseMigration resource 'erp' has a problem: ${text}\n`],
  ["an init error", `1 error occurred:\n\t* ${text}\n\n\n`],
])("%s", (_, message) => {
  expect(findingOf({ severity: "error", urn, message })).toEqual({ ...parts, severity: "error", urn });
});

test("a warning about the whole program has no URN", () => {
  expect(findingOf({ severity: "warning", message: text })).toEqual({ ...parts, severity: "warning" });
});

test("other messages are no findings", () => {
  for (const message of ["update failed\n", "", "error: something", "a BACKUP_TRUNCATED: text"])
    expect(findingOf({ severity: "error", urn, message })).toBeUndefined();
  for (const severity of ["info", "info#err", "debug"])
    expect(findingOf({ severity, urn, message: text })).toBeUndefined();
});
