import { HEADERS, type LogRecord } from '#core';

/** What is out of order in the shop's topic. */
export class OrderAudit {
  readonly wrong: string[] = [];
  readonly #completed = new Set<string>();
  readonly #last = new Map<string, { readonly partition: number; readonly time: string }>();

  take({ headers, key, partition }: LogRecord): void {
    const id = headers[HEADERS.id];
    const time = headers[HEADERS.time];
    if (id === undefined || time === undefined || key === undefined) return;
    const [invoice = '', part] = id.split(':');
    if (part === 'completed') this.#completed.add(invoice);
    else if (this.#completed.has(invoice)) this.wrong.push(`${id} comes after its purchase`);
    const last = this.#last.get(key) ?? { partition, time };
    if (last.partition !== partition) this.wrong.push(`${key} is in two partitions`);
    if (time < last.time) this.wrong.push(`${id} is earlier than the event before it`);
    this.#last.set(key, { partition, time });
  }
}
