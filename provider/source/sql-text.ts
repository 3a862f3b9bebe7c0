/**
 * A Transact-SQL literal of the text: `N'…'`, with its quotes doubled. Safe for every string, including line breaks.
 */
export const sqlText = (text: string): string => `N'${text.replaceAll("'", "''")}'`;

/** A delimited Transact-SQL name: `[…]`, with `]` doubled, whose meaning no session setting changes. */
export const sqlName = (name: string): string => `[${name.replaceAll("]", "]]")}]`;
