import { readSources } from "../../../architecture/import-graph";

const TRANSPORT = "provider/aliyun/transport/";
/** Modules that send HTTP requests. */
const HTTP_MODULES =
  /^(?:node:)?(?:https?|http2)$|^(?:httpx|undici|urllib|axios|got|node-fetch|https?-proxy-agent|@darabonba\/.*)$/;

const sources = readSources(["provider", "components"]);

it("sends every request of the provider through provider/aliyun/transport", () => {
  const others = sources.filter(
    ({ path, packages, text }) =>
      !path.startsWith(TRANSPORT) && (packages.some((name) => HTTP_MODULES.test(name)) || /\bfetch\(/.test(text)),
  );
  expect(others.map(({ path }) => path)).toEqual([]);
});

it("finds the modules that it forbids elsewhere in the transport itself", () => {
  const own = sources.filter(({ path }) => path.startsWith(TRANSPORT)).flatMap(({ packages }) => packages);
  expect(own.filter((name) => HTTP_MODULES.test(name)).sort()).toEqual(
    expect.arrayContaining(["node:http", "node:https"]),
  );
});
