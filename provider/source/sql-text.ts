/**
 * A Transact-SQL literal of the text: `N'…'`, with its quotes doubled. For text of this package, and for statements that a person
 * pastes into a query window. In scripts, names and folders of users go through `assignText`, which survives code pages and sqlcmd.
 */
export const sqlText = (text: string): string => `N'${text.replaceAll("'", "''")}'`;

/** A delimited Transact-SQL name: `[…]`, with `]` doubled, whose meaning no session setting changes. */
export const sqlName = (name: string): string => `[${name.replaceAll("]", "]]")}]`;

/**
 * Statements that give a Transact-SQL variable the text. They are printable ASCII without `$`, one statement a line, so
 * that neither a code page nor sqlcmd (`$(name)`, `:` and `GO` at the start of a line, a backslash before a line end)
 * changes the value.
 */
export function assignText(variable: string, text: string): string {
  const terms = termsOf(text);
  if (terms.length === 1 && terms[0]?.startsWith("N'")) return `SET ${variable} = ${terms[0]};`;
  const lines: string[] = [];
  for (let at = 0; at < terms.length; at += TERMS_PER_STATEMENT) {
    // Without the conversion the server cuts a concatenation at 4,000 characters.
    // https://learn.microsoft.com/en-us/sql/t-sql/language-elements/string-concatenation-transact-sql
    const first = at === 0 ? "CONVERT(nvarchar(max), N'')" : variable;
    lines.push(`SET ${variable} = ${[first, ...terms.slice(at, at + TERMS_PER_STATEMENT)].join(" + ")};`);
  }
  return lines.join("\n");
}

/** The server refuses expressions that are nested too deeply (error 191), and `a + b + c` is nested. Far below its limit. */
const TERMS_PER_STATEMENT = 40;
const MAX_LITERAL_CHARACTERS = 1000;

/** A run of characters that every code page of Windows reads alike and sqlcmd keeps, or one UTF-16 unit. */
const TERM = new RegExp(`[ -#%-~]{1,${MAX_LITERAL_CHARACTERS}}|[\\s\\S]`, "g");
const PLAIN = /^[ -#%-~]/;

/** NCHAR takes one UTF-16 unit: above U+FFFF it needs an SC collation, so such a character is two surrogates. */
function termsOf(text: string): string[] {
  const terms = (text.match(TERM) ?? []).map((run) => (PLAIN.test(run) ? sqlText(run) : `NCHAR(${run.charCodeAt(0)})`));
  return terms.length === 0 ? [sqlText("")] : terms;
}
