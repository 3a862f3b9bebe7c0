/** TLS that will not come about by waiting: somebody else's certificate, or no TLS at all. Node's and OpenSSL's codes. */
const TLS_FAULT = /^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|EPROTO$)/;
export const isTlsFault = (code: string): boolean => TLS_FAULT.test(code);
