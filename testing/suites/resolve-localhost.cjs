// ali-oss refuses some calls when the endpoint is an IP address, and puts the bucket in front of a host name. Preloaded,
// this resolves `<bucket>.localhost`, which few systems do.
const dns = require("node:dns");

const lookup = dns.lookup;
dns.lookup = (name, ...rest) => lookup(/\.localhost$/.test(name) ? "localhost" : name, ...rest);
