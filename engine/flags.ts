import type { Operation } from "./engine";

/** The command-line flags of an operation, the same for both engines. */
export function commonFlags(operation: Operation): string[] {
  const changes = operation.kind !== "preview";
  return [
    ...(operation.expectNoChanges ? ["--expect-no-changes"] : []),
    ...(operation.refresh ? ["--refresh"] : []),
    ...(operation.replace ?? []).flatMap((urn) => ["--replace", urn]),
    ...(operation.clearPendingCreates ? ["--clear-pending-creates"] : []),
    ...(operation.policyPack === undefined ? [] : ["--policy-pack", operation.policyPack]),
    ...(operation.parallel === undefined ? [] : ["--parallel", String(operation.parallel)]),
    ...(operation.continueOnError ? ["--continue-on-error"] : []),
    ...(changes ? ["--yes"] : []),
    ...(changes && !operation.previewFirst ? ["--skip-preview"] : []),
  ];
}
