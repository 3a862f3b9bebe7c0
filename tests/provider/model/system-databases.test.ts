import { systemDatabasesAmong } from "../../../provider/model/system-databases";

test.each([
  [["master"], "master", true],
  [["MSDB", "erp"], "MSDB", true],
  [["erp"], "erp", false],
  [["AG1_master", "ag1_MSDB", "erp"], "AG1_master", true],
  [["AG1_master", "ag1_MSDB", "erp"], "ag1_MSDB", true],
  [["AG1_master", "ag1_msdb", "erp"], "erp", false],
  // One alone may be a user database.
  [["shop_master", "erp"], "shop_master", false],
  [["shop_master", "crm_msdb"], "shop_master", false],
])("among %j, whether %s is a system database: %s", (names, name, expected) =>
  expect(systemDatabasesAmong(names)(name)).toBe(expected),
);
