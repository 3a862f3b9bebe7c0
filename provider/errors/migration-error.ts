import { catalogue, type ErrorCode, type ErrorValues } from "./catalogue";
import type { CatalogueEntry, RetryAdvice } from "./catalogue-entry";
import { messageText } from "./message-text";
import { withoutSecrets } from "./redacted";
import type { ServiceAnswer } from "./service-fault";
import { FIRST_LINE_LENGTH, SHORT_VALUE_LENGTH, shorten } from "./shorten";

/** The words of an error, in parts. */
interface Words {
  summary: string;
  details: readonly string[];
  remedy: string;
}

/**
 * The one error of this project. Compare `code`, never the class (two copies of the package may be loaded) or the text.
 * The stack is empty: the dynamic-provider host prints it, with the paths of the machine.
 */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
  /** The first line of the message, without the code: for status lines and messages that allow one line. */
  readonly summary: string;
  /** The summary and the lines with details. */
  readonly what: string;
  readonly remedy: string;

  constructor(
    readonly code: ErrorCode,
    { summary, details, remedy }: Words,
    readonly retry: RetryAdvice,
    readonly service: ServiceAnswer | undefined,
    cause: unknown,
  ) {
    const what = [summary, ...details].join("\n");
    super(messageText({ code, what, remedy }), { cause });
    this.summary = summary;
    this.what = what;
    this.remedy = remedy;
    this.stack = "";
  }
}

/** Makes the error of a catalogue entry. `cause` is the underlying error, `service` what the service answered. */
export function migrationError<C extends ErrorCode>(
  code: C,
  values: ErrorValues<C>,
  context: { cause?: unknown; service?: ServiceAnswer } = {},
): MigrationError {
  // The table's entries have different value types; C ties this entry to these values, which the compiler cannot see.
  const found = catalogue[code] as unknown as CatalogueEntry<ErrorValues<C>>;
  return new MigrationError(code, wordsOf(code, found, values), found.retry, context.service, context.cause);
}

function wordsOf<V extends object>(code: string, found: CatalogueEntry<V>, values: V): Words {
  // Before anything is shortened: the beginning or the end of a secret is no longer recognised as one.
  const safe = mapTexts(values, withoutSecrets);
  const remedy = withoutSecrets(typeof found.remedy === "string" ? found.remedy : found.remedy(safe));
  const details = (found.details?.(safe) ?? []).map(withoutSecrets);
  const { summary, shortened } = summaryOf(code, found, safe);
  const rest = [...details, remedy].join("\n");
  const whole = shortened.flatMap(({ name, text }) => (rest.includes(text) ? [] : [`${wordsOfName(name)}: ${text}`]));
  return { summary: withoutSecrets(summary), details: [...whole, ...details], remedy };
}

/** A value that the first line does not hold whole. */
interface ShortenedValue {
  name: string;
  text: string;
}

/** The first line, with its values as long as the line's limit allows. */
function summaryOf<V extends object>(code: string, found: CatalogueEntry<V>, values: V) {
  const limit = FIRST_LINE_LENGTH - `${code}: `.length;
  let summary = "";
  let valueLength = FIRST_LINE_LENGTH;
  do {
    summary = found.summary(mapTexts(values, (text) => shorten(oneLine(text), valueLength)));
    valueLength -= 1;
  } while (Array.from(summary).length > limit && valueLength >= SHORT_VALUE_LENGTH);
  const shortened: ShortenedValue[] = [];
  mapTexts(values, (text, name) => {
    const shown = shorten(oneLine(text), valueLength + 1);
    // Some entries quote a value, as JSON.
    const isShown = summary.includes(shown) || summary.includes(JSON.stringify(shown));
    if (shown !== text && isShown) shortened.push({ name, text });
    return text;
  });
  return { summary, shortened };
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, " ");

/** `Other file`, out of `otherFile`. */
const wordsOfName = (name: string): string =>
  `${name.slice(0, 1).toUpperCase()}${name.slice(1).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`;

/** The same values with every text in them replaced. `name` is the text's property, or that of the list it is in. */
function mapTexts<T>(value: T, map: (text: string, name: string) => string, name = ""): T {
  if (typeof value === "string") return map(value, name) as T;
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, map, name)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, map, key)])) as T;
}

export const isMigrationError = (error: unknown): error is MigrationError =>
  error instanceof Error && error.name === "MigrationError" && "code" in error;

/** Whether the service may have carried the call out although no usable answer arrived. */
export const mayHaveBeenAccepted = ({ code }: MigrationError): boolean =>
  ["NO_ANSWER", "ANSWER_UNREADABLE", "ANSWER_TOO_LARGE", "NETWORK_FAILED", "SERVICE_FAULT"].includes(code);
