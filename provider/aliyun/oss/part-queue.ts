/** Numbers of the parts to send. `take` waits for more numbers while the queue is open. */
export class PartQueue {
  private readonly numbers: number[] = [];
  private next = 0;
  private isOpen = true;
  private readonly takers: (() => void)[] = [];

  add(number: number): void {
    this.numbers.push(number);
    this.takers.shift()?.();
  }

  /** Declares that no more numbers follow. */
  close(): void {
    this.isOpen = false;
    for (const wake of this.takers.splice(0)) wake();
  }

  /** Drops the remaining numbers and closes the queue. */
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
