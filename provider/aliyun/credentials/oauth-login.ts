import { realpath } from "node:fs/promises";
import type { Credentials } from "../object-store";
import { type CliProfile, expandHome, findProfile, readCliConfig, updateProfile } from "./cli-config";
import { withFileLock } from "./file-lock";
import { positiveOf, textOf } from "./key-values";
import { fetchOAuthKeys, isUsable, type OAuthSite, type OAuthTokens, renewTokens } from "./oauth";
import { SourceFault } from "./source-fault";

/** Where the aliyun CLI keeps an OAuth login. */
export interface OAuthLogin {
  site: OAuthSite;
  /** The name of the profile in `file`. */
  profile: string;
  file: string;
}

type StoredTokens = Partial<OAuthTokens>;

/** Renewed tokens that could not be written to their file, by the refresh token that they replace. */
const unwritten = new Map<string, OAuthTokens>();

/**
 * Temporary keys of an OAuth login. One process at a time renews a login and writes the new tokens back, because a refresh
 * token is valid once; the others read them from the file, as does the aliyun CLI.
 * @throws SourceFault when the login is missing or refused
 */
export async function fetchOAuthLoginKeys(login: OAuthLogin): Promise<Credentials> {
  const { accessToken } = await currentTokens(login);
  return fetchOAuthKeys(login.site, accessToken);
}

async function currentTokens(login: OAuthLogin): Promise<OAuthTokens> {
  const tokens = await readTokens(login);
  if (isUsable(tokens)) return tokens;
  // Processes that reach the file through different symbolic links share one lock.
  return withFileLock(await realpath(expandHome(login.file)), () => renewLogin(login));
}

async function renewLogin(login: OAuthLogin): Promise<OAuthTokens> {
  const tokens = await readTokens(login);
  try {
    return await renewAndStore(login, tokens);
  } catch (error) {
    // The aliyun CLI takes no lock, so it may have used the refresh token meanwhile.
    const latest = await readTokens(login);
    if (latest.refreshToken !== tokens.refreshToken) return renewAndStore(login, latest);
    const { accessToken, accessTokenExpire = 0 } = tokens;
    if (accessToken !== undefined && accessTokenExpire * 1000 > Date.now()) return { ...tokens, accessToken };
    throw error instanceof SourceFault && error.kind === "refused" ? refreshTokenRefused(error) : error;
  }
}

const refreshTokenRefused = ({ message }: SourceFault): SourceFault =>
  new SourceFault(`${message}; its refresh token has expired or was used before; log in again with the aliyun CLI`);

async function renewAndStore({ site, profile, file }: OAuthLogin, tokens: StoredTokens): Promise<OAuthTokens> {
  const renewed = await renewTokens(site, tokens);
  const { refreshToken } = tokens;
  if (refreshToken === undefined || renewed.refreshToken === refreshToken) return renewed;
  const changes = {
    oauth_refresh_token: renewed.refreshToken,
    oauth_access_token: renewed.accessToken,
    oauth_access_token_expire: renewed.accessTokenExpire,
  };
  // The old refresh token is void now, so this process keeps the new one where the file cannot be written.
  await updateProfile(file, profile, changes).catch(() => unwritten.set(refreshToken, renewed));
  return renewed;
}

async function readTokens({ profile, file }: OAuthLogin): Promise<StoredTokens> {
  let tokens = tokensOf(findProfile(await readCliConfig(file), profile));
  for (;;) {
    const newer = unwritten.get(tokens.refreshToken ?? "");
    if (newer === undefined) return tokens;
    tokens = newer;
  }
}

const tokensOf = (profile: CliProfile): StoredTokens => ({
  accessToken: textOf(profile.oauth_access_token),
  accessTokenExpire: positiveOf(profile.oauth_access_token_expire),
  refreshToken: textOf(profile.oauth_refresh_token),
});
