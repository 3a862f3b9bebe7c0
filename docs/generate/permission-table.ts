import { PERMISSIONS, type PermissionSubject, type PolicyDocument } from "../../provider/aliyun/ram/permissions";

const SUBJECTS: Readonly<Record<PermissionSubject, string>> = {
  instance: "the instance",
  bucket: "the bucket",
  object: "its objects",
  importRole: "the import role",
};

/** The table of all actions of the policy. */
export function permissionTable(): string {
  const rows = [...PERMISSIONS].map(
    ([action, { on, looks, use }]) => `| \`${action}\` | ${SUBJECTS[on]} | ${looks ? "yes" : "–"} | ${use} |`,
  );
  return ["| action | asked on | preview | used for |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** A policy as a code block to paste into the RAM console. */
export const policyBlock = (policy: PolicyDocument): string => `\`\`\`json\n${JSON.stringify(policy, null, 2)}\n\`\`\``;
