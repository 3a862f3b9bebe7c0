/** A URL as it is or percent-encoded any number of times: for 2008 R2 one carries a signature, and errors echo requests. */
const URLS = /https?(?::|%(?:25)*3A)(?:\/|%(?:25)*2F){2}[^\s"'<>]+/gi;
/** Parameters and headers that hold a secret, in either spelling of their separator. */
const SECRET_PARAMETERS =
  /((?:security-?token|(?:x-oss-|x-acs-)?signature(?!-?(?:method|version|nonce|type))|access-?key-?secret|secret-?key)\s*(?:=|:|%(?:25)*3D)\s*)[^\s"'<>&,;%]+/gi;

/** With a signature that does not fit, the service repeats the whole request: all its parameters and headers. */
const ECHOED_REQUEST = /[\s,;.]*(?:server )?string to sign is:.*$/is;

/**
 * Somebody else's words without what must not be seen: signed URLs, and the parameters of requests that they quote ("POST
 * http://… failed"). Every text of a service or a library passes here before it is shown or kept.
 */
export const redacted = (text: string): string =>
  text.replace(ECHOED_REQUEST, ".").replace(URLS, "<url>").replace(SECRET_PARAMETERS, "$1<secret>");
