import { assignWaves, type WaveArgs } from "../../components/waves";

const databases = ["crm", "ERP", "hr"].map((database) => ({ database, backup: `${database}.bak` }));
const assign = (waves: WaveArgs[]) =>
  assignWaves(waves, databases).map(({ plan, databases: members }) => [
    plan?.name,
    members.map((each) => each.database),
  ]);

test("a database belongs to the first wave that names it, without case", () => {
  expect(
    assign([
      { name: "1", databases: "erp" },
      { name: "rest", databases: "*" },
    ]),
  ).toEqual([
    ["1", ["ERP"]],
    ["rest", ["crm", "hr"]],
  ]);
});

test("a window is two times with a zone", () => {
  const [wave] = assignWaves(
    [{ name: "1", databases: "*", window: "2026-12-04T22:00+08:00/2026-12-07T06:00Z" }],
    databases,
  );
  expect(wave?.plan).toEqual({ name: "1", opensAt: "2026-12-04T22:00+08:00", closesAt: "2026-12-07T06:00Z" });
});

test.each<[string, WaveArgs[], string]>([
  ["no wave for a database", [{ name: "1", databases: "erp" }], "[waves] has no wave for 2 databases: crm, hr"],
  [
    "a wave without databases",
    [
      { name: "1", databases: "*" },
      { name: "2", databases: "dwh" },
    ],
    "[waves[1].databases] matches no database",
  ],
  [
    "a repeated name",
    [
      { name: "1", databases: "erp" },
      { name: "1", databases: "*" },
    ],
    '[waves[1].name] is "1", as of another wave',
  ],
  ["an empty name", [{ name: "", databases: "*" }], "[waves[0].name] is empty"],
  [
    "a window without a zone",
    [{ name: "1", databases: "*", window: "2026-12-04T22:00/2026-12-07T06:00" }],
    '[waves[0].window] is "2026-12-04T22:00/2026-12-07T06:00"',
  ],
  [
    "a window that ends before it begins",
    [{ name: "1", databases: "*", window: "2026-12-07T06:00Z/2026-12-04T22:00Z" }],
    "[waves[0].window] ends before it begins",
  ],
])("%s is refused", (_case, waves, message) =>
  expect(() => assign(waves)).toThrow(expect.objectContaining({ message: expect.stringContaining(message) })),
);
