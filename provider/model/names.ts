/** Key of a database or server name in a map or set: SQL Server's default collations compare names without case. */
export const nameKey = (name: string): string => name.toLowerCase();

/** Compares names of databases and servers without case, as SQL Server does by its default collations. */
export const isSameName = (one: string, other: string): boolean => nameKey(one) === nameKey(other);
