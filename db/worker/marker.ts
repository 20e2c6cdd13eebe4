/** The application_name under which a run's session is found again in pg_stat_activity. */
export const markerOf = (runId: string): string => `proctor run ${runId}`
