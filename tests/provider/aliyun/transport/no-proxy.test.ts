import { isBypassed } from "../../../../provider/aliyun/transport/no-proxy";

const RDS = "https://rds.aliyuncs.com/?Action=x";

it.each<[string, string, boolean]>([
  ["*", RDS, true],
  ["other.com, *", RDS, true],
  ["aliyuncs.com", RDS, true],
  [".aliyuncs.com", RDS, true],
  ["*.aliyuncs.com", RDS, true],
  ["RDS.AliyunCS.com", RDS, true],
  [".rds.aliyuncs.com", RDS, true],
  ["a.com b.com,rds.aliyuncs.com", RDS, true],
  ["rds.aliyuncs.com:443", RDS, true],
  [".aliyuncs.com:443", RDS, true],
  ["rds.aliyuncs.com:8443", RDS, false],
  ["rds.aliyuncs.com:8443", "https://rds.aliyuncs.com:8443/", true],
  ["rds.aliyuncs.com:80", "http://rds.aliyuncs.com/", true],
  ["liyuncs.com", RDS, false],
  ["aliyuncs.com.evil.net", RDS, false],
  ["", RDS, false],
  [" , ,", RDS, false],
  [".", RDS, false],
  ["127.0.0.1", "http://127.0.0.1:9/", true],
  ["::1", "http://[::1]:9/", true],
  ["[::1]:9", "http://[::1]:9/", true],
  ["[::1]:8", "http://[::1]:9/", false],
])("NO_PROXY=%s for %s: %s", (noProxy, url, isListed) => {
  expect(isBypassed(new URL(url), noProxy)).toBe(isListed);
});
