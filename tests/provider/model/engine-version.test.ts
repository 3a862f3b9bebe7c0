import {
  isCloudDisk2008R2,
  lowestCompatibility,
  majorOf,
  newestDatabaseVersion,
  overwritesOnRestore,
  parseEngineVersion,
  productName,
  releaseOf,
} from "../../../provider/model/engine-version";

const ENGINE_VERSIONS: [engineVersion: string, facts: object][] = [
  [
    "2008r2",
    { major: 10, edition: undefined, newest: 661, product: "SQL Server 2008 R2", lowest: 80, overwrites: true },
  ],
  ["08r2_ent_ha", { major: 10, edition: "ent", newest: 661, product: "SQL Server 2008 R2", lowest: 80 }],
  ["2012_web", { major: 11, edition: "web", newest: 706, product: "SQL Server 2012", lowest: 90 }],
  ["2014_std_ha", { major: 12, edition: "std", newest: 782, product: "SQL Server 2014", lowest: 100 }],
  ["2016_std_sl", { major: 13, edition: "std", newest: 852, product: "SQL Server 2016", lowest: 100 }],
  ["2017_ent", { major: 14, edition: "ent", newest: 869, product: "SQL Server 2017", lowest: 100 }],
  ["2019_std_ha", { major: 15, edition: "std", newest: 904, product: "SQL Server 2019", lowest: 100 }],
  ["2022_ent", { major: 16, edition: "ent", newest: 957, product: "SQL Server 2022", lowest: 100 }],
  ["2025_STD_HA", { major: 17, edition: "std", newest: 998, product: "SQL Server 2025", lowest: 100 }],
];

test.each(ENGINE_VERSIONS)("every fact about %s comes from its release", (engineVersion, facts) => {
  const { major, edition } = parseEngineVersion(engineVersion) ?? { major: 0, edition: undefined };
  expect({
    ...{ major, edition, newest: newestDatabaseVersion(engineVersion), overwrites: overwritesOnRestore(engineVersion) },
    ...{ product: productName(major), lowest: lowestCompatibility(major) },
  }).toEqual({ overwrites: false, ...facts });
});

test.each(ENGINE_VERSIONS)("the newest backup that %s restores is of its own release", (engineVersion) => {
  const { major } = parseEngineVersion(engineVersion) ?? { major: 0 };
  expect(releaseOf(newestDatabaseVersion(engineVersion) ?? 0)).toBe(productName(major));
});

test("2008 R2 exists with local disks, which overwrites, and with cloud disks, which does not", () => {
  expect(["2008r2", "2008R2", "08r2_ent_ha", "2012_web"].map(overwritesOnRestore)).toEqual([true, true, false, false]);
  expect(["2008r2", "08r2_ent_ha", "08R2_ENT_HA", "2012_web"].map(isCloudDisk2008R2)).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test.each(["2031_quantum", "postgres", ""])("nothing is known about the engine version %j", (engineVersion) => {
  expect(parseEngineVersion(engineVersion)).toBeUndefined();
  expect(newestDatabaseVersion(engineVersion)).toBeUndefined();
  expect(overwritesOnRestore(engineVersion)).toBe(false);
  expect(isCloudDisk2008R2(engineVersion)).toBe(false);
});

test.each([
  [957, "SQL Server 2022"],
  [869, "SQL Server 2017"],
  [660, "SQL Server 2008"],
  [539, "SQL Server 2000 or earlier"],
])("the database version %d is of %s", (version, name) => {
  expect(releaseOf(version)).toBe(name);
});

test.each([
  ["10.50.6000.34", 10],
  ["15.0.4236.7", 15],
  ["", undefined],
  [null, undefined],
])("the major version of the product version %j is %p", (productVersion, major) => {
  expect(majorOf(productVersion)).toBe(major);
});

test("an unknown major version is named by its number", () => {
  expect(productName(19)).toBe("SQL Server version 19");
  expect(lowestCompatibility(19)).toBeUndefined();
});
