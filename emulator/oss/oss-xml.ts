import { XMLBuilder, XMLParser, XMLValidator } from "fast-xml-parser";
import { percentEncode } from "../http/percent-encoding";
import { OssFault } from "./oss-fault";

/** Content of an XML document. `undefined` members are omitted; an array repeats its element. */
export type XmlContent = { [element: string]: XmlContent | XmlContent[] | string | number | boolean | undefined };

const builder = new XMLBuilder({ suppressBooleanAttributes: false });
const parser = new XMLParser({
  ignoreAttributes: true, // clients send no attribute except xmlns
  parseTagValue: false,
  trimValues: false, // keys may start or end with spaces
  htmlEntities: true, // Go's SDK sends quotes as &#34;
  removeNSPrefix: true,
});

/** Renders a document without `xmlns`: with one, Python's SDK finds none of its fields. */
export function xmlDocument(root: string, content: XmlContent): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: content })}`;
}

/**
 * Parses a request body.
 * @throws OssFault `MalformedXML`, also for document type declarations (entity expansion attacks)
 */
export function parseXml(text: string): unknown {
  if (text.includes("<!DOCTYPE") || XMLValidator.validate(text) !== true) throw new OssFault("MalformedXML");
  try {
    return parser.parse(text);
  } catch {
    throw new OssFault("MalformedXML");
  }
}

/** Formats a time as `2012-02-24T08:43:07.000Z`. oss2 raises ValueError for milliseconds other than zero. */
export function xmlTime(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}

/** Encoding of names in a reply: none, or percent-encoding when the request sets `encoding-type=url`. */
export interface NameEncoding {
  name: (text: string) => string;
  /** Value of the element EncodingType, which tells clients to decode; undefined without encoding. */
  element: "url" | undefined;
}

/** @throws OssFault `InvalidArgument` for any type except `url` */
export function nameEncoding(encodingType: string | undefined): NameEncoding {
  if (encodingType === undefined || encodingType === "") return { name: (text) => text, element: undefined };
  if (encodingType !== "url")
    throw new OssFault("InvalidArgument", { message: "Invalid Encoding Method specified in Request." });
  // A space becomes %20 and a plus %2B, because Go's SDK decodes + as a space and Python's does not. Slashes stay
  // unencoded.
  return { name: (text) => percentEncode(text).replaceAll("%2F", "/"), element: "url" };
}
