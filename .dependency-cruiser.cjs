/** Imports point one way: app → components → (types of) db, app → db; inside db: worker → runs, history → commands, checks → topics → server, domain. */
const never = (name, from, to, more = {}) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.tsx?$' },
  to: { path: to, ...more },
})
const TOPICS = 'databases|extensions|indexes|maintenance|privileges|releases|replication|sessions|settings|statements|storage|tables'
const atRuntime = { dependencyTypesNot: ['type-only'] }

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    never('components-take-only-types-of-db', '^components/', '^db/(?!domain|commands/[^/]+/request\\.ts)', atRuntime),
    never('components-know-no-routes', '^components/', '^app/', { pathNot: 'actions\\.ts$' }),
    never('ui-and-charts-import-no-other-room', '^components/(ui|charts)/', '^(app|db|components/(?!ui|charts|format))'),
    // What draws is fetched after the page: others take it from charts.tsx, and the other three need neither d3 nor Recharts.
    never(
      'charts-come-through-one-door',
      '^(app|components/(?!charts/))',
      '^components/charts/(?!charts|chart-table|scatter-mark|sparkline)',
      atRuntime,
    ),
    never('only-charts-draw', '^(app|db|components/(?!charts/))', 'node_modules/(recharts|d3-)'),
    never('only-live-imports-react-query', '^(app|components/(?!live/))', 'node_modules/@tanstack/react-query'),
    {
      name: 'one-place-hashes-passwords', // and lets no more than a few go on at once
      severity: 'error',
      from: { path: '^(app|db|bin)/', pathNot: '(\\.test\\.ts|^db/console/password-hash\\.ts)$' },
      to: { path: '(better-auth/(dist/)?crypto|@better-auth/utils/(dist/)?password)' },
    },
    never('db-knows-no-pages', '^db/', '^(app|components)/'),
    never('db-knows-no-react', '^db/', 'node_modules/(react|next)/'),
    never('no-orm-towards-monitored-servers', `^db/(server|reads|checks|commands|domain|${TOPICS})/`, 'node_modules/drizzle-orm'),
    // Connections to monitored servers are made in db/server; worker-session and console-session are the console database's.
    never(
      'only-server-makes-clients',
      `^(app|components|db/(reads|checks|commands|domain|runs|${TOPICS}|history/(?!console-session)|worker/(?!worker-session)))`,
      'node_modules/pg/',
      atRuntime,
    ),
    never('server-is-the-ground', '^db/server/', '^db/(?!server/|domain/)'),
    // zod is how both sides parse what a browser sent; it knows nothing of either.
    never('domain-is-pure', '^db/domain/', '^(db/(?!domain)|node_modules/(?!zod/))'),
    // A topic's room (db/indexes, db/statements …) holds its reads, its checks and its model.
    never('reads-stand-on-server', `^db/(${TOPICS})/reads/`, `^db/(?!server|health|domain|(${TOPICS})/reads)`),
    never(
      'topics-stand-on-server',
      `^db/(${TOPICS})/(?!reads/)`,
      `^db/(?!checks/define-check|server|health|domain|commands/[^/]+/request\\.ts|${TOPICS})`,
    ),
    never('checks-stand-on-topics', '^db/checks/', `^db/(?!checks|server|domain|${TOPICS})`),
    never('commands-stand-on-topics', '^db/commands/', `^db/(?!commands|server|health|domain|(${TOPICS})/(?!checks/))`),
    never('runs-and-history-know-no-worker', '^db/(runs|history)/', '^db/worker/'),
    never('lms-and-console-hold-no-catalog-queries', '^db/(lms|console)/', `^db/(reads|checks|${TOPICS})/`, atRuntime),
    never('nothing-that-ships-imports-tests', '^(app|components|db|bin)/', '^(test|e2e|bench)/'),
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^(db|components)/', pathNot: '\\.(test|d)\\.tsx?$' }, to: {} },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|drizzle)/' },
  },
}
