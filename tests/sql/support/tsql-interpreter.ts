import { createHash } from "node:crypto";
import { type Token, tokensOf } from "./tsql-tokens";

/**
 * Runs the parts of the scripts that only compute: DECLARE, SET, IF, WHILE, BEGIN…END, INSERT … VALUES, and the functions that
 * they call, over UTF-16 text compared by code (Latin1_General_BIN2). A test can thus execute the text of the script itself. It
 * imitates the documented behaviour of these statements and refuses all others; only a real server gives proof.
 */
export type Value = string | number | Buffer | null;

export interface Outcome {
  variables: Record<string, Value>;
  /** Inserted values by table. */
  inserted: Record<string, Value[][]>;
}

/** Maximum number of loop iterations, larger than any test needs. */
const MAX_ROUNDS = 100_000;

export function runTsql(script: string, variables: Record<string, Value>): Outcome {
  const run = new Run(tokensOf(script), { ...variables });
  run.block(() => run.atEnd());
  return { variables: run.variables, inserted: run.inserted };
}

class Run {
  readonly inserted: Record<string, Value[][]> = {};
  private at = 0;
  private rounds = 0;

  constructor(
    private readonly tokens: readonly Token[],
    readonly variables: Record<string, Value>,
  ) {}

  atEnd = (): boolean => this.at >= this.tokens.length;

  block(isOver: () => boolean, live = true): void {
    while (!isOver()) {
      if (!this.takes(";")) this.statement(live);
    }
  }

  /** Parses one statement and executes it if `live` is true. */
  private statement(live: boolean): void {
    const word = this.next().text.toUpperCase();
    if (word === "BEGIN") {
      this.block(() => this.takes("END"), live);
    } else if (word === "DECLARE") {
      do {
        const name = this.next().text;
        this.type();
        if (live) this.variables[name] = null;
      } while (this.takes(","));
    } else if (word === "SET") {
      const name = this.next().text;
      this.expect("=");
      const value = this.expression();
      if (live) this.variables[name] = value;
    } else if (word === "IF") {
      const holds = this.condition() === true;
      this.statement(live && holds);
      const semicolon = this.at;
      this.takes(";");
      if (this.takes("ELSE")) this.statement(live && !holds);
      else this.at = semicolon;
    } else if (word === "WHILE") {
      const start = this.at;
      for (;;) {
        this.at = start;
        const holds = live && this.condition() === true;
        if (!live) this.condition();
        this.statement(holds);
        if (!holds) return;
        this.rounds += 1;
        if (this.rounds > MAX_ROUNDS) throw new Error("a loop does not end");
      }
    } else if (word === "INSERT") {
      this.expect("INTO");
      const table = this.next().text;
      this.list();
      this.expect("VALUES");
      const values = this.list();
      if (live) this.inserted[table] = [...(this.inserted[table] ?? []), values];
    } else throw new Error(`line ${this.tokens[this.at - 1]?.line}: no statement begins with ${word}`);
  }

  private list(): Value[] {
    this.expect("(");
    const values: Value[] = [];
    do values.push(this.expression(true));
    while (this.takes(","));
    this.expect(")");
    return values;
  }

  private condition(): boolean | null {
    let result = this.conjunction();
    while (this.takes("OR")) {
      const other = this.conjunction();
      result = result === true || other === true ? true : result === null || other === null ? null : false;
    }
    return result;
  }

  private conjunction(): boolean | null {
    let result = this.comparison();
    while (this.takes("AND")) {
      const other = this.comparison();
      result = result === false || other === false ? false : result === null || other === null ? null : true;
    }
    return result;
  }

  private comparison(): boolean | null {
    const left = this.expression();
    if (this.takes("IS")) {
      const isNegated = this.takes("NOT");
      this.expect("NULL");
      return (left === null) !== isNegated;
    }
    if (this.takes("IN")) {
      const values = this.list();
      return left === null ? null : values.includes(left);
    }
    const mark = this.next().text;
    const right = this.expression();
    if (left === null || right === null) return null;
    const [a, b] = [comparable(left), comparable(right)];
    if (mark === "=") return a === b;
    if (mark === "<>") return a !== b;
    if (mark === "<=") return a <= b;
    if (mark === ">=") return a >= b;
    if (mark === ">") return a > b;
    throw new Error(`no comparison ${mark}`);
  }

