/** Part numbers that are to be sent. More may come as long as the queue is open; takers wait for them. */
export class PartQueue {
  private readonly numbers: number[] = [];
  private next = 0;
  private isOpen = true;
  private readonly takers: (() => void)[] = [];

  add(number: number): void {
    this.numbers.push(number);
    this.takers.shift()?.();
  }

  /** Nothing more will be added. */
  close(): void {
    this.isOpen = false;
    for (const wake of this.takers.splice(0)) wake();
  }

  /** Nothing of it will be sent any more. */
  abandon(): void {
    this.next = this.numbers.length;
    this.close();
  }

  /** The next part; undefined when the queue is closed and empty. */
  async take(): Promise<number | undefined> {
    for (;;) {
      const number = this.numbers[this.next];
      if (number !== undefined) {
        this.next++;
        return number;
      }
      if (!this.isOpen) return undefined;
      await new Promise<void>((resolve) => this.takers.push(resolve));
    }
  }
}
