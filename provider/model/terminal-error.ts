import { withAddress } from "../errors/error-address";
import { terminalText } from "./terminal-text";

/** Returns an error as a terminal may show it, with the address of its code in the documentation as the last line. */
export const terminalError = (text: string): string => terminalText(withAddress(text));
