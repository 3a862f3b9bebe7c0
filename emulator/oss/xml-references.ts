import { OssFault } from "./oss-fault";

const PREDEFINED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", apos: "'", quot: '"' };

/**
 * Replaces the references of XML text. Also decodes references to control characters, which XML 1.0 forbids: SDKs send
 * them for object keys that contain such characters.
 * @throws OssFault `MalformedXML` for a reference to an unknown entity or to no character
 */
export function decodeReferences(text: string): string {
  return text.replace(/&([^;&]*);?/g, (reference, name: string) => {
    const character = Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : characterOf(name);
    if (character === undefined || !reference.endsWith(";")) throw new OssFault("MalformedXML");
    return character;
  });
}

function characterOf(name: string): string | undefined {
  const [, hexadecimal, decimal] = /^#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}))$/.exec(name) ?? [];
  const code = hexadecimal === undefined ? Number.parseInt(decimal ?? "", 10) : Number.parseInt(hexadecimal, 16);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return code >= 1 && code <= 0x10ffff && !isSurrogate ? String.fromCodePoint(code) : undefined;
}
