/**
 * The application_name of a run's session, of at most 63 bytes: `proctor run 42 of 9f86d081884c`. Two consoles at one server both
 * have a run 42; the id of the console (db/console/console-id.ts) tells whose it is.
 */
export const runMarker = (runId: string, consoleId: string): string => `${formerMarker(runId)} of ${consoleId}`

/** The same as consoles had it that knew no id of their own: of runs that were open as such a one was upgraded. */
export const formerMarker = (runId: string): string => `proctor run ${runId}`

/** The id of the console whose run a session carries out; null for any other session, and for the former form. */
const consoleOf = (applicationName: string | null): string | null =>
  /^proctor run \d{1,18} of ([0-9a-f]{12})$/.exec(applicationName ?? '')?.[1] ?? null

/** Whether a session carries out a run of another console than `consoleId`; without one, of none that is known as another. */
export function isOthersRun(applicationName: string | null, consoleId: string | undefined): boolean {
  const of = consoleOf(applicationName)
  return consoleId !== undefined && of !== null && of !== consoleId
}
