import { isSameName } from "../model/names";
import type { Baseline } from "./baseline";
import { type ComparisonOptions, compareBaselines } from "./compare-baselines";
import type { Difference, DifferenceItem, DifferenceKind } from "./difference";

export interface VerificationOptions extends ComparisonOptions {
  /** Names on the source. @default all databases of the source */
  databases?: readonly string[];
  /** Names of differences that a person accepts. */
  accepted?: readonly string[];
  /** Whether what is left to do counts as a difference. */
  strict?: boolean;
}

/** The decision whether the destination holds what the source had. */
export interface Verification {
  /** What differs and is not accepted, or could not be compared. The verification passes without any. */
  failed: DifferenceItem[];
  /** Accepted names that no difference has. */
  unused: string[];
  counts: Record<"databases" | "accepted" | "todo" | "expected", number>;
}

/** Compares both sides and decides. What could not be read differs, and so does an empty comparison: neither proves anything. */
export function verifyBaselines(source: Baseline, target: Baseline, options: VerificationOptions = {}): Verification {
  const { databases, accepted = [], strict = false, renamed } = options;
  const wanted = source.databases.filter(({ name }) => databases?.some((each) => isSameName(each, name)) ?? true);
  const differences = compareBaselines({ ...source, databases: wanted }, target, { renamed });
  const names = new Set(accepted);
  const isAccepted = ({ name }: DifferenceItem): boolean => names.has(name);
  const blocking = [
    ...notCompared(source, databases),
    ...itemsOf(differences, "differs"),
    ...(strict ? itemsOf(differences, "todo") : []),
  ];
  const all = new Set([...blocking, ...itemsOf(differences)].map(({ name }) => name));
  return {
    failed: blocking.filter((item) => !isAccepted(item)),
    unused: [...names].filter((name) => !all.has(name)),
    counts: {
      databases: wanted.length,
      accepted: blocking.filter(isAccepted).length,
      todo: strict ? 0 : itemsOf(differences, "todo").length,
      expected: itemsOf(differences, "expected").length,
    },
  };
}

const itemsOf = (differences: readonly Difference[], only?: DifferenceKind): DifferenceItem[] =>
  differences.flatMap(({ kind, items }) => (only === undefined || kind === only ? items : []));

/** Databases of the list that the source's file does not have, and a comparison of none. */
function notCompared({ databases: known }: Baseline, databases: readonly string[] | undefined): DifferenceItem[] {
  if (known.length === 0) return [{ name: "databases", detail: "the source's file has no database" }];
  return (databases ?? [])
    .filter((name) => !known.some((each) => isSameName(each.name, name)))
    .map((name) => ({ name: `${name}/source`, detail: "the source's file does not have this database" }));
}
