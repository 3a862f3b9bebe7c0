import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { prepareVenv } from "../../support/python-venv";

const PARSE_MS = 300_000;
const MAX_REPLY_BYTES = 64 * 1024 * 1024;

/** Versions of SQL Server whose grammars the parser has. 2008 covers 2008 R2; the assembly is older than 2022. */
export const GRAMMARS = ["2008", "2012", "2014", "2016", "2017", "2019"] as const;
export type Grammar = (typeof GRAMMARS)[number];

/** Texts by name. */
export type Texts = Readonly<Record<string, string>>;

export interface ParserRequest {
  /** Parsed with the statements that they execute from strings. */
  scripts: Texts;
  /** Values of the variables of these statements that a query assigns. */
  runtime?: Readonly<Record<string, readonly string[]>>;
  /** Parsed, and their SET statements evaluated. */
  parameters?: Texts;
}

export interface ParserReply {
  faults: { name: string; grammar: Grammar; line: number; message: string }[];
  /** Statements that the scripts execute from strings. */
  dynamic: Texts;
  /** Values that the parameters assign, by name and variable. */
  assigned: Readonly<Record<string, Texts>>;
}

export type ScriptDom = { parse(request: ParserRequest): ParserReply } | { missing: string };

/** Prepares Microsoft's parser in its own environment, or returns the reason why it is unavailable. */
export function prepareScriptDom(): ScriptDom {
  const venv = prepareVenv("scriptdom", join(__dirname, "..", "scriptdom-requirements.txt"), ["--no-deps"]);
  if ("missing" in venv) return venv;
  return {
    parse: ({ scripts, runtime = {}, parameters = {} }) =>
      JSON.parse(
        execFileSync(venv.python, [join(__dirname, "scriptdom.py")], {
          input: JSON.stringify({ scripts, runtime, parameters }),
          encoding: "utf8",
          timeout: PARSE_MS,
          maxBuffer: MAX_REPLY_BYTES,
        }),
      ),
  };
}
