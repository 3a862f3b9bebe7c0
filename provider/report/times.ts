/** A time of state as a page shows it: `2026-11-28 03:12:04`. */
export const utc = (time: string | undefined): string => time?.replace("T", " ").replace(/(\.\d+)?Z$/, "") ?? "";
