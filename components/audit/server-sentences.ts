type Detail = Record<string, unknown>

const facts = (given: unknown): Detail => (typeof given === 'object' && given !== null ? { ...given } : {})

/** How the kept facts of a server are called. */
const CALLED: Record<string, string> = {
  name: 'name',
  host: 'host',
  port: 'port',
  username: 'role',
  database: 'database',
  sslmode: 'TLS',
  readOnly: 'read-only',
}

const value = (given: unknown): string => (typeof given === 'boolean' ? (given ? 'yes' : 'no') : String(given ?? 'none'))

/** Billing, 10.0.0.7:5432/postgres as proctor, TLS verify-full */
function serverWords({ name, host, port, database, username, sslmode, readOnly }: Detail): string {
  const words = [name, `${host}:${port}/${database} as ${username}`, `TLS ${sslmode}`, ...(readOnly ? ['read-only'] : [])]
  return words.join(', ')
}

/** host 10.0.0.7 → 10.0.0.8, port 5432 → 5433 */
function changedWords(before: Detail, after: Detail): string[] {
  const changed = Object.entries(CALLED).flatMap(([name, called]) =>
    name in after && before[name] !== after[name] ? [`${called} ${value(before[name])} → ${value(after[name])}`] : [],
  )
  return 'sslrootcert' in after && before.sslrootcert !== after.sslrootcert ? [...changed, 'another authority'] : changed
}

/** Night, 0 2 * * *, Europe/Prague, for 60 min */
const windowWords = (given: unknown): string => {
  const { name, cron, timeZone, minutes } = facts(given)
  return `${name}, ${cron}, ${timeZone}, for ${minutes} min`
}

const tagWords = (given: unknown): string => {
  const { tags } = facts(given)
  return Array.isArray(tags) && tags.length > 0 ? tags.join(', ') : 'none'
}

/** What became of a server's record, and of its maintenance windows, by an administrator. */
export const SERVER_SENTENCES: Record<string, (detail: Detail) => string> = {
  'add-server': ({ after, password }) => `${serverWords(facts(after))}, password ${password}`,
  'change-server': ({ before, after, password, cluster }) => {
    const [was, is] = [facts(before), facts(after)]
    const other = cluster ? facts(cluster) : undefined
    const led = other ? [`cluster ${value(other.before)} → ${value(other.after)}`] : []
    return [...changedWords(was, is), ...led, `password ${password}`].join(', ')
  },
  'mark-server': ({ before, after }) => changedWords(facts(before), facts(after)).join(', ') || 'nothing changed',
  'set-tags': ({ before, after }) => `tags ${tagWords(before)} → ${tagWords(after)}`,
  'remove-server': ({ before }) => serverWords(facts(before)),
  'add-window': ({ after }) => windowWords(after),
  'change-window': ({ before, after }) => `${windowWords(before)} → ${windowWords(after)}`,
  'remove-window': ({ before }) => windowWords(before),
}
