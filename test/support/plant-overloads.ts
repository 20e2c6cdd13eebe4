import { hash, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Client } from 'pg'
import { identifier, literal, qualified } from '../../db/server/identifiers'
import { type Signature, variantsOf } from './overload-variants'
import { type UsedNames, usedNames } from './used-names'

/** What somebody who may create in a schema of the path left there. */
export interface Planted {
  /** How many objects stand, by their kind. */
  functions: number
  operators: number
  domains: number
  views: number
  /** Who ran what since: role, object, application and the beginning of the query, one line of each kind. */
  trippedBy: () => Promise<string[]>
}

export interface Planting {
  /** The SQL whose names are taken: reads, facts, preflights … */
  texts: Iterable<string>
  /** Who plants; owner of the schemas, or allowed to CREATE in them. */
  role: string
  schemas: string[]
}

const SIGNATURES = /* sql */ `
select proname as name, prokind as kind, proretset as set, provariadic <> 0 as variadic, format_type(prorettype, null) as result,
       array(select format_type(a, null) from unnest(proargtypes::oid[]) with ordinality u (a, n) order by n) as args,
       coalesce((select json_agg(json_build_object('name', coalesce(nullif(proargnames[n], ''), 'c' || n), 'type', format_type(a, null)) order by n)
                   from unnest(proallargtypes) with ordinality u (a, n) where proargmodes[n] in ('o', 't')), '[]') as out
  from pg_proc
 where pronamespace = 'pg_catalog'::regnamespace and prokind in ('f', 'a', 'w') and proname = any ($1)
union all
select oprname, 'o', false, false, format_type(oprresult, null), array[format_type(oprleft, null), format_type(oprright, null)], '[]'
  from pg_operator
 where oprnamespace = 'pg_catalog'::regnamespace and oprleft <> 0 and oprright <> 0 and oprname = any ($2)`

const TYPES = /* sql */ `
select typname as name from pg_type where typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r') and typname = any ($1)`

const RELATIONS = /* sql */ `
select distinct on (relname) relname as name, nspname as schema
  from pg_class join pg_namespace n on n.oid = relnamespace
 where relkind in ('r', 'v') and relname = any ($1) and nspname <> all ($2)`

const AT_ONCE = 100

/** Creates each alone, so that what this major does not take stands in nobody's way. */
const CREATE = /* sql */ `
create function pg_temp.proctor_plant(statements text[]) returns int language plpgsql as $$
declare statement text; made int := 0;
begin
  foreach statement in array statements loop
    begin execute statement; made := made + 1; exception when others then null; end;
  end loop;
  return made;
end $$`

/**
 * Plants, as `role`, overloads of every function and operator that the texts use, exact copies and better matches, and
 * domains and views of the names of their types and relations. Whatever runs writes to the server's log, which a read-only
 * transaction and a rollback leave alone and any role may do, and answers NULL. Needs a superuser's client to a server that
 * startCluster started; its search_path is pg_catalog afterwards.
 */
export async function plantOverloads(admin: Client, { texts, role, schemas }: Planting): Promise<Planted> {
  const names = await usedNames(texts)
  const canary = `canary-${randomUUID()}`
  await admin.query('set search_path = pg_catalog; set check_function_bodies = off')
  const { rows } = await admin.query<Signature>(SIGNATURES, [[...names.functions], [...names.operators]])
  const variants = rows.flatMap(variantsOf)
  const { rows: types } = await admin.query<{ name: string }>(TYPES, [[...names.types]])
  const { rows: relations } = await admin.query<{ name: string; schema: string }>(RELATIONS, [[...names.relations], schemas])
  await admin.query(`set role ${identifier(role)}; ${CREATE}`)
  const make = async (statements: string[]): Promise<number> => {
    const all = [...new Set(statements)]
    let made = 0
    // Not all at once: what one transaction changes in the catalog makes each change after it dearer.
    for (let at = 0; at < all.length; at += AT_ONCE) {
      const { rows } = await admin.query<{ made: number }>('select pg_temp.proctor_plant($1) as made', [all.slice(at, at + AT_ONCE)])
      made += rows[0]?.made ?? 0
    }
    return made
  }
  const planted = { functions: 0, operators: 0, domains: 0, views: 0 }
  for (const schema of schemas) {
    const said = (what: string, result: string) => bodyOf(canary, `${schema}: ${what}`, result)
    const rest = variants.filter(({ kind }) => kind !== 'o')
    await make(
      rest
        .filter(({ kind }) => kind !== 'f')
        .map((one) => routine(schema, stateName(one), stateOf(one), () => said(signatureOf(one), ' null'))),
    )
    planted.functions += await make(rest.map((one) => (one.kind === 'f' ? routine(schema, one.name, one, said) : aggregate(schema, one))))
    const operators = variants.filter(({ kind }) => kind === 'o')
    await make(operators.map((one) => routine(schema, stateName(one), one, said)))
    planted.operators += await make(operators.map((one) => operator(schema, one)))
    planted.domains += (await make(types.flatMap(({ name }) => domain(schema, name, said)))) / 2
    planted.views += (await make(viewsOf(names, relations).flatMap((one) => view(schema, one, said)))) / 2
  }
  await admin.query('reset role; drop function pg_temp.proctor_plant')
  return { ...planted, trippedBy: () => readCanaries(admin, canary) }
}

