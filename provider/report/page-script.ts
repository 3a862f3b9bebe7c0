import { KEEP_CHOICES_SCRIPT } from "./keep-choices-script";

/**
 * The script of every page: sorts and filters tables, opens the details for printing, and keeps the reader's choices when the page is
 * loaded again. The policy of the page has its hash.
 */
export const PAGE_SCRIPT = `"use strict";
const keyOf = (cell, isNumber) => {
  const key = cell.dataset.key ?? (isNumber ? "" : cell.textContent.trim());
  return key === "" ? undefined : isNumber ? Number(key) : key.toLowerCase();
};
const compare = (one, other) => typeof one === "number" ? one - other : one.localeCompare(other, "en");
for (const filter of document.querySelectorAll(".filter")) {
  const table = document.getElementById(filter.dataset.table);
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({
    row, text: row.textContent.toLowerCase(), detail: document.getElementById(row.dataset.detail),
  }));
  const [search, kind, status] = ["input", "select", "[role=status]"].map((each) => filter.querySelector(each));
  let order = "";
  const show = () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text, detail } of rows) {
      const fits = (kind.value === "" || row.dataset.kind === kind.value) && words.every((word) => text.includes(word));
      row.hidden = !fits;
      if (detail) detail.hidden = !fits;
      if (fits) shown += 1;
    }
    status.textContent = shown + " of " + rows.length + " rows shown" + order;
  };
  const heads = [...table.tHead.rows[0].cells];
  for (const [column, head] of heads.entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const each of heads) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
      const isNumber = "number" in head.dataset;
      const keys = new Map(rows.map(({ row }) => [row, keyOf(row.cells[column], isNumber)]));
      rows.sort((one, other) => {
        const [first, second] = [keys.get(one.row), keys.get(other.row)];
        if (first === undefined || second === undefined) return (first === undefined) - (second === undefined);
        return sign * compare(first, second);
      });
      body.append(...rows.map(({ row }) => row));
      order = ", by " + button.textContent + ", " + head.getAttribute("aria-sort");
      show();
    });
  }
  search.addEventListener("input", show);
  kind.addEventListener("change", show);
  filter.hidden = false;
  show();
}
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const each of opened) each.open = true;
});
addEventListener("afterprint", () => {
  for (const each of opened) each.open = false;
});
${KEEP_CHOICES_SCRIPT}`;
