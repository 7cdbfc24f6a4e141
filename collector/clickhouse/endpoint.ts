/** Where a ClickHouse answers, and as whom. */
export interface Endpoint {
  /** http(s)://host:port, without credentials. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** What to call it in sentences; holds no password. */
  readonly name: string;
  /** Its summary counts the rows that came in exactly; a server's also counts those of materialised views. */
  readonly isCountExact: boolean;
}
