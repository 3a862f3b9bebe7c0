/** A URL, plain or percent-encoded any number of times: for 2008 R2 it carries a signature, and errors echo requests. */
const URLS = /https?(?::|%(?:25)*3A)(?:\/|%(?:25)*2F){2}[^\s"'<>]+/gi;
/**
 * Parameters, headers and JSON members that hold a secret, in either spelling of their separator. The value includes
 * percent-encoded characters, which signatures are full of, up to the next parameter.
 */
const SECRET_PARAMETERS =
  /((?:security-?token|(?:x-oss-|x-acs-)?signature(?!-?(?:method|version|nonce|type))|access-?key-?secret|secret-?key)["']?\s*(?:=|:|%(?:25)*3D)\s*["']?)(?:[^\s"'<>&,;%]|%(?!(?:25)*26))+/gi;

/** After a wrong signature, the service repeats the whole request: all its parameters and headers. */
const ECHOED_REQUEST = /[\s,;.]*(?:server )?string to sign is:.*$/is;

/**
 * A text of a service or a library without its secrets: signed URLs, and the parameters of requests that it quotes ("POST
 * http://… failed"). Every such text is redacted before it is shown or stored.
 */
export const redacted = (text: string): string =>
  text.replace(ECHOED_REQUEST, ".").replace(URLS, "<url>").replace(SECRET_PARAMETERS, "$1<secret>");

/** User and password before the host of a URL. */
const USER_INFO = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'<>]+@/gi;
/** What follows a URL's question mark: signatures and tokens, among others. */
const QUERIES = /(https?:\/\/[^\s?"'<>]+)\?(?!<secret>)[^\s"'<>]*/gi;

/**
 * A message without the secrets that a user's own values may hold (a signed URL given as a backup, a proxy's or an endpoint's
 * password). It removes less than {@link redacted}, because messages name endpoints and files. All of the catalogue's use it.
 */
export const withoutSecrets = (text: string): string =>
  text.replace(USER_INFO, "$1<secret>@").replace(QUERIES, "$1?<secret>").replace(SECRET_PARAMETERS, "$1<secret>");
