import { ASSUMPTIONS } from "../../acceptance/assumptions/all";

/** The table of what nobody has seen on the live service. */
export function assumptionTable(): string {
  const rows = ASSUMPTIONS.map(({ id, assumed, basis, otherwise, probe }) => {
    const how = "run" in probe ? `\`--spend ${probe.spend}\`` : `none: ${probe.noProbe}`;
    const cells = [`\`${id}\``, assumed, basis, otherwise, how];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return ["| id | assumed | basis | if it is false | probe |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}
