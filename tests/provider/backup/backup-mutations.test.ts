import { mutate, mutationSeeds, readMutated } from "../../../bench/backup-mutations";
import { seededRandom } from "../../../provider/forecast/random";

const MUTATIONS = 3000;

it(`${MUTATIONS} mutated backups neither crash the reader nor make it loop or read out of bounds`, async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  console.info(`mutation seed ${seed}`);
  const random = seededRandom(seed);
  const originals = mutationSeeds();
  for (let index = 0; index < MUTATIONS; index += 1) {
    const original = originals[index % originals.length] ?? new Uint8Array(0);
    await readMutated(`mutation ${index} of seed ${seed}`, mutate(original, random));
  }
}, 60_000);
