/** Compares database names without case, as SQL Server does with its default collations. */
export const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
