/**
 * Keeps what a reader has chosen when the page is loaded again: filter, order, opened details, and the place. It sets them through the
 * page's own controls. The choices are in the storage of the tab; a browser without one for files forgets them.
 */
export const KEEP_CHOICES_SCRIPT = `{
  const choices = "choices:" + location.pathname;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const fields = all(".filter input, .filter select");
  const areas = all(".scroll, .picture");
  // Numbers of details differ from page to page, names do not.
  const nameOf = (each) => each.querySelector("summary bdi")?.textContent ?? each.getAttribute("aria-labelledby");
  const topOf = (each) => each.getBoundingClientRect().top;
  addEventListener("pagehide", () => {
    const first = all("section, details:not([hidden])").findLast((each) => nameOf(each) && topOf(each) <= 0);
    const kept = {
      fields: fields.map(({ value }) => value),
      focus: fields.indexOf(document.activeElement),
      sorts: all("[aria-sort]").map((head) => [head.closest("table").id, head.textContent, head.getAttribute("aria-sort")]),
      open: all("details[open]").map(nameOf),
      areas: areas.map(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop]),
      first: first && [nameOf(first), topOf(first)],
      y: scrollY,
    };
    try { sessionStorage.setItem(choices, JSON.stringify(kept)); } catch {}
  });
  const kept = (() => {
    try { return JSON.parse(sessionStorage.getItem(choices)); } catch { return null; }
  })();
  if (kept) {
    for (const [index, field] of fields.entries()) {
      field.value = kept.fields[index] ?? "";
      if (field.selectedIndex === -1) field.selectedIndex = 0;
      field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input"));
      if (index === kept.focus) field.focus({ preventScroll: true });
    }
    for (const [table, heading, direction] of kept.sorts) {
      const button = all("#" + table + " thead button").find(({ textContent }) => textContent === heading);
      button?.click();
      if (direction === "descending") button?.click();
    }
    for (const each of all("details")) each.open = kept.open.includes(nameOf(each));
    history.scrollRestoration = "manual";
    // The browser goes to the fragment of the address before this.
    addEventListener("load", () => {
      for (const [index, area] of areas.entries()) area.scrollTo(...(kept.areas[index] ?? [0, 0]));
      const first = kept.first && all("section, details").find((each) => nameOf(each) === kept.first[0]);
      scrollTo(0, first ? scrollY + topOf(first) - kept.first[1] : kept.y);
    });
  }
}
`;
