import { catalogue } from "./catalogue";
import { codeOfMessage, withoutAddress } from "./message-text";

/**
 * The published page of errors, without an anchor. Set it when the documentation is published: every error then ends with a URL.
 * Until then errors name the page in the repository.
 */
const PUBLISHED_ERRORS_PAGE: string | undefined = undefined;

/** The page in the repository. */
export const ERRORS_PAGE = "docs/reference/errors.md";

/** The anchor of a code on the page of errors. */
export const errorAnchor = (code: string): string => code.toLowerCase();

/** Codes of the rules for a baseline begin with this. They are no entries of the catalogue. */
const BASELINE_CODE = /^SOURCE_/;

const isDocumented = (code: string): boolean => code in catalogue || BASELINE_CODE.test(code);

/**
 * An error as a person reads it: its last line is the address of its code in the documentation. A text that begins with no code stays
 * the same, and doing it twice changes nothing. State and inputs keep the text without the address.
 * @param published the page that is published; undefined for none
 */
export function withAddress(text: string, published: string | undefined = PUBLISHED_ERRORS_PAGE): string {
  const code = codeOfMessage(text);
  if (code === undefined || !isDocumented(code)) return text;
  return `${withoutAddress(text)}\nMore: ${published ?? ERRORS_PAGE}#${errorAnchor(code)}`;
}
