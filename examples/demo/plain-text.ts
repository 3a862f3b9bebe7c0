import { stripVTControlCharacters } from "node:util";

/** An engine's message without the command's colour marks such as <{%reset%}> and terminal escapes. */
export const plainText = (text: string): string => stripVTControlCharacters(text.replace(/<\{%[^%]*%\}>/g, "")).trim();
