/** Keys of sqlcommenter, marginalia and query_log_tags that say where in the application a statement comes from, the plainest first. */
const NAMING = ['name', 'query_name', 'query', 'graphql', 'route', 'job', 'action']
/** What a name of somebody's own may hold: words, not a sentence and not SQL. */
const WHOLE = /^[\p{L}\p{N}_][\p{L}\p{N}_.:#/@ -]{1,39}$/u
const PAIR = /([A-Za-z][\w.%-]*)\s*[=:]\s*(?:'((?:\\'|[^'])*)'|([^,'\s]+))/g

/**
 * What the comments around a statement call it: key='value' pairs as sqlcommenter writes them, key:value as marginalia does, or a short
 * name by itself. Null: they hold none. Hints (`/*+`) and the console's own marks are no names.
 */
export function tagIn(comments: string[]): { name: string; whole: boolean } | null {
  for (const comment of comments) {
    const text = comment
      .replace(/^\/\*|\*\/$|^--/g, '')
      .trim()
      .replace(/\s+/g, ' ')
    if (/^[+,]/.test(text)) continue
    const pairs = new Map(
      [...text.matchAll(PAIR)].map(([, key = '', quoted, plain]) => [key.toLowerCase(), decoded(quoted ?? plain ?? '')]),
    )
    // sqlc: -- name: GetAuthor :one
    const sqlc = /^name: (\w+)(?: :\w+)?$/.exec(text)?.[1]
    if (sqlc) return { name: sqlc, whole: true }
    const isPairs = pairs.size > 0 && text.replace(PAIR, '').replace(/[,\s]/g, '') === ''
    if (!isPairs) {
      if (WHOLE.test(text)) return { name: text, whole: true }
      continue
    }
    const key = NAMING.find((one) => pairs.get(one))
    const [action, controller] = [pairs.get('action'), pairs.get('controller')]
    if (action && controller && !pairs.get('route')) return { name: `${controller}#${action}`.slice(0, 40), whole: false }
    // Several statements come from one route: it says where, not which.
    if (key) return { name: String(pairs.get(key)).slice(0, 40), whole: /name$/.test(key) }
  }
  return null
}

/** sqlcommenter writes values as in a URL. */
const decoded = (value: string): string =>
  (/%(?![0-9a-f]{2})/i.test(value) ? value : value.replace(/%[0-7][0-9a-f]/gi, decodeURIComponent)).trim()
