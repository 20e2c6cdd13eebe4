/** Imports point one way: app → components → (types of) db, app → db; inside db: worker → checks, commands → reads → server. */
const never = (name, from, to, more = {}) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.tsx?$' },
  to: { path: to, ...more },
})
const TOPICS = 'indexes|tables|statements|sessions|settings'
const atRuntime = { dependencyTypesNot: ['type-only'] }

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    never('components-take-only-types-of-db', '^components/', '^db/(?!domain|commands/[^/]+/request\\.ts)', atRuntime),
    never('components-know-no-routes', '^components/', '^app/', { pathNot: 'actions\\.ts$' }),
    never('ui-and-charts-import-no-other-room', '^components/(ui|charts)/', '^(app|db|components/(?!ui|charts|format))'),
    never('only-live-imports-react-query', '^(app|components/(?!live/))', 'node_modules/@tanstack/react-query'),
    {
      name: 'one-place-hashes-passwords', // and lets no more than a few go on at once
      severity: 'error',
      from: { path: '^(app|db|bin)/', pathNot: '(\\.test\\.ts|^db/console/password-hash\\.ts)$' },
      to: { path: '(better-auth/(dist/)?crypto|@better-auth/utils/(dist/)?password)' },
    },
    never('db-knows-no-pages', '^db/', '^(app|components)/'),
    never('db-knows-no-react', '^db/', 'node_modules/(react|next)/'),
    never('no-orm-towards-monitored-servers', `^db/(server|reads|checks|commands|tuning|domain|${TOPICS})/`, 'node_modules/drizzle-orm'),
    // Connections to monitored servers are made in db/server; worker-session and console-session are the console database's.
    never(
      'only-server-makes-clients',
      `^(app|components|db/(reads|checks|commands|tuning|domain|${TOPICS}|worker/(?!worker-session|sampling/console-session)))`,
      'node_modules/pg/',
      atRuntime,
    ),
    never('server-is-the-ground', '^db/server/', '^db/(?!server/|domain/)'),
    // A topic's room (db/indexes, db/statements …) holds its reads, its checks and its model.
    never('domain-is-pure', '^db/domain/', '^(db/(?!domain)|node_modules/)'),
    never('reads-stand-on-server', `^db/(reads|(${TOPICS})/reads)/`, `^db/(?!reads|server|health|domain|(${TOPICS})/reads)`),
    never(
      'checks-stand-on-reads',
      `^db/(checks|${TOPICS})/`,
      `^db/(?!checks|reads|server|health|domain|commands/[^/]+/request\\.ts|${TOPICS})`,
    ),
    never('commands-stand-on-reads', '^db/commands/', `^db/(?!commands|reads|server|health|tuning|domain|(${TOPICS})/(?!checks))`),
    never('tuning-stands-on-reads', '^db/tuning/', '^db/(?!tuning|reads|server)'),
    never('lms-and-console-hold-no-catalog-queries', '^db/(lms|console)/', `^db/(reads|checks|${TOPICS})/`, atRuntime),
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^(db|components)/', pathNot: '\\.(test|d)\\.tsx?$' }, to: {} },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|drizzle)/' },
  },
}
