import { XMLBuilder, XMLParser, XMLValidator } from "fast-xml-parser";
import { percentEncode } from "../http/percent-encoding";
import { OssFault } from "./oss-fault";

/** What an XML document holds: `undefined` members are left out, arrays repeat their element. */
export type XmlContent = { [element: string]: XmlContent | XmlContent[] | string | number | boolean | undefined };

const builder = new XMLBuilder({ suppressBooleanAttributes: false });
const parser = new XMLParser({
  ignoreAttributes: true, // xmlns is all that clients send
  parseTagValue: false,
  trimValues: false, // keys may begin or end with blanks
  htmlEntities: true, // Go's SDK sends quotes as &#34;
  removeNSPrefix: true,
});

/** A document without `xmlns`: with one, Python's SDK finds none of its fields. */
export function xmlDocument(root: string, content: XmlContent): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: content })}`;
}

/** Parses a request body. @throws OssFault `MalformedXML`, also for document type declarations (entity bombs). */
export function parseXml(text: string): unknown {
  if (text.includes("<!DOCTYPE") || XMLValidator.validate(text) !== true) throw new OssFault("MalformedXML");
  try {
    return parser.parse(text);
  } catch {
    throw new OssFault("MalformedXML");
  }
}

/** `2012-02-24T08:43:07.000Z`: oss2 raises ValueError on any other value of the milliseconds. */
export function xmlTime(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}

/** How names are written in a reply: as they are, or percent-encoded when the request says `encoding-type=url`. */
export interface NameEncoding {
  name: (text: string) => string;
  /** The element that makes clients decode; absent without encoding. */
  element: "url" | undefined;
}

/** @throws OssFault `InvalidArgument` for any type but `url` */
export function nameEncoding(encodingType: string | undefined): NameEncoding {
  if (encodingType === undefined || encodingType === "") return { name: (text) => text, element: undefined };
  if (encodingType !== "url")
    throw new OssFault("InvalidArgument", { message: "Invalid Encoding Method specified in Request." });
  // Blank as %20 and plus as %2B: Go's SDK turns + into a blank, Python's does not. Slashes stay as they are.
  return { name: (text) => percentEncode(text).replaceAll("%2F", "/"), element: "url" };
}
