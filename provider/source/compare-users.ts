import type { DatabaseBaseline } from "./baseline";
import { type Found, grouped } from "./difference";
import { orphanedUsers } from "./orphaned-users";

/** What became of the logins of users that both sides have. */
export function compareUsers(before: DatabaseBaseline, after: DatabaseBaseline): Found[] {
  const now = new Map(after.users.map((user) => [user.name, user]));
  const orphaned = before.users.filter(({ name, login }) => login !== null && now.get(name)?.login === null);
  const otherLogin = before.users.flatMap(({ name, login }) => {
    const loginNow = now.get(name)?.login ?? null;
    return login === null || loginNow === null || loginNow === login
      ? []
      : [{ name, detail: `${login} before, ${loginNow} after` }];
  });
  return [
    ...grouped({
      kind: "todo",
      name: "login",
      members: orphaned.map(({ name, login }) => (name === login ? { name } : { name, detail: `login ${login}` })),
      text: (list) => `users without their login: ${list}; run the output of logins.sql, or ALTER USER … WITH LOGIN`,
    }),
    ...grouped({
      kind: "todo",
      name: "disabled login",
      members: before.users.filter(
        ({ name, isLoginDisabled }) => isLoginDisabled === false && now.get(name)?.isLoginDisabled === true,
      ),
      text: (list) => `users whose login is disabled now: ${list}; ALTER LOGIN … ENABLE`,
    }),
    ...grouped({
      kind: "todo",
      name: "other login",
      members: otherLogin,
      text: (list) => `users with another login: ${list}`,
    }),
    ...grouped({
      kind: "todo",
      name: "without login",
      members: before.users.flatMap(({ name, isWithoutLogin: was }) => {
        const is = now.get(name)?.isWithoutLogin ?? null;
        return was === null || is === null || was === is
          ? []
          : [{ name, detail: `${was ? "yes" : "no"} before, ${is ? "yes" : "no"} after` }];
      }),
      text: (list) => `users created WITHOUT LOGIN on one side only: ${list}`,
    }),
    ...grouped({
      kind: "expected",
      name: "orphaned before",
      members: orphanedUsers(before).flatMap(({ name }) => (now.get(name)?.login === null ? [{ name }] : [])),
      text: (list) => `users without a login on either side: ${list}`,
    }),
  ];
}
