import { IMPORT_ROLE } from "../../provider/aliyun/ram-api";
import type { Assumption } from "../assumption";

/** Statements about RAM. */
export const RAM: readonly Assumption[] = [
  {
    id: "ram-import-role-trust",
    assumed: `The trust policy of ${IMPORT_ROLE} names rds.aliyuncs.com.`,
    basis: "the page on authorizing RDS; the text of the policy is printed nowhere",
    otherwise: "Another trusted service is a warning at preview, not an error.",
    probe: {
      spend: "none",
      cost: "1 request",
      run: async ({ ram }) => {
        const role = await ram.findRole(IMPORT_ROLE);
        if (role === undefined) return { seen: "this account has no such role" };
        const services: string[] = role.trustPolicy.match(/[\w.-]+\.aliyuncs\.com/g) ?? [];
        return { seen: services.join(", ") || "no service", agrees: services.includes("rds.aliyuncs.com") };
      },
    },
    overrides: [
      { control: "ram.setRole", argument: { name: IMPORT_ROLE, trustedServices: ["import.rds.aliyuncs.com"] } },
    ],
  },
  {
    id: "ram-service-linked-role",
    assumed: "Imports use AliyunRDSImportRole, not the service-linked role of 2024.",
    basis: "inferred: no page says which one",
    otherwise: "A missing role is a warning at preview; where RDS refuses, the error names the role.",
    probe: { noProbe: "it would need an account without the one or the other role, and deletes no role" },
  },
];
