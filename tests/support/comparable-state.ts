import type { ResourceState } from "../../engine/stand-in/resource-state";
import type { DeploymentFile } from "../../engine/stand-in/state-file";
import { isProviderType } from "../../engine/stand-in/urn";
import { dynamicType, nativeType, RESOURCE_KINDS } from "../../provider/model/resource-type";

/** Members that differ between the hosts: the provider, what only a dynamic resource has, and the engine's notes. */
const DIFFERENT = new Set([
  ...["provider", "__provider", "__resourceUrn", "__preview"],
  ...["created", "modified", "sourcePosition", "stackTrace"],
]);
/** How long something lasted, and what depends on whether the last poll came before the end of an asynchronous DBCC CHECKDB. */
const TIMING = new Set(["seconds", "lag", "statusText", "checkedAt"]);
const TIME = /"\d{4}-\d\d-\d\dT[\d:.]+Z"/g;
/** The emulator numbers its tasks in the order in which they come, which parallel steps change. */
const TASK_ID = /\b106\d{3}\b/g;

type Resource = Pick<ResourceState, "urn" | "type" | "dependencies" | "propertyDependencies">;

/**
 * The resources of a state by URN, without what differs between the hosts.
 * @param compared the states come from one migration, or from two of the same databases, which differ in times and task numbers
 */
export function comparableState(
  { deployment }: DeploymentFile,
  compared: "one migration" | "two migrations" = "one migration",
): Record<string, unknown> {
  const isTwo = compared === "two migrations";
  let text = JSON.stringify(deployment.resources ?? [], (name, value) => {
    return DIFFERENT.has(name) || (isTwo && TIMING.has(name)) ? undefined : value;
  });
  for (const kind of RESOURCE_KINDS) text = text.replaceAll(dynamicType(kind), kind).replaceAll(nativeType(kind), kind);
  if (isTwo) text = text.replaceAll(TIME, '"TIME"').replaceAll(TASK_ID, "TASK");
  const resources: Resource[] = JSON.parse(text);
  // The SDK lists dependencies in the order in which it learns of them.
  for (const { dependencies, propertyDependencies = {} } of resources)
    for (const urns of [dependencies, ...Object.values(propertyDependencies)]) urns?.sort();
  return Object.fromEntries(
    resources.filter(({ type }) => !isProviderType(type)).map((resource) => [resource.urn, resource]),
  );
}
