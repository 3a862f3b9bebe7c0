import { readFile } from "node:fs/promises";
import { z } from "zod";
import { counted } from "../../errors/message-text";
import { DISK, PRICE_UNITS, type Price } from "../../report/prices";
import { UsageError } from "../program/usage-error";

const COLUMNS = ["item", "unit", "price", "currency"] as const;

const price = z
  .strictObject({
    item: z.string().trim().min(1, { error: "it is empty" }),
    unit: z.enum(PRICE_UNITS, { error: `it is not ${PRICE_UNITS.join(", ")}` }),
    price: z.number({ error: "it is not a number" }).nonnegative({ error: "it is negative" }),
    currency: z.string().regex(/^[A-Z]{3}$/, { error: "it is not three capital letters" }),
  })
  .refine(({ item, unit }) => (item === DISK) === (unit === "GB-month"), {
    error: "GB-month is the unit of disk, and of nothing else",
    path: ["unit"],
  });

/**
 * The prices of a CSV file with the columns item, unit, price and currency, or of a JSON array of objects with these members.
 * @throws UsageError that names the place
 */
export async function readPrices(file: string): Promise<Price[]> {
  const content = await readFile(file, "utf8").catch((cause: Error) => {
    throw new UsageError(`--prices: ${file} cannot be read: ${cause.message}`);
  });
  const fault = (place: string, why: string): UsageError => new UsageError(`--prices: ${file}, ${place}: ${why}`);
  const text = content.replace(/^\uFEFF/, "").trim();
  const rows = text.startsWith("[") ? rowsOfJson(text, fault) : rowsOfCsv(text, fault);
  const prices = rows.map(({ place, value }) => {
    const { success, data, error } = price.safeParse(value);
    if (success) return data;
    const [issue] = error.issues;
    throw fault([place, ...(issue?.path ?? [])].join(", "), issue?.message ?? "it is not a price");
  });
  const [first] = prices;
  if (first === undefined) throw fault("the file", "it has no price");
  for (const [index, { item, currency }] of prices.entries()) {
    const place = rows[index]?.place ?? "the file";
    if (currency !== first.currency) throw fault(place, `${currency} differs from ${first.currency}: use one currency`);
    if (prices.findIndex((each) => each.item === item) < index) throw fault(place, `${item} has a price already`);
  }
  return prices;
}

interface Row {
  place: string;
  value: unknown;
}
type Fault = (place: string, why: string) => UsageError;

function rowsOfJson(text: string, fault: Fault): Row[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw fault("the file", "it is not valid JSON");
  }
  return Array.isArray(json) ? json.map((value: unknown, index) => ({ place: `entry ${index + 1}`, value })) : [];
}

/** Fields have neither quotes nor commas. */
function rowsOfCsv(text: string, fault: Fault): Row[] {
  const lines = text.split(/\r?\n/).map((line) => line.split(",").map((field) => field.trim()));
  const [head = []] = lines;
  if ([...head].sort().join() !== [...COLUMNS].sort().join())
    throw fault("line 1", `the columns are not ${COLUMNS.join(", ")}`);
  return lines.flatMap((fields, index): Row[] => {
    if (index === 0 || fields.join("") === "") return [];
    const place = `line ${index + 1}`;
    if (fields.length !== head.length)
      throw fault(
        place,
        `it has ${counted(fields.length, "field")}, not ${head.length}; write a price with a point: 1200.50`,
      );
    const value = Object.fromEntries(head.map((name, column) => [name, fields[column] ?? ""]));
    return [{ place, value: { ...value, price: value.price === "" ? undefined : Number(value.price) } }];
  });
}
