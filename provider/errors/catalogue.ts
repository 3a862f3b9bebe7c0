import { backupErrors } from "./backup-errors";
import type { CatalogueEntry } from "./catalogue-entry";
import { chainErrors } from "./chain-errors";
import { cloudErrors } from "./cloud-errors";
import { destinationErrors } from "./destination-errors";
import { inputErrors } from "./input-errors";
import { instanceErrors } from "./instance-errors";
import { onlineWarnings } from "./online-warnings";
import { ossErrors } from "./oss-errors";
import { preflightErrors } from "./preflight-errors";
import { rdsErrors } from "./rds-errors";
import { sourceErrors } from "./source-errors";
import { stateErrors } from "./state-errors";
import { taskErrors } from "./task-errors";

/** Every fault that this project reports, by code. One file for each part of the project that reports them. */
export const catalogue = {
  ...inputErrors,
  ...instanceErrors,
  ...backupErrors,
  ...ossErrors,
  ...preflightErrors,
  ...destinationErrors,
  ...rdsErrors,
  ...sourceErrors,
  ...stateErrors,
  ...taskErrors,
  ...chainErrors,
  ...onlineWarnings,
  ...cloudErrors,
};

export type ErrorCode = keyof typeof catalogue;
export type ErrorValues<C extends ErrorCode> = (typeof catalogue)[C] extends CatalogueEntry<infer V> ? V : never;
