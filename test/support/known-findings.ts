/**
 * Checks that find something true on every server that has just been made: its release is of the day on which its programs were packed,
 * its statistics are young, and before 18 initdb makes no checksums. Anything else there is a false alarm.
 */
export const knownOf = (major: number): string[] => ['missing-security-fixes', 'statistics-young', ...(major < 18 ? ['checksums-off'] : [])]

/** As initdb leaves it, but for what stands in settings of tests. */
export const AS_IT_COMES = { fsync: 'on', autovacuum_naptime: '1min', max_connections: '100' }
