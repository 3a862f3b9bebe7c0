import { backupErrors } from "./backup-errors";
import type { CatalogueEntry } from "./catalogue-entry";
import { cloudErrors } from "./cloud-errors";
import { inputErrors } from "./input-errors";
import { ossErrors } from "./oss-errors";
import { rdsErrors } from "./rds-errors";

/** Every fault that this project reports, by code. One file for each part of the project that reports them. */
export const catalogue = { ...inputErrors, ...backupErrors, ...ossErrors, ...rdsErrors, ...cloudErrors };

export type ErrorCode = keyof typeof catalogue;
export type ErrorValues<C extends ErrorCode> = (typeof catalogue)[C] extends CatalogueEntry<infer V> ? V : never;
