import type { EngineEvent } from "../../engine/events";
import { parseMessage } from "../../provider/errors/message-text";
import { MIGRATION_TYPE } from "../../provider/model/provider-text";
import { plainText } from "./plain-text";

/** What a run reports against a database or against the whole run. */
export interface Finding {
  code: string;
  message: string;
}

/** A database, or a file without one, and its findings. */
export interface DatabaseFindings {
  name: string;
  findings: Finding[];
}

/** Collects the findings of a run from the engine's events: a preview that fails records no database in the state. */
export class RunFindings {
  /** By URN of the migration. */
  readonly #migrations = new Map<string, { name: string; file: unknown }>();
  readonly #errors = new Map<string, Finding[]>();
  /** Errors and warnings of the component and the program. */
  readonly #others: { isError: boolean; text: string }[] = [];

  observe({ resourcePreEvent, diagnosticEvent }: EngineEvent): void {
    if (resourcePreEvent?.metadata.type === MIGRATION_TYPE) {
      const { urn, new: declared } = resourcePreEvent.metadata;
      const { databaseName, backup: file } = declared?.inputs ?? {};
      this.#migrations.set(urn, { name: String(databaseName ?? nameOf(urn)), file });
    }
    const { severity, urn = "", message } = diagnosticEvent ?? {};
    if (message === undefined || (severity !== "error" && severity !== "warning")) return;
    const isError = severity === "error";
    const text = plainText(message).replace(/^.* has a problem: /, "");
    if (!urn.includes(MIGRATION_TYPE)) this.#others.push({ isError, text });
    else if (isError) this.#errors.set(urn, [...(this.#errors.get(urn) ?? []), findingOf(text)]);
  }

  /** Every database that the program declared, by name, then every file that belongs to none of them. */
  ofDatabases(files: readonly string[]): DatabaseFindings[] {
    const declared = [...this.#migrations].map(([urn, { name }]) => ({ name, findings: this.#errors.get(urn) ?? [] }));
    // The engine checks the migrations in parallel, so their events come in any order.
    declared.sort((one, other) => (one.name < other.name ? -1 : 1));
    const used = new Set([...this.#migrations.values()].map(({ file }) => file));
    const unused = files.filter((file) => !used.has(file));
    return [...declared, ...unused.map((name) => ({ name, findings: this.#ofFile(name) }))];
  }

  /** The errors that are about no single database. */
  ofRun(): Finding[] {
    return this.#others.filter(({ isError }) => isError).map(({ text }) => findingOf(text));
  }

  /** What the discovery says about the file, else its error: a file that cannot be read keeps the others from being declared. */
  #ofFile(file: string): Finding[] {
    const lines = this.#others.flatMap(({ text }) => text.split("\n").slice(1));
    const line = lines.map((each) => each.trim()).find((each) => each.startsWith(file));
    if (line === undefined) return this.ofRun().slice(0, 1);
    const said = line.slice(file.length).replace(/^: /, "");
    const [, code] = /\(([A-Z][A-Z0-9_]+)\)$/.exec(said) ?? [];
    return [code === undefined ? findingOf(said) : { code, message: line }];
  }
}

function findingOf(text: string): Finding {
  const { code, what } = parseMessage(text) ?? { code: "UNEXPECTED", what: text };
  return { code, message: what };
}

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);
