/** A Transact-SQL literal of the text: `N'…'`, with its quotes doubled. Safe for every string, line breaks included. */
export const sqlText = (text: string): string => `N'${text.replaceAll("'", "''")}'`;

/** A delimited Transact-SQL name: `[…]`, with `]` doubled, which no setting of the session can change the meaning of. */
export const sqlName = (name: string): string => `[${name.replaceAll("]", "]]")}]`;
