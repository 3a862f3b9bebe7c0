import type { Credentials } from "../object-store";
import { type KeyNames, membersOf, parseJson, readTemporaryKeys, textOf } from "./key-values";
import { fetchReply, SourceFault } from "./source-fault";

/** Tokens of an OAuth login of the aliyun CLI; times are seconds since the epoch. A refresh token is valid once. */
export interface OAuthTokens {
  accessToken: string;
  accessTokenExpire?: number;
  refreshToken?: string;
}

/** Where the login was made. */
export interface OAuthSite {
  url: string;
  clientId: string;
}

const SITES: Readonly<Record<string, OAuthSite>> = {
  CN: { url: "https://oauth.aliyun.com", clientId: "4038181954557748008" },
  INTL: { url: "https://oauth.alibabacloud.com", clientId: "4103531455503354461" },
};
/** The access token is renewed this long before it expires; seconds. */
const RENEW_EARLY_SECONDS = 1200;
const DEFAULT_SECONDS = 3600;
const NAMES: KeyNames = {
  id: "accessKeyId",
  secret: "accessKeySecret",
  token: "securityToken",
  expiration: "expiration",
};

/** The site of a profile's `oauth_site_type`. @throws SourceFault for another than CN and INTL */
export function oauthSite(siteType: string | undefined): OAuthSite {
  const site = SITES[(siteType ?? "").toUpperCase()];
  if (site === undefined) throw new SourceFault("oauth_site_type is neither CN nor INTL");
  return site;
}

const nowInSeconds = (): number => Math.floor(Date.now() / 1000);

/** Whether the tokens need no renewal yet, or cannot be renewed. */
export function isUsable(tokens: Partial<OAuthTokens>): tokens is OAuthTokens {
  const { accessToken, accessTokenExpire = 0, refreshToken } = tokens;
  if (accessToken === undefined) return false;
  return refreshToken === undefined || accessTokenExpire - nowInSeconds() > RENEW_EARLY_SECONDS;
}

/** The same tokens, or new ones shortly before they expire. */
export async function renewTokens(site: OAuthSite, tokens: Partial<OAuthTokens>): Promise<OAuthTokens> {
  if (isUsable(tokens)) return tokens;
  const { refreshToken } = tokens;
  if (refreshToken === undefined) throw new SourceFault("the OAuth login is missing; log in again with the aliyun CLI");
  const form = { grant_type: "refresh_token", refresh_token: refreshToken, client_id: site.clientId };
  const { body } = await fetchReply("the renewal of the OAuth login", {
    method: "POST",
    url: `${site.url}/v1/token`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
  });
  const reply = membersOf(parseJson(body.toString("utf8"), "the reply of the OAuth service"));
  const [access, refresh] = [textOf(reply.access_token), textOf(reply.refresh_token)];
  if (access === undefined || refresh === undefined) throw new SourceFault("the OAuth service gave no tokens");
  const seconds = typeof reply.expires_in === "number" ? reply.expires_in : DEFAULT_SECONDS;
  return { accessToken: access, refreshToken: refresh, accessTokenExpire: nowInSeconds() + seconds };
}

/** Temporary keys in exchange for an OAuth login. @see @alicloud/credentials 2.4.7, providers/oauth */
export async function fetchOAuthKeys(site: OAuthSite, accessToken: string): Promise<Credentials> {
  const { body } = await fetchReply("the exchange of the OAuth login", {
    method: "POST",
    url: `${site.url}/v1/exchange`,
    headers: { "content-type": "application/json", authorization: `Bearer ${accessToken}` },
  });
  const source = "the reply of the OAuth service";
  return readTemporaryKeys(parseJson(body.toString("utf8"), source), NAMES, source);
}
