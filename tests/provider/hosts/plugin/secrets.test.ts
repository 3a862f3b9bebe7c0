import { keepSecrets, withSecretsKept } from "../../../../provider/hosts/plugin/secrets";
import { asSecret, toStruct } from "../../../../provider/hosts/plugin/struct";
import { InitError } from "../../../../provider/model/init-error";

const SOURCE = toStruct({
  retryTrigger: asSecret("s"),
  upload: { rateLimit: asSecret(1), parallel: 2 },
  list: [asSecret("a")],
  plain: 1,
});

test("marks what is secret under the same name: in objects member by member, a list as a whole", () => {
  const values = {
    retryTrigger: "s",
    upload: { rateLimit: 1, parallel: 2 },
    list: ["a", "b"],
    plain: 1,
    computed: "c",
  };
  expect(keepSecrets(values, SOURCE)).toEqual({
    ...values,
    retryTrigger: asSecret("s"),
    upload: { rateLimit: asSecret(1), parallel: 2 },
    list: asSecret(["a", "b"]),
  });
  expect(keepSecrets(values, undefined)).toEqual(values);
});

test("the outputs of an init error keep the secrets of the old and the new values, once", async () => {
  const failing = async () => {
    throw new InitError("id", { retryTrigger: "s", plain: 1 }, {}, ["why"]);
  };
  const sources = [SOURCE, toStruct({ plain: asSecret(1), retryTrigger: asSecret("s") })];
  await expect(withSecretsKept(sources, failing)).rejects.toMatchObject({
    id: "id",
    properties: { retryTrigger: asSecret("s"), plain: asSecret(1) },
    reasons: ["why"],
  });
});