  /** `columns` permits bare names, for the column list of an INSERT. */
  private expression(columns = false): Value {
    let value = this.operand(columns);
    for (;;) {
      if (this.takes("COLLATE")) expectBinary(this.next().text);
      else if (this.takes("+")) value = plus(value, this.operandWithCollation());
      else if (this.takes("-")) value = arithmetic(value, this.operandWithCollation(), (a, b) => a - b);
      else if (this.takes("/")) value = arithmetic(value, this.operandWithCollation(), (a, b) => Math.trunc(a / b));
      else return value;
    }
  }

  /** `/` binds tighter than `+`, and COLLATE tighter than both. */
  private operandWithCollation(): Value {
    let value = this.operand(false);
    if (this.takes("COLLATE")) expectBinary(this.next().text);
    while (this.takes("/")) value = arithmetic(value, this.operand(false), (a, b) => Math.trunc(a / b));
    return value;
  }

  private operand(columns: boolean): Value {
    const token = this.next();
    if (token.kind === "string") return token.text;
    if (token.kind === "number") return Number(token.text);
    if (token.text.startsWith("@")) {
      const value = this.variables[token.text];
      if (value === undefined) throw new Error(`line ${token.line}: ${token.text} is not declared`);
      return value;
    }
    const name = token.text.toUpperCase();
    if (name === "NULL") return null;
    if (name === "CONVERT") return this.convert();
    if (name === "CASE") return this.choice();
    if (token.text === "-") return -integer(this.operand(false));
    if (columns && this.tokens[this.at]?.text !== "(") return token.text;
    const found = FUNCTIONS[name];
    if (!found) throw new Error(`line ${token.line}: unknown function ${token.text}`);
    const values = this.list();
    return values.includes(null) ? null : found(...values.map((value) => value ?? ""));
  }

  /** CASE WHEN … THEN … ELSE … END. */
  private choice(): Value {
    let chosen: Value | undefined;
    while (this.takes("WHEN")) {
      const holds = this.condition() === true;
      this.expect("THEN");
      const value = this.expression();
      if (holds && chosen === undefined) chosen = value;
    }
    this.expect("ELSE");
    const otherwise = this.expression();
    this.expect("END");
    return chosen === undefined ? otherwise : chosen;
  }

  private convert(): Value {
    this.expect("(");
    const type = this.type();
    this.expect(",");
    const value = this.expression();
    const style = this.takes(",") ? this.expression() : 0;
    this.expect(")");
    if (value === null) return null;
    if (type.name === "VARBINARY" && typeof value === "number") {
      const bytes = Buffer.alloc(type.length);
      bytes.writeUInt32BE(value >>> 0, type.length - 4);
      return bytes;
    }
    if (type.name === "NVARCHAR" && Buffer.isBuffer(value) && style === 2)
      return value.toString("hex").toUpperCase().slice(0, type.length);
    if (type.name === "NVARCHAR" && typeof value === "number") return String(value);
    if (type.name === "NVARCHAR" && typeof value === "string")
      return Number.isNaN(type.length) ? value : value.slice(0, type.length); // nvarchar(max) has no number
    throw new Error(`no conversion to ${type.name} in style ${style}`);
  }

  private type(): { name: string; length: number } {
    const name = this.next().text.toUpperCase();
    if (!this.takes("(")) return { name, length: 0 };
    const length = Number(this.next().text);
    this.expect(")");
    return { name, length };
  }

  private next(): Token {
    const token = this.tokens[this.at];
    if (!token) throw new Error("the script ends too early");
    this.at += 1;
    return token;
  }

  private takes(text: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind === "string" || token?.text.toUpperCase() !== text) return false;
    this.at += 1;
    return true;
  }

  private expect(text: string): void {
    if (!this.takes(text)) {
      const { text: found, line } = this.tokens[this.at] ?? { text: "the end", line: 0 };
      throw new Error(`line ${line}: ${text} expected, not ${found}`);
    }
  }
}

