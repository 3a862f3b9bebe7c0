/** The positions at which the pages of one list continue. A service that repeats one would be read for ever. */
export class PageMarkers {
  private readonly seen = new Set<string>();

  /** @throws Error when the list says that it goes on, but not where, or where it was before */
  next(isTruncated: boolean, marker: string | null | undefined): string | undefined {
    if (!isTruncated) return undefined;
    if (!marker) throw new Error("the list says that it goes on, but not where");
    if (this.seen.has(marker)) throw new Error("the list goes on where it was before");
    this.seen.add(marker);
    return marker;
  }
}
