import process from 'node:process'

/** All that a program needs from whoever starts it to find its files and to know its time zone. */
const PASSED_ON = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SYSTEMROOT', 'TZ']

/**
 * The environment of a program that is not the console itself: PostgreSQL, whose superusers can read it, or a build. It gets what
 * is listed here and in `more`; the console's own holds its secret, the addresses of databases with their passwords, the provider's.
 */
export function plainEnvironment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const environment = { ...process.env }
  for (const name of Object.keys(environment)) if (!PASSED_ON.includes(name)) delete environment[name]
  return { ...environment, ...more }
}
