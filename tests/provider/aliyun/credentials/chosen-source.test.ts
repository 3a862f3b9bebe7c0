import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CredentialRig, FOUND, ROLE, startCredentialRig } from "./support/credential-rig";

let rig: CredentialRig;
beforeEach(async () => {
  rig = await startCredentialRig();
});
afterEach(() => rig.close());

const keys = (name: string) => ({ name, mode: "AK", access_key_id: `id-${name}`, access_key_secret: "s" });

describe("a source that had keys and fails later", () => {
  it("is the only one in the error: another account is never used in its place, and it is tried again", async () => {
    const file = rig.writeProfiles(keys("work"));
    const source = rig.source({ ALIBABA_CLOUD_CREDENTIALS_URI: `${rig.origin}/keys` });
    expect(await source.get()).toMatchObject({ accessKeyId: "id-work" });
    rmSync(file);
    for (const options of [undefined, { fresh: true }]) {
      const error: unknown = await source.get(options).catch((thrown: unknown) => thrown);
      expect(String(error)).toMatch(/NO_CREDENTIALS.*- ~\/\.aliyun\/config\.json: the file does not exist\./s);
      expect(String(error)).not.toContain("the credentials URI");
    }
    expect(rig.received).toEqual([]);
    rig.writeProfiles(keys("home"));
    expect(await source.get()).toMatchObject({ accessKeyId: "id-home" });
  });

  it("stays the choice when it is the environment", async () => {
    rig.writeProfiles(keys("work"));
    const env: Record<string, string> = { ALICLOUD_ACCESS_KEY: "id", ALICLOUD_SECRET_KEY: "s" };
    const source = rig.source(env);
    expect(await source.get()).toMatchObject({ accessKeyId: "id" });
    env.ALICLOUD_SECRET_KEY = "";
    await expect(source.get()).rejects.toThrow(
      /- the environment: ALICLOUD_ACCESS_KEY is set, but .* is not\.\n(?!- )/,
    );
  });
});

describe("a place that is not the chosen one", () => {
  const uri = () => ({ ALIBABA_CLOUD_CREDENTIALS_URI: `${rig.origin}/keys` });
  const expired = {
    ...{ mode: "CloudSSO", access_token: "t", cloud_sso_access_token_expire: 1_700_000_000 },
  };

  it.each<[string, object, Record<string, string>, string]>([
    ["an expired login", { ...expired }, {}, "~/.aliyun/config.json: the CloudSSO login expired at"],
    ["an unsupported mode", { mode: "X" }, {}, "~/.aliyun/config.json: the profile p has the unsupported mode X"],
    ["keys without a mode", { ...keys("p"), mode: "" }, {}, "~/.aliyun/config.json: the profile p has no mode"],
    ["half a key", { mode: "AK", access_key_id: "a" }, {}, "~/.aliyun/config.json: the profile p has no access_key_"],
    ["half a key of the environment", keys("p"), { ALICLOUD_ACCESS_KEY: "a" }, "the environment: ALICLOUD_ACCESS_KEY"],
    [
      "a role whose source has no keys",
      { mode: "RamRoleArn", ram_role_arn: ROLE },
      {},
      "~/.aliyun/config.json: the pr",
    ],
  ])("ends the search with its reason when it is configured and broken: %s", async (_, profile, env, reason) => {
    rig.writeProfiles({ name: "p", ...profile });
    const error: unknown = await rig
      .source({ ...uri(), ...env })
      .get()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "NO_CREDENTIALS" });
    expect(String(error)).toContain(`- ${reason}`);
    expect(String(error)).toContain(
      `The search ended at ${reason.split(":")[0]}: keys of another place may belong to another account.`,
    );
    expect(rig.received).toEqual([]);
  });

  it.each<[string, object[]]>([
    ["the default profile that the aliyun CLI writes", [{ name: "default", mode: "AK", access_key_id: "" }]],
    ["no profile", []],
  ])("is passed over when nothing is configured there: %s", async (_, profiles) => {
    const file = rig.writeProfiles();
    writeFileSync(file, JSON.stringify({ current: "default", profiles }));
    expect(await rig.source(uri()).get()).toMatchObject(FOUND);
  });

  it.each(["ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE", "ALIBABA_CLOUD_ECS_METADATA"])(
    "ends the search when %s names it and it is missing",
    async (name) => {
      const named = { [name]: name === "ALIBABA_CLOUD_ECS_METADATA" ? "role" : join(rig.folder, "none") };
      await expect(rig.source({ ...uri(), ...named }).get()).rejects.toThrow(/NO_CREDENTIALS/);
      expect(rig.received).toEqual([]);
    },
  );
});

