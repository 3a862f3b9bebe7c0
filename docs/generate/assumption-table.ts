import { ASSUMPTIONS } from "../../acceptance/assumptions/all";

/** The table of what nobody has seen on the live service. */
export function assumptionTable(): string {
  const rows = ASSUMPTIONS.map(({ id, assumed, basis, otherwise, probe }) => {
    const how = "run" in probe ? `Probe: \`--spend ${probe.spend}\`` : `No probe: ${probe.noProbe}.`;
    const cells = [`\`${id}\`<br>${assumed}`, basis, `${otherwise}<br>${how}`];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return ["| id and what is assumed | basis | if it is false |", "| --- | --- | --- |", ...rows].join("\n");
}
