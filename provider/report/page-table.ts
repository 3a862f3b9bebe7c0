import { type Content, html, type Markup } from "./markup";

export interface Column<T> {
  name: string;
  cell: (item: T) => Content;
  /** What a numeric column is sorted by; absent values come last. */
  number?: (item: T) => number | undefined;
  /** What a column is sorted by where the cell shows something else. */
  text?: (item: T) => string | undefined;
}

export interface TableInput<T> {
  /** Unique on the page. */
  id: string;
  caption: string;
  columns: readonly Column<T>[];
  items: readonly T[];
  /** The value of each item by which a list filters, and the words of the list. */
  kind: (item: T) => string;
  kinds: Readonly<Record<string, string>>;
  kindLabel: string;
  /** Id of the element that a filter hides together with the row. */
  detailId: (index: number) => string;
}

/** The mark and the tone of a status. */
export type Mark = readonly [mark: string, tone: string];

/** A status in a cell: its words, with a mark that a screen reader skips. */
export const badge = ([mark, tone]: Mark, words: string): Markup =>
  html`<span class="badge ${tone}"><span aria-hidden="true">${mark}</span> ${words}</span>`;

/** A table that the page's script sorts by any column and filters; without the script it shows all rows. */
export function pageTable<T>(input: TableInput<T>): Markup {
  const { id, caption, columns, items, kind, kinds, kindLabel, detailId } = input;
  const used = Object.entries(kinds).filter(([name]) => items.some((item) => kind(item) === name));
  return html`<div class="filter" data-table="${id}" hidden="">
<label>Filter <input type="search" autocomplete="off" spellcheck="false" /></label>
<label>${kindLabel} <select><option value="">all</option>${used.map(([name, words]) => html`<option value="${name}">${words}</option>`)}</select></label>
<p role="status"></p>
</div>
<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table id="${id}">
<caption>${caption}</caption>
<thead><tr>${columns.map(({ name, number }) => html`<th scope="col"${number && html` data-number="" class="number"`}>${name}</th>`)}</tr></thead>
<tbody>
${items.map((item, index) => html`<tr data-kind="${kind(item)}" data-detail="${detailId(index)}">${columns.map((column, at) => cellOf(column, item, at === 0))}</tr>\n`)}</tbody>
</table>
</div>`;
}

function cellOf<T>({ cell, number, text }: Column<T>, item: T, isName: boolean): Markup {
  const key = number === undefined ? text?.(item) : number(item);
  const sorted = key === undefined ? undefined : html` data-key="${key}"`;
  if (isName) return html`<th scope="row"${sorted}>${cell(item)}</th>`;
  return html`<td${number && html` class="number"`}${sorted}>${cell(item)}</td>`;
}
