import { chmodSync, lstatSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { updateProfile } from "../../../../provider/aliyun/credentials/cli-config";
import { fetchOAuthKeys, oauthSite, renewTokens } from "../../../../provider/aliyun/credentials/oauth";
import { type CredentialRig, FOUND, ROLE, startCredentialRig } from "./support/credential-rig";

let rig: CredentialRig;
beforeEach(async () => {
  rig = await startCredentialRig();
});
afterEach(() => rig.close());

const BASE = { name: "base", mode: "AK", access_key_id: "id", access_key_secret: "s" };

describe("ChainableRamRoleArn", () => {
  const chained = (name: string, source: string, role = ROLE) => ({
    ...{ name, mode: "ChainableRamRoleArn", source_profile: source, ram_role_arn: role },
    external_id: `ext-${name}`,
  });

  it("assumes each role with the keys of the profile behind it", async () => {
    rig.writeProfiles(chained("top", "middle", "acs:ram::2:role/top"), chained("middle", "base"), BASE);
    expect(await rig.source({}).get()).toMatchObject(FOUND);
    expect(rig.received).toHaveLength(2);
    expect(rig.parameters(0)).toMatchObject({ RoleArn: ROLE, ExternalId: "ext-middle" });
    expect(rig.received[0]?.headers.authorization).toContain("Credential=id,");
    expect(rig.parameters(1)).toMatchObject({ RoleArn: "acs:ram::2:role/top", ExternalId: "ext-top" });
    expect(rig.received[1]?.headers.authorization).toContain("Credential=STS.id,");
    expect(rig.received[1]?.headers["x-acs-security-token"]).toBe("tok");
  });

  it("names a circle and a profile that is missing", async () => {
    rig.writeProfiles(chained("top", "middle"), chained("middle", "top"));
    await expect(rig.source({}).get()).rejects.toThrow("source_profile leads in a circle to the profile top.");
    rig.writeProfiles(chained("top", "nobody"));
    await expect(rig.source({}).get()).rejects.toThrow("the file has no such profile as nobody, only top.");
  });
});

describe("OAuth", () => {
  const nowSeconds = () => Math.floor(Date.now() / 1000);
  const site = () => ({ url: rig.origin, clientId: "client" });

  it("exchanges an access token for keys, through the proxy", async () => {
    const body = {
      accessKeyId: "STS.id",
      accessKeySecret: "sec",
      securityToken: "tok",
      expiration: "2099-01-01T00:00:00Z",
    };
    rig.replies.set("/v1/exchange", { status: 200, body });
    expect(await fetchOAuthKeys(site(), "access")).toMatchObject(FOUND);
    expect(rig.proxy.asked).toEqual([`POST ${rig.origin}/v1/exchange`]);
    expect(rig.received[0]?.headers.authorization).toBe("Bearer access");
  });

  it("renews a token that expires soon, with the refresh token in the body, and no other", async () => {
    rig.replies.set("/v1/token", {
      status: 200,
      body: { access_token: "new", refresh_token: "next", expires_in: 7200 },
    });
    const good = { accessToken: "old", accessTokenExpire: nowSeconds() + 3600, refreshToken: "refresh" };
    expect(await renewTokens(site(), good)).toEqual(good);
    expect(rig.received).toEqual([]);
    const renewed = await renewTokens(site(), { ...good, accessTokenExpire: nowSeconds() + 60 });
    expect(renewed).toMatchObject({ accessToken: "new", refreshToken: "next" });
    expect((renewed.accessTokenExpire ?? 0) - nowSeconds()).toBeGreaterThan(7100);
    expect(rig.parameters()).toEqual({ grant_type: "refresh_token", refresh_token: "refresh", client_id: "client" });
    expect(rig.proxy.asked).toEqual([`POST ${rig.origin}/v1/token`]);
  });

  it("a login that is refused, missing, or of an unknown site is named without its tokens", async () => {
    rig.replies.set("/v1/token", { status: 401, body: { error: "S3cr3t" } });
    await expect(renewTokens(site(), { refreshToken: "S3cr3t" })).rejects.toThrow(
      /^[\d.:]+ answered the renewal of the OAuth login with HTTP 401$/,
    );
    expect(() => oauthSite("MARS")).toThrow("oauth_site_type is neither CN nor INTL");
    rig.writeProfiles({ name: "o", mode: "OAuth", oauth_site_type: "CN" });
    await expect(rig.source({}).get()).rejects.toThrow(
      "~/.aliyun/config.json: the OAuth login is missing; log in again with the aliyun CLI.",
    );
  });

  it.each([[false], [true]])(
    "keeps the rest of the CLI's file when it stores new tokens (symbolic link: %s)",
    async (isLink) => {
      const file = rig.writeProfiles({ name: "o", mode: "OAuth", note: [1] }, BASE);
      const real = isLink ? join(rig.folder, "real.json") : file;
      if (isLink) {
        renameSync(file, real);
        symlinkSync(real, file);
      }
      chmodSync(real, 0o640);
      const { ino } = statSync(real);
      await updateProfile(file, "o", { oauth_refresh_token: "next" });
      expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
        current: "o",
        profiles: [{ name: "o", mode: "OAuth", note: [1], oauth_refresh_token: "next" }, BASE],
      });
      expect(lstatSync(file).isSymbolicLink()).toBe(isLink);
      expect(statSync(real).mode & 0o777).toBe(0o640);
      expect(statSync(real).ino).not.toBe(ino); // a new file took its place
      expect(readdirSync(dirname(file))).toEqual(["config.json"]);
    },
  );
});
