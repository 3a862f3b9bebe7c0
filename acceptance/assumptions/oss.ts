import type { Assumption } from "../assumption";
import type { Live } from "../live";

/** Writes a small object and deletes it after `use`. */
async function withObject<T>(
  { store, bucket, prefix }: Live,
  name: string,
  use: (key: string) => Promise<T>,
): Promise<T> {
  const key = `${prefix}/${name}`;
  try {
    await store.putTextIfAbsent(bucket, key, "acceptance");
    return await use(key);
  } finally {
    await store.deleteObject(bucket, key);
  }
}

/** Statements about OSS. */
export const OSS: readonly Assumption[] = [
  {
    id: "oss-forbid-overwrite",
    assumed: "PutObject with x-oss-forbid-overwrite on a key that exists is refused with 409, and the object stays.",
    basis: "the API's page",
    otherwise: "Two runs that start at once could both create a task: the task list and RDS's own refusal remain.",
    probe: {
      spend: "small",
      cost: "1 object, 4 requests",
      run: (live) =>
        withObject(live, "lock", async (key) => {
          const isWritten = await live.store.putTextIfAbsent(live.bucket, key, "second");
          const status = live.lastReply()?.status;
          const { text } = (await live.store.getText(live.bucket, key)) ?? { text: "nothing" };
          return { seen: `${status}, then "${text}"`, agrees: !isWritten && status === 409 && text === "acceptance" };
        }),
    },
    overrides: [
      // The object has other bytes than the first writer's, as if the second write had replaced it.
      { fault: { match: { service: "oss", action: "GetObject" }, effect: { kind: "corrupt", atByte: 0 } } },
    ],
  },
  {
    id: "oss-crc64",
    assumed: "HeadObject returns x-oss-hash-crc64ecma for every object.",
    basis: "the API's page",
    otherwise: "An object without it is OBJECT_UNVERIFIED, and no task is created for it.",
    probe: {
      spend: "small",
      cost: "1 object, 3 requests",
      run: (live) =>
        withObject(live, "crc64", async (key) => {
          const facts = await live.store.headObject(live.bucket, key);
          return { seen: facts?.crc64 === undefined ? "no header" : "a number", agrees: facts?.crc64 !== undefined };
        }),
    },
    overrides: [
      {
        fault: {
          match: { service: "oss", action: "HeadObject" },
          effect: { kind: "headers", set: { "x-oss-hash-crc64ecma": "" } },
        },
      },
    ],
  },
  {
    id: "oss-key-characters",
    assumed: "Which characters RDS accepts in an object's key: not @ | : and control characters.",
    basis: "the vendor's pages contradict each other",
    otherwise: "Keys with @ | : and control characters are refused, others are warned of.",
    probe: { noProbe: "each character costs a task of the day's quota; one failing task shows one character" },
  },
];
