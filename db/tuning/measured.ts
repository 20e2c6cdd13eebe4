/** What was seen on the server. Whatever is here overrules a formula; all of it may be missing. */
export interface Measured {
  /** Bytes of all databases. */
  dataBytes?: number
  /** Temporary files since the statistics were reset. */
  spills?: { files: number; bytes: number; seconds: number }
  /** The most sessions that were seen open at once, and over how long. */
  peak?: { connections: number; seconds: number }
  /** Checkpoints that came by time and that were forced by WAL, and the WAL of that time where it is counted. */
  checkpoints?: { timed: number; requested: number; seconds: number; walBytes: number | null }
  /** Tables with more dead rows than autovacuum's threshold. */
  overdueTables?: number
}

const DAY = 86_400

/** Under a day nothing is concluded from what did not happen. */
export const isLong = (seconds: number): boolean => seconds >= DAY

/** 5 h, 34 days. */
export const sayWindow = (seconds: number): string =>
  seconds >= 2 * DAY
    ? `${Math.round(seconds / DAY)} days`
    : seconds >= 7200
      ? `${Math.round(seconds / 3600)} h`
      : `${Math.max(1, Math.round(seconds / 60))} min`
