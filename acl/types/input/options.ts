/** What the meaning of a text may depend on beside its type. */
export interface InputOptions {
  /** The session's time zone, an IANA name or `UTC`; for timestamptz without a zone, `now`, `today`. */
  readonly timeZone?: string
  /** The moment that `now`, `today`, `tomorrow` and `yesterday` mean: microseconds since 1970 (UTC). */
  readonly nowMicros?: bigint
}
