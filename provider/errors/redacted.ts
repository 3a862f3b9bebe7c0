/** A URL as it is or percent-encoded any number of times: for 2008 R2 one carries a signature, and errors echo requests. */
const URLS = /https?(?::|%(?:25)*3A)(?:\/|%(?:25)*2F){2}[^\s"'<>]+/gi;
/**
 * Parameters, headers and JSON members that hold a secret, in either spelling of their separator. The value goes on over
 * percent-encoded characters, which signatures are full of, up to the next parameter.
 */
const SECRET_PARAMETERS =
  /((?:security-?token|(?:x-oss-|x-acs-)?signature(?!-?(?:method|version|nonce|type))|access-?key-?secret|secret-?key)["']?\s*(?:=|:|%(?:25)*3D)\s*["']?)(?:[^\s"'<>&,;%]|%(?!(?:25)*26))+/gi;

/** With a signature that does not fit, the service repeats the whole request: all its parameters and headers. */
const ECHOED_REQUEST = /[\s,;.]*(?:server )?string to sign is:.*$/is;

/**
 * Somebody else's words without what must not be seen: signed URLs, and the parameters of requests that they quote ("POST
 * http://… failed"). Every text of a service or a library passes here before it is shown or kept.
 */
export const redacted = (text: string): string =>
  text.replace(ECHOED_REQUEST, ".").replace(URLS, "<url>").replace(SECRET_PARAMETERS, "$1<secret>");

/** User and password before the host of a URL. */
const USER_INFO = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'<>]+@/gi;
/** What follows a URL's question mark: signatures and tokens, among others. */
const QUERIES = /(https?:\/\/[^\s?"'<>]+)\?[^\s"'<>]*/gi;

/**
 * A message without the secrets that a user's own values may hold (a signed URL given as a backup, a proxy's or an endpoint's
 * password): milder than {@link redacted}, because it has to name endpoints and files. Every message of the catalogue passes here.
 */
export const withoutSecrets = (text: string): string =>
  text.replace(USER_INFO, "$1<secret>@").replace(QUERIES, "$1?<secret>").replace(SECRET_PARAMETERS, "$1<secret>");
