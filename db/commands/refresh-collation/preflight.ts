import { formatFirst } from '../../domain/format'
import { grantRole } from '../../server/grants'
import { ok, type Result } from '../../server/problem'
import { type Found, line, type PreflightCheck, type PreflightLine } from '../define-command'
import type { RelationFacts } from '../facts/load'
import { standby } from '../preflight/standby'
import { reindexIndex } from '../reindex-index/command'
import type { Outdated } from './facts'

/** An index that is rebuilt first. */
interface Rebuild extends Found<RelationFacts> {
  relpages: number
  indisunique: boolean
  indisexclusion: boolean
  concurrently: boolean
}

export interface RefreshFacts {
  collations: Outdated[]
  rebuilds: Rebuild[]
}

/** A dozen reads each: the largest so many indexes are looked at, the others when their turn comes. */
const LOOKED_AT = 50

type Check = PreflightCheck<RefreshFacts>

/** REFRESH asks for ownership (manual, ALTER COLLATION and ALTER DATABASE). */
const ownership: Check = async (_target, { server, facts: { collations } }) => {
  const foreign = collations.filter(({ may_refresh: may }) => !may)
  if (foreign.length === 0) return line('ownership', 'pass', 'Ownership', `${server.role} acts for the owner of what is refreshed`)
  const title = `${server.role} may not refresh ${formatFirst(foreign.map(nameOf))}`
  const supers = foreign.filter(({ of_superuser: of }) => of)
  const owners = [...new Set(foreign.filter(({ of_superuser: of }) => !of).map(({ owner }) => owner))]
  const grants = owners.flatMap((owner) => grantRole(owner, server))
  return line(
    'ownership',
    'stop',
    title,
    [
      ...(supers.length > 0 ? [`${formatFirst(supers.map(nameOf))}: the owner is a superuser, so only a superuser may.`] : []),
      ...(grants.length > 0 ? [`Only the owner may. ${grants.join('; ')} would allow it.`] : []),
    ].join(' '),
  )
}

/** The name of an object in a sentence. */
const nameOf = ({ is_default: isDefault, name, datname }: Outdated): string => (isDefault ? `the default of ${datname}` : name)

const partitions: Check = async (_target, { facts: { collations } }) => {
  const tables = [...new Set(collations.flatMap(({ partitioned }) => partitioned))]
  if (tables.length === 0) return ok(null)
  return line(
    'collation-partitions',
    'warn',
    `Partitions of ${formatFirst(tables)} are told apart by it`,
    'Rows may be in another partition than they belong to now. No rebuild moves them: look for them before the version is refreshed.',
  )
}

const uniqueness: Check = async (_target, { facts: { rebuilds } }) => {
  const unique = rebuilds.filter(({ indisunique, indisexclusion }) => indisunique || indisexclusion).map(({ object }) => object.relname)
  if (unique.length === 0) return ok(null)
  return line(
    'collation-unique',
    'warn',
    unique.length === 1 ? 'A unique index rests on it' : `${unique.length} unique indexes rest on it`,
    `${formatFirst(unique)}. If duplicates were admitted, the rebuild fails and the run ends before the version is refreshed: fix those rows first.`,
  )
}

const looked = ({ rebuilds }: RefreshFacts): Rebuild[] => [...rebuilds].sort((a, b) => b.relpages - a.relpages).slice(0, LOOKED_AT)

const others: Check = async (_target, { facts }) => {
  const rest = facts.rebuilds.length - looked(facts).length
  if (rest === 0) return ok(null)
  const title = `${rest} smaller ${rest === 1 ? 'index is' : 'indexes are'} looked at later`
  return line(
    'collation-later',
    'pass',
    title,
    `Looked at now are the ${LOOKED_AT} largest; each has its preflight right before its rebuild.`,
  )
}

/** A check of REINDEX for one index after another, as one line: the worst of them. */
const ofEach =
  (check: (typeof reindexIndex.preflight)[number]): Check =>
  async (target, { server, known, facts }) => {
    const lines: Told[] = []
    for (const { object, facts: index, concurrently } of looked(facts)) {
      const context = { server, known, object, facts: index }
      const plan = reindexIndex.plan({ oid: object.oid, concurrently }, context)
      if (!plan.ok) return plan
      const answer: Result<PreflightLine | null> = await check(target, context, plan.value)
      if (!answer.ok) return answer
      if (answer.value) lines.push({ ...answer.value, index: object.relname })
    }
    return ok(worst(lines))
  }

type Told = PreflightLine & { index: string }

const WORST = ['stop', 'warn', 'pass'] as const

function worst(lines: Told[]): PreflightLine | null {
  const status = WORST.find((one) => lines.some((line) => line.status === one))
  const told = lines.filter((line) => line.status === status)
  const [first] = told
  if (!first || !status) return null
  const { index: _index, ...line } = first
  if (told.every(({ title, detail }) => title === line.title && detail === line.detail)) return line
  const detail = formatFirst([...new Set(told.map(({ index, detail }) => (status === 'pass' ? detail : `${index}: ${detail}`)))])
  return { ...line, title: told.every(({ title }) => title === line.title) ? line.title : `${told.length} indexes: ${line.title}`, detail }
}

export const PREFLIGHT: Check[] = [
  standby,
  ownership,
  partitions,
  uniqueness,
  others,
  ...reindexIndex.preflight.filter((check) => check !== standby).map(ofEach),
]
