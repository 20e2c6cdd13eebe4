const FIRST_MS = 10_000
const MOST_MS = 60_000

/**
 * How long a server is left alone after so many failures in a row, in ms: ten seconds, doubled up to a minute: no longer, as
 * the fleet shows it as unreachable until it is tried again.
 */
export const backOffMs = (failures: number): number => Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1))
