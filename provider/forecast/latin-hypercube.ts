/**
 * Numbers from 0 to 1 that are spread evenly in each dimension (a Latin hypercube): a few runs then show the tails as well as many
 * runs with independent numbers.
 * @returns one array for each run
 */
export function latinHypercube(runs: number, dimensions: number, random: () => number): number[][] {
  const columns = Array.from({ length: dimensions }, () =>
    shuffled(
      Array.from({ length: runs }, (_, stratum) => (stratum + random()) / runs),
      random,
    ),
  );
  return Array.from({ length: runs }, (_, run) => columns.map((column) => column[run] ?? 0.5));
}

function shuffled(values: number[], random: () => number): number[] {
  for (let place = values.length - 1; place > 0; place -= 1) {
    const other = Math.floor(random() * (place + 1));
    [values[place], values[other]] = [values[other] as number, values[place] as number];
  }
  return values;
}
