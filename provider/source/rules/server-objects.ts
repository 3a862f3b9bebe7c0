import type { Baseline } from "../baseline";
import { any } from "./baseline-rule";

/** One check of the whole source server. Its findings are warnings: the migration works without these objects. */
export interface ServerRule {
  code: string;
  /** Describes what the server has; undefined without it. */
  find: (source: Baseline) => string | undefined;
  remedy: string;
  source: string;
}

const named = (objects: readonly { name: string }[], what: (list: string) => string): string | undefined =>
  any(
    objects.map(({ name }) => name),
    what,
  );

/** Objects and settings of the source server that no backup of a database contains. */
export const SERVER_OBJECTS: readonly ServerRule[] = [
  {
    code: "SOURCE_LINKED_SERVERS",
    find: ({ linkedServers }) =>
      named(linkedServers, (list) => `the source has linked servers, which a backup does not contain: ${list}`),
    remedy: "Create the ones that are needed on the destination.",
    source: "sys.servers",
  },
  {
    code: "SOURCE_SERVER_TRIGGERS",
    find: ({ serverTriggers }) =>
      named(serverTriggers, (list) => `the source has server triggers, which a backup does not contain: ${list}`),
    remedy:
      "CREATE TRIGGER … ON ALL SERVER needs CONTROL SERVER, which RDS does not grant: check logins with its IP whitelist, and write database triggers for the rest.",
    source: "sys.server_triggers; CREATE TRIGGER, permissions",
  },
  {
    code: "SOURCE_ENDPOINTS",
    find: ({ endpoints }) =>
      any(
        endpoints.map(({ name, type }) => `${name} (${type ?? "?"})`),
        (list) => `the source has endpoints, which a backup does not contain: ${list}`,
      ),
    remedy:
      "RDS does not grant CREATE ENDPOINT: end mirroring and availability groups here, and replace Service Broker between servers.",
    source: "sys.endpoints; CREATE ENDPOINT, permissions",
  },
  {
    code: "SOURCE_MAIL",
    find: ({ mailProfiles }) =>
      named(mailProfiles, (list) => `the source has profiles of Database Mail, which are in msdb: ${list}`),
    remedy:
      "Ask Alibaba Cloud whether the instance offers Database Mail: without it, procedures that call sp_send_dbmail fail.",
    source: "sysmail_help_profile_sp",
  },
  {
    code: "SOURCE_RESOURCE_GOVERNOR",
    find: ({ workloadGroups }) =>
      named(
        workloadGroups,
        (list) => `Resource Governor is on, and a backup does not contain its workload groups: ${list}`,
      ),
    remedy:
      "ALTER RESOURCE GOVERNOR needs CONTROL SERVER, which RDS does not grant: choose an instance type for the whole load.",
    source: "sys.resource_governor_configuration, sys.resource_governor_workload_groups",
  },
  {
    code: "SOURCE_TRACE_FLAGS",
    find: ({ traceFlags }) =>
      named(
        traceFlags,
        (list) => `trace flags are on for the whole source server, and a backup does not contain them: ${list}`,
      ),
    remedy:
      "DBCC TRACEON needs sysadmin, which RDS does not grant: test without them. Newer versions have several as their default or as a database-scoped configuration.",
    source: "DBCC TRACESTATUS; DBCC TRACEON, permissions",
  },
];
