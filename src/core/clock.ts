export interface Clock {
  /** Milliseconds since the epoch; never fewer than before. */
  now(): number;
  sleep(ms: number): Promise<void>;
}
