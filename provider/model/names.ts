/** Compares database names as SQL Server does by its default collations: without case. */
export const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
