import { CountTable } from "../../faults/count-table";

test("the rounds of a case are summed in one row", () => {
  const table = new CountTable();
  table.add("F17 on 2022", { counts: { calls: 2, tasks: 1 }, isFailed: false });
  table.add("F16 on 2022", { counts: { calls: 1, tasks: 1, "late locks": 1 }, isFailed: false });
  table.add("F17 on 2022", { counts: { calls: 3, tasks: 2 }, isFailed: true });
  table.add("F1 without counts", { counts: {}, isFailed: false });
  expect(table.lines()).toEqual([
    "| case | rounds | failed | calls | tasks | late locks |",
    "| --- | --- | --- | --- | --- | --- |",
    "| F16 on 2022 | 1 | 0 | 1 | 1 | 1 |",
    "| F17 on 2022 | 2 | 1 | 5 | 3 |  |",
  ]);
});

test("nothing counted is no table", () => {
  expect(new CountTable().lines()).toEqual([]);
});