/** Comparisons ignore trailing blanks in every collation. */
const comparable = (value: Value): string | number =>
  typeof value === "number" ? value : text(value).replace(/ +$/, "");

function text(value: Value): string {
  if (typeof value !== "string") throw new Error(`${String(value)} is not a string`);
  return value;
}

function integer(value: Value): number {
  if (typeof value !== "number") throw new Error(`${String(value)} is not a number`);
  return value;
}

function plus(a: Value, b: Value): Value {
  if (a === null || b === null) return null;
  return typeof a === "number" ? a + integer(b) : a + text(b);
}

const arithmetic = (a: Value, b: Value, of: (a: number, b: number) => number): Value =>
  a === null || b === null ? null : of(integer(a), integer(b));

function expectBinary(collation: string): void {
  if (collation !== "Latin1_General_BIN2") throw new Error(`only binary comparisons are supported, not ${collation}`);
}

/** Converts a LIKE pattern to a regular expression by character code: `%`, one `[class]`, plain characters. */
function likePattern(pattern: string): RegExp {
  const source = pattern.replace(/\[(\^?)([^\]]*)\]|%|_|[\\^$.*+?()[\]{}|/]/g, (found, not: string, set: string) => {
    if (found === "%") return "[\\s\\S]*";
    if (found === "_") return "[\\s\\S]";
    if (set === undefined) return `\\${found}`;
    return `[${not}${set.replace(/[\\\]^]/g, "\\$&")}]`;
  });
  return new RegExp(`^${source}$`);
}

/** PATINDEX: the position of the pattern from 1, or 0 when it does not occur. */
function patindex(pattern: string, subject: string): number {
  if (!pattern.startsWith("%")) return likePattern(pattern).test(subject) ? 1 : 0;
  const rest = likePattern(pattern.slice(1));
  for (let at = 0; at < subject.length; at += 1) if (rest.test(subject.slice(at))) return at + 1;
  return 0;
}

const FUNCTIONS: Readonly<Record<string, (...values: (string | number | Buffer)[]) => Value>> = {
  UNICODE: (value) => (text(value ?? "") === "" ? null : text(value ?? "").charCodeAt(0)),
  NCHAR: (code) => String.fromCharCode(integer(code ?? 0)),
  SUBSTRING: (value, at, length) => {
    const from = integer(at ?? 0) - 1;
    if (Buffer.isBuffer(value)) return value.subarray(from, from + integer(length ?? 0));
    return text(value ?? "").slice(from, from + integer(length ?? 0));
  },
  STUFF: (value, at, length, by) => {
    const from = integer(at ?? 0) - 1;
    const whole = text(value ?? "");
    if (from < 0 || from >= whole.length) return null;
    return whole.slice(0, from) + text(by ?? "") + whole.slice(from + integer(length ?? 0));
  },
  REPLACE: (value, from, by) => text(value ?? "").replaceAll(text(from ?? ""), () => text(by ?? "")),
  RIGHT: (value, length) => (integer(length ?? 0) === 0 ? "" : text(value ?? "").slice(-integer(length ?? 0))),
  LEFT: (value, length) => text(value ?? "").slice(0, integer(length ?? 0)),
  CHARINDEX: (wanted, value) => text(value ?? "").indexOf(text(wanted ?? "")) + 1,
  UPPER: (value) => text(value ?? "").toUpperCase(),
  LOWER: (value) => text(value ?? "").toLowerCase(),
  LTRIM: (value) => text(value ?? "").replace(/^ +/, ""),
  RTRIM: (value) => text(value ?? "").replace(/ +$/, ""),
  DATALENGTH: (value) => text(value ?? "").length * 2,
  PATINDEX: (pattern, value) => patindex(text(pattern ?? ""), text(value ?? "")),
  HASHBYTES: (algorithm, value) =>
    createHash(text(algorithm ?? ""))
      .update(Buffer.from(text(value ?? ""), "utf16le"))
      .digest(),
};
