import fc from "fast-check";
import { filterNames } from "../../../components/discovery/database-filter";

const isSystem = (name: string): boolean => ["master", "msdb"].includes(name.toLowerCase());
const filter = (names: string[], include?: string, exclude?: string) =>
  filterNames(names, { include, exclude }, isSystem);

test("without a filter all databases are chosen except system databases, with a reason", () => {
  expect(filter(["erp", "master", "crm"])).toEqual({
    chosen: ["erp", "crm"],
    leftOut: [{ database: "master", reason: "is a system database, which RDS does not restore" }],
    unmatched: [],
  });
});

test("exclude takes precedence over include, and unmatched entries of include are returned", () => {
  expect(filter(["erp", "erp_test", "crm"], "erp*; dwh; x*", "*_test")).toEqual({
    chosen: ["erp"],
    leftOut: [
      { database: "erp_test", reason: "is excluded by *_test" },
      { database: "crm", reason: "is not among the databases to include" },
    ],
    unmatched: ["dwh", "x*"],
  });
});

test("a system database is chosen only by its exact name", () => {
  expect(filter(["master"], "[Master]").chosen).toEqual(["master"]);
  expect(filter(["master", "mailer"], "m*").chosen).toEqual(["mailer"]);
});

test("every name is either chosen or left out, once, in the order given", () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-c]{1,3}$/), { maxLength: 12 });
  const list = fc.option(fc.stringMatching(/^[a-c*;]{0,8}$/), { nil: undefined });
  fc.assert(
    fc.property(names, list, list, (all, include, exclude) => {
      const { chosen, leftOut } = filter(all, include, exclude);
      const left = leftOut.map(({ database }) => database);
      expect([...chosen, ...left].sort()).toEqual([...all].sort());
      expect(chosen).toEqual(all.filter((name) => chosen.includes(name)));
    }),
  );
});
