import { settingsOf, withOwnNames } from "../../../../provider/hosts/plugin/provider-arguments";
import { startEngineServer } from "../../support/engine-server";
import { PluginClient } from "../../support/plugin-client";

let plugin: PluginClient;
let stopEngine: () => void;
beforeAll(async () => {
  const engine = await startEngineServer();
  stopEngine = engine.vanish;
  plugin = await PluginClient.start(engine.address);
});
afterAll(() => {
  plugin.close();
  stopEngine();
});

const ROLE = {
  roleArn: "acs:ram::1234:role/migrate",
  externalId: "x",
  sessionName: "s",
  sessionExpiration: 900,
  policy: "{}",
};

test("accepts every argument, also as the JSON and the texts of a stack's configuration", async () => {
  const plain = { region: "cn-hangzhou", profile: "p", accessKey: "a", secretKey: "s", securityToken: "" };
  for (const objects of [
    { assumeRole: ROLE, endpoints: { rds: "rds.example.com", oss: "http://127.0.0.1:80/" } },
    {
      assumeRole: JSON.stringify({ ...ROLE, sessionExpiration: "900" }),
      endpoints: '{"sts":"https://sts.example.com"}',
    },
  ]) {
    const { failures } = await plugin.checkConfig({
      ...plain,
      ...objects,
      version: "1.0.0",
      pluginDownloadURL: "github://x",
    });
    expect(failures).toEqual([]);
  }
});

test("keeps the keys secret, also where the program does not", async () => {
  const secret = (value: string) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });
  const { inputs } = await plugin.checkConfig({
    region: "cn-hangzhou",
    accessKey: "a",
    secretKey: "b",
    securityToken: "c",
  });
  expect(inputs).toEqual({
    ...{ region: "cn-hangzhou", accessKey: secret("a") },
    ...{ secretKey: secret("b"), securityToken: secret("c") },
  });
});

test.each([
  [{ regoin: "cn-hangzhou" }, /^INPUT_INVALID: \[regoin\] is not an argument of a provider of sqlserver-migration\./],
  [{ region: "Hangzhou" }, /^INPUT_INVALID: \[region\] is not a region\./],
  [{ assumeRole: "role" }, /^INPUT_INVALID: \[assumeRole\] is not an object\./],
  [{ assumeRole: { sessionName: "s" } }, /^INPUT_INVALID: \[assumeRole\.roleArn\] is missing\./],
  [
    { assumeRole: { ...ROLE, sessionExpiration: 60 } },
    /^INPUT_INVALID: \[assumeRole\.sessionExpiration\] is not a whole/,
  ],
  [{ assumeRole: { ...ROLE, roleName: "r" } }, /^INPUT_INVALID: \[assumeRole\.roleName\] is not an argument/],
  [{ endpoints: { rds: "https://x/y" } }, /^INPUT_INVALID: \[endpoints\.rds\] is not an address\./],
  [{ endpoints: { ecs: "x" } }, /^INPUT_INVALID: \[endpoints\.ecs\] is not an argument/],
  [{ accessKey: 5 }, /^INPUT_INVALID: \[accessKey\] is not a text\./],
])("refuses %j", async (args, expected) => {
  expect((await plugin.checkConfig(args)).failures).toEqual([expect.stringMatching(expected)]);
});

test("a changed argument is a change and replaces nothing; equal ones are none", async () => {
  const olds = { region: "cn-hangzhou", endpoints: { rds: "one" } };
  expect(await plugin.diffConfig(olds, { ...olds })).toMatchObject({ changes: false });
  expect(await plugin.diffConfig(olds, { ...olds, endpoints: { rds: "two" } })).toEqual({
    ...{ changes: true, replaces: [], deleteBeforeReplace: false },
    properties: { "endpoints.rds": "UPDATE" },
  });
});

test("the handlers read the arguments as the alicloud configuration, and the environment where there is none", () => {
  const settings = settingsOf(
    { region: "cn-hangzhou", assumeRole: ROLE, endpoints: { oss: "http://oss" } },
    { ALIBABA_CLOUD_ENDPOINT_OSS: "other", ALIBABA_CLOUD_ENDPOINT_RDS: "rds" },
  );
  expect(settings.config("alicloud:region")).toBe("cn-hangzhou");
  expect(JSON.parse(settings.config("alicloud:assumeRole") ?? "")).toEqual(ROLE);
  expect(settings.config("alicloud:profile")).toBeUndefined();
  expect(settings.env("ALIBABA_CLOUD_ENDPOINT_OSS")).toBe("http://oss");
  expect(settings.env("ALIBABA_CLOUD_ENDPOINT_RDS")).toBe("rds");
});

test("messages name the settings as the plugin's own", () =>
  expect(withOwnNames("Run: pulumi config set alicloud:region cn-hangzhou")).toBe(
    "Run: pulumi config set sqlserver-migration:region cn-hangzhou",
  ));
