import { XMLBuilder, XMLParser, XMLValidator } from "fast-xml-parser";
import { percentEncode } from "../http/percent-encoding";
import { OssFault } from "./oss-fault";
import { decodeReferences } from "./xml-references";

/** Content of an XML document. `undefined` members are omitted; an array repeats its element. */
export type XmlContent = { [element: string]: XmlContent | XmlContent[] | string | number | boolean | undefined };

// Documents that declare entities are refused, so that no entity is ever added.
const noEntities = { addInputEntities() {}, setExternalEntities() {} };
const builder = new XMLBuilder({ suppressBooleanAttributes: false });
const parser = new XMLParser({
  ignoreAttributes: true, // clients send no attribute except xmlns
  parseTagValue: false,
  trimValues: false, // keys may start or end with spaces
  // The parser's own decoder drops references to control characters and keeps unknown entities as text.
  entityDecoder: { decode: decodeReferences, reset() {}, setXmlVersion() {}, ...noEntities },
  removeNSPrefix: true,
});

/** Renders a document without `xmlns`: with one, Python's SDK finds none of its fields. */
export function xmlDocument(root: string, content: XmlContent): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: content })}`;
}

/**
 * Decodes the bytes of a request body.
 * @throws OssFault `MalformedXML` when they are not UTF-8
 */
export function decodeXmlBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new OssFault("MalformedXML");
  }
}

/**
 * Parses a request body. Its text is decoded or refused, never altered.
 * @throws OssFault `MalformedXML`, also for document type declarations (entity expansion attacks)
 */
export function parseXml(text: string): unknown {
  const encoding = /^\s*<\?xml[^>]*?\sencoding=["']([^"']*)/.exec(text)?.[1] ?? "UTF-8";
  if (!/^utf-?8$/i.test(encoding) || text.includes("<!DOCTYPE") || XMLValidator.validate(text) !== true)
    throw new OssFault("MalformedXML");
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
