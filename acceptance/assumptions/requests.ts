import type { Assumption } from "../assumption";
import { answerText, hasCode } from "../live";
import { refuseCall } from "../refuse-call";

/** An action that no other probe uses. */
const UNUSED = "DescribeRegions";

/** Statements about how the services check requests. */
export const REQUESTS: readonly Assumption[] = [
  {
    id: "rpc-missing-parameter",
    assumed: "A call without a required parameter is refused with Missing and the parameter's name.",
    basis: "the gateway's general form, assumed for each parameter",
    otherwise: "The provider sends every required parameter; only the emulator has the code.",
    probe: {
      spend: "none",
      cost: "1 request",
      run: async (live) => {
        const answer = await live.rds("DescribeMigrateTasks");
        return { seen: answerText(answer), agrees: "code" in answer && /^Missing(Start|End)Time$/.test(answer.code) };
      },
    },
    overrides: [refuseCall("rds", "DescribeMigrateTasks", { status: 400, code: "InvalidParameter" })],
  },
  {
    id: "rpc-wrong-secret",
    assumed: "A call that is signed with a wrong secret is refused with SignatureDoesNotMatch.",
    basis: "the error of ACS3 signatures is documented nowhere",
    otherwise: "Another code is reported as the service wrote it, and the call is not repeated.",
    probe: {
      spend: "none",
      cost: "1 request",
      run: async ({ withWrongSecret }) => hasCode(await withWrongSecret.rds(UNUSED), "SignatureDoesNotMatch"),
    },
    overrides: [refuseCall("rds", UNUSED, { status: 400, code: "IncompleteSignature" })],
  },
  {
    id: "oss-missing-bucket-first",
    assumed: "A bucket that does not exist is answered with 404 before the secret is checked.",
    basis: "the vendor's own tests expect it",
    otherwise: "Both are errors at preview; the message names the bucket or the keys.",
    probe: {
      spend: "none",
      cost: "1 request",
      run: async ({ withWrongSecret, prefix, lastReply }) => {
        await withWrongSecret.store.bucketFacts(`${prefix}-none`).catch(() => undefined);
        const status = lastReply()?.status;
        return { seen: `${status}`, agrees: status === 404 };
      },
    },
    overrides: [refuseCall("oss", "GetBucketInfo", { status: 403, code: "SignatureDoesNotMatch" })],
  },
  {
    id: "oss-signature-forms",
    assumed:
      "A V4 scope names the region of the endpoint, and an empty query value may be signed as k, k= or not at all.",
    basis: "inferred from what SDKs send",
    otherwise: "ali-oss signs the provider's requests with a region and in one form.",
    probe: { noProbe: "the code does not depend on it, only the emulator" },
  },
  {
    id: "oss-broken-requests",
    assumed: "What is no HTTP is answered with 400 BadRequest; with both a length and chunks the chunks count.",
    basis: "inferred from the SDKs' own tests and lists of codes",
    otherwise: "The provider sends neither.",
    probe: { noProbe: "the code does not depend on it, only the emulator" },
  },
  {
    id: "oss-several-ranges",
    assumed: "A GetObject with several ranges is refused with 416.",
    basis: "the page on the code 416; newer pages describe an opt-in header",
    otherwise: "The provider asks for one range.",
    probe: { noProbe: "the code does not depend on it, only the emulator" },
  },
  {
    id: "oss-complete-without-parts",
    assumed: "CompleteMultipartUpload without a part makes an empty object.",
    basis: "inferred",
    otherwise: "An upload has a part at least, and its length and checksum are compared afterwards.",
    probe: { noProbe: "the code does not depend on it, only the emulator" },
  },
];