type Body = (what: string, result: string) => string

/** plpgsql that tells the log who runs it. Nothing in it is looked up in the search_path. */
const bodyOf = (canary: string, what: string, result: string): string =>
  literal(`begin raise log '${canary} %', pg_catalog.json_build_object('role', current_user, 'ran', ${literal(what)},
    'application', pg_catalog.current_setting('application_name'), 'query', pg_catalog."left"(pg_catalog.current_query(), 80)); return${result}; end`)

const signatureOf = ({ name, args }: Pick<Signature, 'name' | 'args'>): string => `${name} (${args.join(', ')})`

function routine(schema: string, name: string, { out, result, set, ...one }: Signature, said: Body): string {
  const args = one.args.map((type, at) => `${one.variadic && at === one.args.length - 1 ? 'variadic ' : ''}a${at} ${type}`)
  const columns = out.map((column) => `out ${identifier(column.name)} ${column.type}`)
  const returns = out.length > 1 ? 'record' : result
  const answer = set || out.length > 0 ? '' : ' null'
  return `create function ${qualified(schema, name)} (${[...args, ...columns].join(', ')})
    returns ${set ? 'setof ' : ''}${returns} language plpgsql as ${said(signatureOf(one), returns === 'void' ? '' : answer)}`
}

/** The function behind an aggregate or an operator: a name that nothing else has. */
const stateName = (one: Signature): string => `canary ${one.kind} ${hash('md5', signatureOf(one))}`

const stateOf = (one: Signature): Signature => ({ ...one, args: [one.result, ...one.args], out: [], set: false })

const aggregate = (schema: string, one: Signature): string =>
  `create aggregate ${qualified(schema, one.name)} (${one.args.length === 0 ? '*' : one.args.join(', ')})
     (sfunc = ${qualified(schema, stateName(one))}, stype = ${one.result})`

const operator = (schema: string, one: Signature): string =>
  `create operator ${identifier(schema)}.${one.name}
     (leftarg = ${one.args[0]}, rightarg = ${one.args[1]}, function = ${qualified(schema, stateName(one))})`

const domain = (schema: string, name: string, said: Body): string[] => {
  const check = qualified(schema, `canary type ${name}`)
  return [
    `create function ${check} (a0 pg_catalog.${identifier(name)}) returns boolean language plpgsql as ${said(`type ${name}`, ' true')}`,
    `create domain ${qualified(schema, name)} as pg_catalog.${identifier(name)} check (${check}(value))`,
  ]
}

const viewsOf = (names: UsedNames, known: { name: string; schema: string }[]) =>
  [...names.relations].map((name) => ({ name, of: known.find((one) => one.name === name)?.schema }))

const view = (schema: string, { name, of }: { name: string; of: string | undefined }, said: Body): string[] => {
  const guard = qualified(schema, `canary relation ${name}`)
  return [
    `create function ${guard} () returns boolean language plpgsql as ${said(`relation ${name}`, ' true')}`,
    `create view ${qualified(schema, name)} as select * from ${of ? qualified(of, name) : '(select 1 as nothing) as nothing'} where ${guard}();
     grant select on ${qualified(schema, name)} to public`,
  ]
}

/** Reads the log that startCluster gives each server, beside its data. */
async function readCanaries(admin: Client, canary: string): Promise<string[]> {
  const { rows } = await admin.query<{ data_directory: string }>('show data_directory')
  const log = await readFile(path.join(rows[0]?.data_directory ?? '', '..', 'server.log'), 'utf8')
  const lines = log.split('\n').flatMap((line) => line.split(`LOG:  ${canary} `)[1] ?? [])
  const calls = lines.map((line) => {
    const { role, ran, application, query } = JSON.parse(line) as Record<string, string>
    return `${role} ran ${ran} as ${application}: ${query?.replaceAll(/\s+/g, ' ')}`
  })
  return [...new Set(calls)]
}
