import type * as pulumi from "@pulumi/pulumi";
import { isSameName } from "../provider/model/names";
import { CutoverGroup } from "../provider/resources/cutover-group";
import { type DeclaredMember, rehearsalSuffix } from "./instance-members";
import type { InstanceMigrationArgs } from "./instance-migration-args";

/** Declares the group that opens the databases of an instance; undefined without a `cutoverGroup`. */
export function declareCutover(
  name: string,
  args: InstanceMigrationArgs,
  members: readonly DeclaredMember[],
  opts: pulumi.CustomResourceOptions,
): CutoverGroup | undefined {
  const { cutoverGroup, checkDb, timeout, pollInterval, region, profile, assumeRoleArn } = args;
  if (cutoverGroup === undefined) return undefined;
  const { phase, databases } = cutoverGroup;
  const restoring = members.filter((member) => member.phase === "restoring");
  const named = databases?.flatMap((wanted) => members.filter(({ source }) => isSameName(source, wanted)));
  const inOrder = (named ?? restoring).map(({ source, migration }) => [source, migration] as const);
  const common = { checkDb, timeout, pollInterval, region, profile, assumeRoleArn };
  return new CutoverGroup(
    `${name}-cutover${rehearsalSuffix(args)}`,
    { ...common, members: Object.fromEntries(inOrder), phase },
    opts,
  );
}
