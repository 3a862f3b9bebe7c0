import { fileURLToPath } from "node:url";
import { migrationError } from "../errors/migration-error";

/** The path that a `file:` URL names; any other text as it is. @throws INPUT_INVALID for a URL that names no file of this machine */
export function pathOfFileUrl(text: string, property: string): string {
  if (!/^file:/i.test(text)) return text;
  try {
    return fileURLToPath(text);
  } catch (cause) {
    const fault = `${JSON.stringify(text)} names no file of this machine`;
    throw migrationError("INPUT_INVALID", { property, fault, remedy: "Give a path." }, { cause });
  }
}
