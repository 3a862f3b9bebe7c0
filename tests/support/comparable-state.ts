import type { DeploymentFile } from "../../engine/stand-in/state-file";
import { dynamicType, nativeType, RESOURCE_KINDS } from "../../provider/model/resource-type";

/** Members that differ between two stacks or between the hosts: references to the provider, what only a dynamic resource has, times of the engine, places in the program. */
const DIFFERENT = new Set([
  ...["provider", "__provider", "__resourceUrn", "__preview", "created", "modified", "sourcePosition", "stackTrace"],
]);
/** A point in time, of which the service and the clock of the test have other values in each run. */
const TIME = /"\d{4}-\d\d-\d\dT[\d:.]+Z"/g;

/** The resources of a state by URN, without what may differ between both hosts and, with `times: "any"`, without points in time. */
export function comparableState(state: DeploymentFile, times: "any" | "equal" = "equal"): Record<string, unknown> {
  let text = JSON.stringify(state.deployment.resources ?? [], (name, value) =>
    DIFFERENT.has(name) ? undefined : name === "dependencies" ? [...value].sort() : value,
  );
  for (const kind of RESOURCE_KINDS) text = text.replaceAll(dynamicType(kind), kind).replaceAll(nativeType(kind), kind);
  if (times === "any") text = text.replaceAll(TIME, '"TIME"');
  const resources: { urn: string; type: string }[] = JSON.parse(text);
  return Object.fromEntries(
    resources.filter(({ type }) => !type.startsWith("pulumi:providers:")).map((resource) => [resource.urn, resource]),
  );
}
