/** The engine version whose migrations overwrite an existing database and take a signed URL. `08r2_ent_ha` (cloud disks) is another version. */
export const LEGACY_VERSION = "2008r2";
