import { plainErrorOf } from "../errors/plain-error";
import { isSameName } from "../model/names";
import { kindOfType } from "../model/resource-type";
import { unmarkNames } from "../model/state-format";
import { parseVerificationOutputs, type VerificationCounts } from "../model/verification";
import { currentResources, type StackResource, type StackState } from "../stack-state/exported-stack";

/** What the state records about a MigrationVerification. */
export interface VerificationEvidence {
  resource: string;
  /** `failed`: the last update failed, and the counts are of the comparison before it. */
  result: "passed" | "failed";
  /** When the engine last wrote the resource; UTC. */
  recordedAt?: string;
  /** The files of both sides, and their SHA-256. */
  source?: string;
  sourceDigest?: string;
  target?: string;
  targetDigest?: string;
  /** Names on the source. Absent: all databases of the source's file, whose names the state does not record. */
  databases?: readonly string[];
  /** Names on the destination, by those on the source. */
  renamed?: Readonly<Record<string, string>>;
  acceptedDifferences?: readonly string[];
  counts: VerificationCounts;
  /** Why the last update failed. */
  errors: readonly string[];
}

export interface RecordedVerifications {
  verifications: VerificationEvidence[];
  unreadable: { urn: string; error: unknown }[];
}

/** Returns the verifications of a state. One that never passed has no record: Pulumi does not keep what it could not create. */
export function recordedVerifications(state: StackState): RecordedVerifications {
  const verifications: VerificationEvidence[] = [];
  const unreadable: RecordedVerifications["unreadable"] = [];
  const resources = currentResources(state).filter(({ type }) => kindOfType(type) === "MigrationVerification");
  for (const resource of new Map(resources.map((each) => [each.urn, each])).values()) {
    try {
      verifications.push(evidenceOf(resource));
    } catch (error) {
      unreadable.push({ urn: resource.urn, error: plainErrorOf(error) });
    }
  }
  return { verifications, unreadable };
}

function evidenceOf({ urn, outputs = {}, modified, initErrors }: StackResource): VerificationEvidence {
  const recorded = parseVerificationOutputs(unmarkNames(outputs));
  const { source, sourceDigest, target, targetDigest, databases, renamed, acceptedDifferences, counts } = recorded;
  const errors = initErrors ?? [];
  return {
    ...{ resource: urn, result: errors.length === 0 ? "passed" : "failed", recordedAt: modified },
    ...{ source, sourceDigest, target, targetDigest, databases, renamed, acceptedDifferences, counts, errors },
  };
}

/** The resources of the verifications that name a database. One without a list names none. */
export const verificationsOf = (verifications: readonly VerificationEvidence[], database: string): string[] =>
  verifications
    .filter(({ databases = [], renamed = {} }) => databases.some((name) => isSameName(renamed[name] ?? name, database)))
    .map(({ resource }) => resource);
