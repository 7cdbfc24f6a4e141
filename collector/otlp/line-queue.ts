/** Lines that wait to be stored, oldest first, bounded by count and by characters. */
export class LineQueue {
  readonly #maxLines: number;
  readonly #maxCharacters: number;
  #lines: string[] = [];
  #head = 0;
  #characters = 0;

  constructor(bounds: { readonly maxLines: number; readonly maxCharacters: number }) {
    this.#maxLines = bounds.maxLines;
    this.#maxCharacters = bounds.maxCharacters;
  }

  get length(): number {
    return this.#lines.length - this.#head;
  }

  /** Adds lines; returns how many of the oldest had to go for them. */
  add(lines: readonly string[]): number {
    let dropped = 0;
    for (const line of lines) {
      this.#lines.push(line);
      this.#characters += line.length;
    }
    while (this.length > this.#maxLines || this.#characters > this.#maxCharacters) {
      this.#shift();
      dropped += 1;
    }
    this.#compact();
    return dropped;
  }

  /** Takes the oldest lines: at least one, then as many as both bounds allow. */
  take({ maxLines, maxCharacters }: { readonly maxLines: number; readonly maxCharacters: number }): readonly string[] {
    const taken: string[] = [];
    let characters = 0;
    while (this.length > 0 && taken.length < maxLines) {
      characters += this.#lines[this.#head]?.length ?? 0;
      if (taken.length > 0 && characters > maxCharacters) break;
      taken.push(this.#shift());
    }
    this.#compact();
    return taken;
  }

  #shift(): string {
    const line = this.#lines[this.#head] ?? '';
    this.#head += 1;
    this.#characters -= line.length;
    return line;
  }

  #compact(): void {
    if (this.#head < 1024 && this.length > 0) return;
    this.#lines = this.#lines.slice(this.#head);
    this.#head = 0;
  }
}
