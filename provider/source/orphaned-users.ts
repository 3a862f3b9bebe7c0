import type { DatabaseBaseline } from "./baseline";

type User = DatabaseBaseline["users"][number];

export const isSqlUser = ({ type }: User): boolean => type === "SQL_USER";

/** Users that need a login and have none. Users of a contained database and those created WITHOUT LOGIN need none. */
export function orphanedUsers({ containment, users }: DatabaseBaseline): User[] {
  if (containment !== null && containment !== "NONE") return [];
  return users.filter((user) => isSqlUser(user) && user.login === null && user.isWithoutLogin === false);
}
