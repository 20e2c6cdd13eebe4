import type { House, Watched } from './hostile-house'

/** One thing that can be asked about a database of a server. */
export interface Look {
  name: string
  /** What is wrong with the answer, in words; null where it is whole. `alerts` are panels that tell a problem. */
  ask: (house: House, major: Watched, database: string) => Promise<{ wrong: string | null; alerts: number; text: string }>
}

const judged = (status: number, text: string) => {
  const alerts = text.match(/role="alert"/g)?.length ?? 0
  const broken = status !== 200 || (text.startsWith('<!DOCTYPE') && !text.includes('</html>')) || /Something went wrong/.test(text)
  return { wrong: broken ? `status ${status}: ${text.slice(0, 120)}` : null, alerts, text }
}

const page = (name: string): Look => ({
  name,
  ask: async (house, major, database) => {
    const { status, text } = await house.get(`/${house.ids[major]}/db/${database}/${name}`, house.cookies.viewer)
    return judged(status, text)
  },
})

const live = (name: string, more = ''): Look => ({
  name: `live ${name}`,
  ask: async (house, major, database) => {
    const { status, text } = await house.get(
      `/api/live/${name}?server=${house.ids[major]}&database=${database}${more}`,
      house.cookies.viewer,
    )
    return { ...judged(status, text), wrong: text.startsWith('{"ok":true') ? null : text.slice(0, 250) }
  },
})

const action = (name: string, args: (house: House, major: Watched, database: string) => unknown[]): Look => ({
  name: `action ${name}`,
  ask: async (house, major, database) => {
    const done = await house.act<unknown>(name, args(house, major, database), house.cookies.admin)
    return { wrong: done.ok ? null : done.problem.message, alerts: 0, text: JSON.stringify(done) }
  },
})

const place = (house: House, major: Watched, database: string) => [house.ids[major], database]

/** Everything that a viewer may open, and what looks at a server on a click. */
export const LOOKS: Look[] = [
  ...['overview', 'sessions', 'statements', 'statements?reset=true', 'settings', 'indexes', 'tables', 'maintenance'].map(page),
  ...['storage', 'replication', 'cache'].map(page),
  ...['activity', 'checks', 'vitals', 'tuning', 'list-indexes', 'index-usage', 'list-tables', 'vacuum-progress'].map((name) => live(name)),
  ...['storage', 'replication', 'cache'].map((name) => live(name)),
  ...['list-queries', 'list-queries'].map((name, at) => live(name, at === 0 ? '' : '&reset=true')),
  live('missing-indexes', '&limit=100'),
  ...['indexes/export?format=csv', 'statements/export?format=json', 'statements/export?format=csv&reset=true'].map(page),
  action('healthCheck', place),
  action('testServer', (house, major, database) => [
    {
      name: 'Tried',
      readOnly: true,
      connection: { kind: 'address', address: `${house.url(major, database)}?sslmode=disable` },
    },
    undefined,
  ]),
]
