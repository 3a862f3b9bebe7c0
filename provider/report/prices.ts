import type { RdsEngine } from "../model/engine-version";

/** One price of the user's file. */
export interface Price {
  /** An engine version, alone or followed by an instance class, such as `2019_std mssql.x4.large.s2`; or `disk`. */
  item: string;
  unit: PriceUnit;
  price: number;
  currency: string;
}

/** `GB-month` is for the disk, whose gigabyte has 2³⁰ bytes. */
export const PRICE_UNITS = ["month", "hour", "GB-month"] as const;
export type PriceUnit = (typeof PRICE_UNITS)[number];

export const DISK = "disk";
/** Hours of a month: a twelfth of a year. */
const HOURS = 730;
const GB = 2 ** 30;

/** What one sufficient destination costs in a month, from the prices of the user's file. */
export interface MonthlyCost {
  engineVersion: string;
  /** The cheapest item of this version; absent where the file has none. */
  instance?: { item: string; cost: number };
  /** Absent where the file has no price of the disk. */
  disk?: { gigabytes: number; cost: number };
  /** Instance and disk; absent unless both have a price. */
  total?: number;
}

export interface MonthlyCosts {
  currency: string;
  destinations: readonly MonthlyCost[];
}

/** @param prices in one currency; not empty */
export function monthlyCosts(
  prices: readonly Price[],
  sufficient: readonly Pick<RdsEngine, "engineVersion">[],
  neededBytes: number,
): MonthlyCosts {
  const gigabytes = Math.ceil(neededBytes / GB);
  const ofDisk = prices.find(({ item }) => item === DISK);
  const disk = ofDisk && { gigabytes, cost: cents(gigabytes * ofDisk.price) };
  const destinations = sufficient.map(({ engineVersion }): MonthlyCost => {
    const instance = prices
      .filter(({ item }) => item.split(" ")[0] === engineVersion)
      .map(({ item, unit, price }) => ({ item, cost: cents(unit === "hour" ? price * HOURS : price) }))
      .sort((one, other) => one.cost - other.cost)[0];
    const total = instance && disk && cents(instance.cost + disk.cost);
    return { engineVersion, instance, disk, total };
  });
  return { currency: prices[0]?.currency ?? "", destinations };
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;

/** `310.00 USD (2016_web 250.00, disk 11 GB 60.00)`; a part without a price says so. */
export function costText({ instance, disk, total }: MonthlyCost, currency: string): string {
  const parts = [
    instance === undefined ? "instance: no price given" : `${instance.item} ${instance.cost.toFixed(2)}`,
    disk === undefined ? "disk: no price given" : `disk ${disk.gigabytes} GB ${disk.cost.toFixed(2)}`,
  ];
  return total === undefined ? parts.join(", ") : `${total.toFixed(2)} ${currency} (${parts.join(", ")})`;
}