describe("a place that variables name is the last one", () => {
  it("ALIBABA_CLOUD_PROFILE: the profile, else the section, and never the account of the machine", async () => {
    rig.writeProfiles(keys("work"), keys("prod"));
    const uri = { ALIBABA_CLOUD_CREDENTIALS_URI: `${rig.origin}/keys` };
    const prod = rig.source({ ...uri, ALIBABA_CLOUD_PROFILE: "prod" });
    expect(await prod.get()).toMatchObject({ accessKeyId: "id-prod" });
    await expect(rig.source({ ...uri, ALIBABA_CLOUD_PROFILE: "prd" }).get()).rejects.toThrow(
      /- ~\/\.aliyun\/config\.json: the file has no such profile as prd, only work, prod\.\n- ~\/\.alibabacloud\/credentials: .*\n(?!- )/,
    );
    expect(rig.received).toEqual([]);
  });

  it("a role of an OIDC token without the token", async () => {
    rig.writeProfiles(keys("work"));
    const oidc = {
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1:oidc-provider/p",
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: join(rig.folder, "none"),
    };
    await expect(rig.source({ ...oidc, ALIBABA_CLOUD_ROLE_ARN: ROLE }).get()).rejects.toThrow(
      /- OIDC: the file with the OIDC token, .*, cannot be read \(ENOENT\)\.\n(?!- )/,
    );
    // Without a role the variables name nothing.
    expect(await rig.source(oidc).get()).toMatchObject({ accessKeyId: "id-work" });
  });
});

describe("the role of the environment", () => {
  const env = { ALICLOUD_ACCESS_KEY: "id", ALICLOUD_SECRET_KEY: "s" };

  it("ALICLOUD_ASSUME_ROLE_ARN is assumed with the session of its variables", async () => {
    const session = { ALICLOUD_ASSUME_ROLE_SESSION_NAME: "ci", ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION: "900" };
    const source = rig.source({ ...env, ALICLOUD_ASSUME_ROLE_ARN: ROLE, ...session });
    expect(await source.get()).toMatchObject(FOUND);
    expect(rig.parameters()).toMatchObject({ RoleArn: ROLE, RoleSessionName: "ci", DurationSeconds: "900" });
  });

  it("ALIBABA_CLOUD_ROLE_ARN names the role of an OIDC token only: keys do not assume it", async () => {
    expect(await rig.source({ ...env, ALIBABA_CLOUD_ROLE_ARN: ROLE }).get()).toMatchObject({ accessKeyId: "id" });
    expect(rig.received).toEqual([]);
  });
});

it("the conditions of alicloud:assumeRole belong to its own role, not to another one of an argument", async () => {
  const env = { ALICLOUD_ACCESS_KEY: "id", ALICLOUD_SECRET_KEY: "s" };
  const config = { "alicloud:assumeRole": JSON.stringify({ roleArn: ROLE, externalId: "ext", policy: "{}" }) };
  await rig.source(env, config, { assumeRoleArn: ROLE }).get();
  expect(rig.parameters(0)).toMatchObject({ RoleArn: ROLE, ExternalId: "ext", Policy: "{}" });
  await rig.source(env, config, { assumeRoleArn: "acs:ram::2:role/other" }).get();
  expect(rig.parameters(1)).toMatchObject({ RoleArn: "acs:ram::2:role/other" });
  expect(Object.keys(rig.parameters(1))).not.toEqual(expect.arrayContaining(["ExternalId"]));
  expect(Object.keys(rig.parameters(1))).not.toEqual(expect.arrayContaining(["Policy"]));
});

describe("ALIBABA_CLOUD_CREDENTIALS_FILE", () => {
  const write = (text: string) => {
    const file = join(rig.folder, "keys.ini");
    writeFileSync(file, text);
    return { ALIBABA_CLOUD_CREDENTIALS_FILE: file };
  };
  const KEYS = "access_key_id = a\naccess_key_secret = b";

  it("holds keys in its sections", async () => {
    const file = write(
      `[default]\ntype = access_key\n${KEYS}\n[x]\ntype=access_key\naccess_key_id=c\naccess_key_secret=d\n`,
    );
    expect(await rig.source(file).get()).toEqual({ accessKeyId: "a", accessKeySecret: "b" });
    const other = { ...file, ALIBABA_CLOUD_PROFILE: "x" };
    expect(await rig.source(other).get()).toEqual({ accessKeyId: "c", accessKeySecret: "d" });
  });

  it("holds a role with its keys, which is assumed through the proxy", async () => {
    const role = `role_arn = ${ROLE}\nrole_session_name = ini\npolicy = {"Version":"1"}`;
    expect(await rig.source(write(`[default]\ntype = ram_role_arn\n${KEYS}\n${role}\n`)).get()).toMatchObject(FOUND);
    expect(rig.parameters()).toMatchObject({ RoleArn: ROLE, RoleSessionName: "ini", Policy: '{"Version":"1"}' });
    expect(rig.proxy.asked).toEqual([expect.stringMatching(/^POST http:/)]);
  });

  it("is refused by name when it is a file of the aliyun CLI", async () => {
    await expect(rig.source(write("{}")).get()).rejects.toThrow(
      "the file is JSON; name a file of the aliyun CLI in ALICLOUD_SHARED_CREDENTIALS_FILE.",
    );
  });
});
