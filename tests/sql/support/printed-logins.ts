import { readFileSync } from "node:fs";
import { join } from "node:path";
import { partOf, SQL_FOLDER } from "./scripts";
import { runTsql } from "./tsql-interpreter";

const part = (name: string): string => readFileSync(join(SQL_FOLDER, "parts", `${name}.sql`), "utf8");

/** The literal that logins.sql prints for a name. */
export const literalOf = (text: string): string =>
  String(
    runTsql(partOf("logins.sql", "sql-literal"), {
      ...{ "@text": text, "@literal": null, "@position": null, "@code": null },
    }).variables["@literal"],
  );

/** A script as logins.sql prints it for these logins. */
export const printedLogins = (names: readonly string[]): string =>
  [
    part("recreate-logins-begin"),
    ...names.flatMap((name) => [
      "INSERT INTO #logins (name, type, sid, password_hash, is_disabled, check_policy, check_expiration, connect_sql, default_database, default_language) VALUES (",
      `    ${literalOf(name)},`,
      "    N'S', 0x0102, NULL, 0, 1, 0, N'G',",
      "    N'master',",
      "    N'us_english'",
      ");",
      "INSERT INTO #rights (kind, login, name) VALUES (N'ROLE',",
      `    ${literalOf(name)},`,
      "    N'sysadmin');",
    ]),
    part("recreate-logins-end"),
  ].join("\n");
