import { setTimeout as sleep } from 'node:timers/promises'
import { isFinal } from '../db/runs/run-states'
import type { Problem } from '../db/server/problem'
import { type Attempt, harm, harmIf, type Kind } from './hostile-case'
import { type House, MAJORS, type Watched } from './hostile-house'

const DATABASE = 'builds'
const CANARY = 'canary of builds'

/** Before pg_catalog in the path: what fits as well as, or better than, PostgreSQL's own. */
const TRAPS = /* sql */ `
  create function evil.trap() returns text language plpgsql immutable as
    $$ begin raise log '${CANARY} % in %', current_user, pg_catalog.current_setting('application_name'); return 'x'; end $$;
  create function evil.lower(text) returns text language plpgsql immutable as $$ begin return evil.trap(); end $$;
  create function evil.abs(int) returns int language plpgsql immutable as $$ begin perform evil.trap(); return 1; end $$;
  create function evil.date_trunc(text, timestamp) returns timestamp language plpgsql immutable as $$ begin perform evil.trap(); return null; end $$;
  create function evil.same(text, text) returns boolean language plpgsql immutable as $$ begin return evil.trap() is not null; end $$;
  create function evil.joined(text, text) returns text language plpgsql immutable as $$ begin return evil.trap(); end $$;
  create function evil.sum_of(int, int) returns int language plpgsql immutable as $$ begin perform evil.trap(); return 1; end $$;
  create function evil.is_fine(pg_catalog.text) returns boolean language plpgsql immutable as $$ begin return evil.trap() is not null; end $$;
  create operator evil.= (leftarg = text, rightarg = text, function = evil.same);
  create operator evil.<> (leftarg = text, rightarg = text, function = evil.same);
  create operator evil.~~ (leftarg = text, rightarg = text, function = evil.same);
  create operator evil.|| (leftarg = text, rightarg = text, function = evil.joined);
  create operator evil.+ (leftarg = int, rightarg = int, function = evil.sum_of);
  create table evil.orders (id int, note pg_catalog.text, at timestamp);
  insert into evil.orders select g, 'n', now() from generate_series(1, 50) g;
  create domain evil.text as pg_catalog.text check (evil.is_fine(value))`

/** Without a build of this one, that the others ran nothing says nothing. */
const HARMLESS = 'on evil.orders (id)'

const DEFINITIONS = [
  HARMLESS,
  'on evil.orders (lower(note))',
  'on evil.orders (abs(id))',
  `on evil.orders (date_trunc('day', at))`,
  `on evil.orders (id) where note = 'n'`,
  `on evil.orders (id) where note <> 'n'`,
  `on evil.orders (id) where note like 'n%'`,
  `on evil.orders (id) where note in ('n', 'm')`,
  `on evil.orders (id) where case note when 'n' then true else false end`,
  `on evil.orders (id) where nullif(note, 'n') is null`,
  `on evil.orders (id) where note is distinct from 'n'`,
  `on evil.orders ((note || 'x'))`,
  'on evil.orders ((id + 1))',
  'on evil.orders ((id::text))',
]

const trips = async (house: House, major: Watched): Promise<string[]> =>
  (await house.serverLog(major)).split('\n').filter((line) => line.includes(CANARY))

interface Previewed {
  /** Why there are no previews: a plan that cannot be made is no failure of the action. */
  unplanned: Problem | null
  previews: { plan: { statements: string[]; phrase: string | null }; cluster: unknown }[]
}

/** A CREATE INDEX that an operator types for a table in a hostile schema calls PostgreSQL's own functions and operators, or is refused. */
export const createIndexKind: Kind = {
  name: 'CREATE INDEX, typed',
  prepare: async (house) => {
    const attempts: Attempt[] = []
    for (const major of MAJORS) {
      const admin = await house.database(major, DATABASE)
      await admin.query(`create role builder; create schema evil authorization builder; alter database ${DATABASE} owner to builder;
        set session authorization builder; ${TRAPS}; reset session authorization;
        alter database ${DATABASE} set search_path = evil, pg_catalog`)
      for (const [at, definition] of DEFINITIONS.entries())
        attempts.push({
          name: `${definition}, on ${major}`,
          make: async () => {
            const before = (await trips(house, major)).length
            const how = await build(house, major, `create index made_${at} ${definition}`)
            const ran = (await trips(house, major)).slice(before)
            return [...ran.flatMap((line) => harm('code', line)), ...harmIf(how !== null, 'other', String(how))]
          },
        })
    }
    return {
      attempts,
      control: async () => {
        const before = (await trips(house, 18)).length
        const victim = await house.connect(house.url(18, DATABASE))
        await victim.query('create index on evil.orders (lower(note))')
        return (await trips(house, 18)).slice(before).flatMap((line) => harm('code', line))
      },
    }
  },
}

/** As an operator does, to its end. Null where it was built, or refused in words before anything was done; else what went wrong. */
async function build(house: House, major: Watched, definition: string): Promise<string | null> {
  const place = [house.ids[major], DATABASE]
  const request = { command: 'create-index', input: { definition, concurrently: true } }
  const shown = await house.act<Previewed>('previewCommands', [...place, [request]], house.cookies.operator)
  const refused = shown.ok ? shown.value.unplanned : shown.problem
  if (refused) return !definition.endsWith(HARMLESS) && ['invalid_input', 'conflict'].includes(refused.kind) ? null : refused.message
  if (!shown.ok) return shown.problem.message
  const [preview] = shown.value.previews
  const commands = [{ ...request, statements: preview?.plan.statements, cluster: preview?.cluster ?? null }]
  const terms = { giveUpMinutes: 5, window: null }
  const given = [...place, commands, preview?.plan.phrase ?? '', terms]
  const queued = await house.act<{ id: string }[]>('confirmCommands', given, house.cookies.operator)
  if (!queued.ok) return queued.problem.kind === 'conflict' ? null : queued.problem.message
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(200)) {
    const { rows } = await house.home.query<{ state: Parameters<typeof isFinal>[0] }>('select state from run where id = $1', [
      queued.value[0]?.id,
    ])
    const [run] = rows
    if (run && isFinal(run.state)) return run.state === 'succeeded' ? null : `the run ${run.state}`
  }
  return 'the run did not end within a minute'
}
