import type { Assumption } from "../assumption";
import { OSS } from "./oss";
import { RAM } from "./ram";
import { RDS_READS } from "./rds-reads";
import { RDS_RESTORES } from "./rds-restores";
import { RDS_TASKS } from "./rds-tasks";
import { REQUESTS } from "./requests";

/** Every statement about the live service that nobody has seen, in the order of the report. */
export const ASSUMPTIONS: readonly Assumption[] = [
  ...REQUESTS,
  ...RDS_READS,
  ...RAM,
  ...OSS,
  ...RDS_RESTORES,
  ...RDS_TASKS,
];
