import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Secrets } from "../../../../provider/hosts/plugin/secrets";
import { toSecret } from "../../../../provider/hosts/plugin/struct";

const given = Struct.fromJavaScript({
  retryTrigger: toSecret("s"),
  upload: { rateLimit: toSecret(1), parallel: 2 },
  list: [toSecret("a")],
} as never);

test("marks what is secret under the same name: in objects member by member, a list as a whole", () => {
  const secrets = new Secrets();
  const values = secrets.read(given);
  expect(values).toEqual({ retryTrigger: "s", upload: { rateLimit: 1, parallel: 2 }, list: ["a"] });
  expect(secrets.write({ ...values, list: ["b", "a"], computed: "c" }, given).toJavaScript()).toEqual({
    retryTrigger: toSecret("s"),
    upload: { rateLimit: toSecret(1), parallel: 2 },
    list: toSecret(["b", "a"]),
    computed: "c",
  });
  expect(secrets.write(values).toJavaScript()).toEqual(values);
});
