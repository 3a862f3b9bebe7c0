import * as pulumi from "@pulumi/pulumi";
import type { AccessComponent } from "../../provider/resources/access-argument";
import { settledOutput } from "./sdk-runtime";

/**
 * Returns the resource that the ARN of a role comes from, so that migrations depend on it. While the ARN is unknown, the role may not
 * exist yet. Undefined for a plain text.
 */
export async function roleReference(roleArn: unknown): Promise<AccessComponent | undefined> {
  const { isKnown, resources } = settledOutput(roleArn);
  // The first of several is the component, which is complete when its resources are.
  const [source] = resources();
  return source && Object.assign(new pulumi.DependencyResource(await urnOf(source)), { createsRole: !(await isKnown) });
}

const urnOf = async (resource: pulumi.Resource): Promise<string> => String(await settledOutput(resource.urn).promise());
