import { type Token, tokensOf } from "./tsql-tokens";

/** Transact-SQL words that SQL Server 2008 R2 does not support, by the major version that introduced them. */
const NEWER_WORDS: Readonly<Record<number, readonly string[]>> = {
  11: [
    ...[
      "CHOOSE",
      "CONCAT",
      "DATEFROMPARTS",
      "DATETIMEFROMPARTS",
      "EOMONTH",
      "FIRST_VALUE",
      "FORMAT",
      "IIF",
      "LAG",
      "LEAD",
    ],
    ...["LAST_VALUE", "OFFSET", "PARSE", "PERCENTILE_CONT", "SEQUENCE", "SHA2_256", "SHA2_512", "THROW", "TRY_CONVERT"],
    ...["TRY_PARSE", "authentication_type", "authentication_type_desc", "containment"],
    ...[
      "containment_desc",
      "encryptor_type",
      "fn_hadr_backup_is_preferred_replica",
      "replica_id",
      "target_recovery_time_in_seconds",
    ],
    ...[
      "dm_hadr_availability_replica_states",
      "dm_hadr_database_replica_states",
      "availability_replicas",
      "availability_groups",
    ],
    ...["is_filetable"],
  ],
  12: [
    "TRY_CAST",
    "delayed_durability",
    "delayed_durability_desc",
    "is_memory_optimized",
    "fn_hadr_is_primary_replica",
    "ALGORITHM",
  ],
  13: [
    ...[
      "AT_TIME_ZONE",
      ...["DROP_TABLE_IF", "DROP_PROCEDURE_IF", "DROP_VIEW_IF", "DROP_FUNCTION_IF", "DROP_TRIGGER_IF", "DROP_INDEX_IF"],
      ...["DROP_DATABASE_IF", "DROP_LOGIN_IF", "DROP_USER_IF", "DROP_ROLE_IF", "DROP_SCHEMA_IF", "DROP_COLUMN_IF"],
      "CREATE_OR_ALTER",
      "COMPRESS",
      "DECOMPRESS",
      "FOR_JSON",
      "ISJSON",
      "JSON_QUERY",
      "JSON_VALUE",
      "OPENJSON",
      "SESSION_CONTEXT",
    ],
    ...[
      "STRING_ESCAPE",
      "STRING_SPLIT",
      "DATEDIFF_BIG",
      "is_query_store_on",
      "is_remote_data_archive_enabled",
      "is_distributed",
      "temporal_type",
    ],
  ],
  14: ["dm_os_host_info", "CONCAT_WS", "STRING_AGG", "TRANSLATE", "TRIM"],
  15: ["APPROX_COUNT_DISTINCT"],
  16: [
    "DATETRUNC",
    "GENERATE_SERIES",
    "GREATEST",
    "LEAST",
    "MS_XPRESS",
    "QAT_DEFLATE",
    "DATE_BUCKET",
    "JSON_OBJECT",
    "JSON_ARRAY",
    "is_contained",
  ],
};
const SINCE = new Map(
  Object.entries(NEWER_WORDS).flatMap(([version, words]) => words.map((word) => [word.toUpperCase(), Number(version)])),
);

export interface NewerWord {
  word: string;
  line: number;
  since: number;
}

/**
 * Words that fail on SQL Server 2008 R2: all in static text, and those in dynamic SQL without `IF @version >= <their version>` in
 * the same statement.
 */
export function newerWords(script: string): NewerWord[] {
  const tokens = tokensOf(script);
  return tokens.flatMap((token, index) => {
    if (token.kind === "name") return [];
    if (token.kind !== "string") return newerIn([...phrasesFrom(tokens, index)], token.line, 0);
    const guard = guardOf(tokens, index);
    const inner = dynamicTokens(token.text);
    return inner.flatMap((each, at) =>
      each.kind === "word" ? newerIn(phrasesFrom(inner, at), token.line, guard) : [],
    );
  });
}

/** The tokens of a string as Transact-SQL; empty for other strings, such as messages. */
function dynamicTokens(text: string): Token[] {
  try {
    return tokensOf(text);
  } catch {
    return [];
  }
}

/** The word itself, and its combinations with the following words. */
function phrasesFrom(tokens: readonly Token[], index: number): string[] {
  const [first = "", second = "", third = ""] = tokens.slice(index, index + 3).map(({ text }) => text.toUpperCase());
  return [first, `${first}_${second}`, `${first}_${second}_${third}`];
}

function newerIn(words: readonly string[], line: number, guard: number): NewerWord[] {
  return words.flatMap((word) => {
    const since = SINCE.get(word);
    return since === undefined || since <= guard ? [] : [{ word, line, since }];
  });
}

/** The version check that guards a string: the last `IF @version >= n` after the last semicolon. */
function guardOf(tokens: readonly Token[], index: number): number {
  let guard = 0;
  for (let at = index - 1; at >= 0 && tokens[at]?.text !== ";"; at -= 1) {
    const [word, variable, mark, version] = tokens.slice(at, at + 4).map(({ text }) => text);
    if (word?.toUpperCase() === "IF" && variable === "@version" && mark === ">=")
      guard = Math.max(guard, Number(version));
  }
  return guard;
}
