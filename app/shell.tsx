import { cookies } from 'next/headers'
import { cache, type ReactNode, Suspense } from 'react'
import { AnotherCluster } from '@/components/shell/another-cluster'
import { PLACE_COOKIE, placeFrom } from '@/components/shell/chosen-place'
import { ConsoleTrouble } from '@/components/shell/console-trouble'
import { Frame } from '@/components/shell/frame'
import { MovedOrCopied } from '@/components/shell/moved-or-copied'
import { NoWorker } from '@/components/shell/no-worker'
import { RememberPlace } from '@/components/shell/remember-place'
import { ServerDown } from '@/components/shell/server-down'
import type { Crumb, ShellServer } from '@/components/shell/shell-types'
import { DatabaseSwitcher, ServerSwitcher } from '@/components/shell/switcher'
import { consoleDoubt } from '@/db/console/console-id'
import { doubtSentences } from '@/db/console/doubt-sentences'
import { consoleHealth } from '@/db/console/health'
import { listServers, serverTarget } from '@/db/console/servers'
import { databases } from '@/db/databases/reads/databases'
import { readNeeds } from '@/db/findings/needs'
import { countOpenRuns } from '@/db/runs/runs'
import { runRead } from '@/db/server/run-read'
import { guideHere } from './guide-here'
import { readWorkers } from './runs/run-reads'
import { readStanding } from './server-standing'
import { mayRun, requireUser } from './session'

interface ShellProps {
  /** Where one is; the server and the database come first by themselves. */
  crumbs: Crumb[]
  /** The server's id, where the page belongs to one. */
  server?: string
  database?: string
  /** The page's key in the navigation; found by its address when left out. */
  active?: string
  children: ReactNode
}

/** The navigation and the top bar around a page. Slow or unreachable servers fill in their place later. */
export async function Shell({ crumbs, server, database, active, children }: ShellProps) {
  const [user, known, running, workers, doubt, { reads, writes }] = await Promise.all([
    requireUser(),
    listServers(),
    countOpenRuns(),
    readWorkers(),
    consoleDoubt(),
    consoleHealth(),
  ])
  const trouble = writes && { message: writes.message, hint: writes.hint, readable: reads === null }
  const servers = known.map(({ id, name, database: first }) => ({ id, name, href: indexesOf(id, first) }))
  const current = servers.find(({ id }) => id === server)
  const own = known.find(({ id }) => id === server)
  const elsewhere = own?.systemIdentifier && own.otherIdentifier && (
    <AnotherCluster
      server={own}
      recorded={own.systemIdentifier}
      found={own.otherIdentifier}
      since={own.otherSince?.toISOString() ?? null}
    />
  )
  const place = server && database ? { server, database } : undefined
  // Pages of the console keep the server and the database that one came from.
  const kept = server || active === 'fleet' ? undefined : placeFrom((await cookies()).get(PLACE_COOKIE)?.value, known)
  const chosen = place ?? kept
  const leading: Crumb[] = current ? [{ label: current.name, href: current.href }] : []
  if (place) leading.push({ label: place.database, href: indexesOf(place.server, place.database) })
  const shown = servers.find(({ id }) => id === (server ?? kept?.server))
  const joined = chosen !== undefined
  const needs = chosen ? await readNeeds(known.filter(({ id }) => id === chosen.server)) : []
  const findings = needs
    .filter(({ database: of }) => of === '' || of === chosen?.database)
    .reduce((sum, { bad, warn }) => sum + bad + warn, 0)
  return (
    <Frame
      crumbs={[...leading, ...crumbs]}
      active={active}
      place={place}
      kept={kept}
      servers={servers}
      running={running}
      findings={findings}
      guide={chosen && guideHere(chosen)}
      user={{
        name: user.name || user.email,
        admin: user.role === 'admin',
        mayRun: mayRun(user),
        role: user.role === 'viewer' ? 'viewer, read-only' : `${user.role}, can run`,
      }}
      switchers={
        <>
          <Suspense fallback={<ServerSwitcher current={shown} standing={undefined} servers={servers} joined={joined} />}>
            <AskedServer current={shown} servers={servers} joined={joined} />
          </Suspense>
          {chosen && (
            <Suspense fallback={<DatabaseSwitcher current={chosen.database} databases={[]} />}>
              <AskedDatabases {...chosen} />
            </Suspense>
          )}
        </>
      }
    >
      <ConsoleTrouble initial={trouble} />
      {place && <RememberPlace {...place} />}
      {place && current && (
        <Suspense fallback={null}>
          <AskedDown server={current} />
        </Suspense>
      )}
      {elsewhere}
      {doubt ? (
        <MovedOrCopied because={doubtSentences(doubt)} answers={user.role === 'admin'} />
      ) : (
        <NoWorker initial={{ ...workers, at: new Date().toISOString() }} />
      )}
      {children}
    </Frame>
  )
}

export const indexesOf = (server: string, database: string): string =>
  `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}/indexes`

export const overviewOf = (server: string, database: string): string =>
  `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}/overview`

async function AskedServer({ current, servers, joined }: { current?: ShellServer; servers: ShellServer[]; joined: boolean }) {
  const standing = current && (await standingNow(current.id))
  return <ServerSwitcher current={current} standing={standing} servers={servers} joined={joined} />
}

async function AskedDown({ server }: { server: ShellServer }) {
  return <ServerDown server={server} rendered={await standingNow(server.id)} />
}

/** Asked once a request: switcher and banner begin with the same answer. */
const standingNow = cache(async (server: string) => ({ ...(await readStanding(server)), at: new Date().toISOString() }))

async function AskedDatabases({ server, database }: { server: string; database: string }) {
  const target = await serverTarget(server, database)
  const read = target.ok ? await runRead(target.value, databases, {}) : target
  const found = read.ok ? read.value.map((row) => ({ ...row, href: indexesOf(server, row.datname) })) : []
  return <DatabaseSwitcher current={database} databases={found} />
}
