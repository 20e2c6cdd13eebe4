import { makeHostile, setHostileSettings } from '../test/support/hostile-database'
import type { Planted } from '../test/support/plant-overloads'
import { type Attempt, harm, harmIf, type Kind } from './hostile-case'
import { type House, MAJORS, type Watched } from './hostile-house'
import { LOOKS } from './hostile-pages'

const CALM = 'calm'
const OWNED = 'owned'
/** Nothing in it means harm; each alone has made pages fail. */
const ODD = ['formats', 'arrays']

/** What each database has to look at. */
const OBJECTS = /* sql */ `
  create extension pg_stat_statements;
  create table public.orders (id int primary key, customer int, note text, tags smallint[], at timestamptz default now());
  create index orders_customer on public.orders (customer); create index orders_both on public.orders (customer, note);
  create index orders_lower on public.orders (lower(note));
  create table public.lines (order_id int references public.orders, n int);
  insert into public.orders (id, customer, note) select g, g % 50, 'note ' || g from generate_series(1, 2000) g;
  insert into public.lines select g, 1 from generate_series(1, 2000) g; analyze`

/** Statements that Proctor sent, from a log with log_statement = all; a text goes on in lines that begin with a tab. */
const sentIn = (log: string): string[] =>
  [...log.matchAll(/LOG: {2}(?:statement|execute [^:]*): (.*(?:\n\t.*)*)/g)].map(([, text = '']) => text.replaceAll('\n\t', '\n'))

/** As the body of a function, which is read by its tokens: so it need not parse. */
const asBody = (text: string): string => `create function f() returns int language sql as $hostile$${text}$hostile$`

/**
 * Functions, operators, types and relations of a database's owner must not run as Proctor's role, and what the owner sets for
 * everybody must not blind it. The names are those of what the console really sent to a harmless database before.
 */
export const namesKind: Kind = {
  name: 'name resolution',
  prepare: async (house) => {
    const planted = new Map<Watched, Planted>()
    const attempts: Attempt[] = []
    for (const major of MAJORS) {
      const calm = await house.database(major, CALM)
      await calm.query(OBJECTS)
      await calm.query(`alter system set log_statement = 'all'`)
      await calm.query('select pg_reload_conf()')
      const usual = new Map<string, number>()
      for (const { name, ask } of LOOKS) {
        const { wrong, alerts } = await ask(house, major, CALM)
        if (wrong) throw new Error(`${name} of a harmless database on ${major}: ${wrong}`)
        usual.set(name, alerts)
      }
      await calm.query('alter system reset log_statement')
      await calm.query('select pg_reload_conf()')
      const texts = sentIn(await house.serverLog(major)).filter((text) => text.includes('proctor'))
      planted.set(major, await makeDatabases(house, major, [...new Set(texts)].map(asBody)))
      for (const database of [OWNED, ...ODD])
        for (const { name, ask } of LOOKS)
          attempts.push({
            name: `${name} of ${database} on ${major}`,
            make: async () => {
              const { wrong, alerts } = await ask(house, major, database)
              const more = alerts - (usual.get(name) ?? 0)
              return [...harmIf(wrong !== null, 'other', String(wrong)), ...harmIf(more > 0, 'other', `${more} panels failed`)]
            },
          })
    }
    const tripped = async () => (await Promise.all([...planted.values()].map((one) => one.trippedBy()))).flat()
    return {
      attempts,
      after: async () => (await tripped()).flatMap((line) => harm('code', line)),
      control: async () => {
        const before = await tripped()
        for (const major of MAJORS) {
          const victim = await house.connect(house.url(major, OWNED))
          await victim.query('select pg_relation_size(c.oid), count(*) from pg_class c group by 1').catch(() => undefined)
        }
        return (await tripped()).slice(before.length).flatMap((line) => harm('code', line))
      },
    }
  },
}

async function makeDatabases(house: House, major: Watched, texts: string[]): Promise<Planted> {
  const formats = await house.database(major, 'formats')
  await formats.query(OBJECTS)
  await setHostileSettings(formats, 'formats')
  const arrays = await house.database(major, 'arrays')
  await arrays.query(`${OBJECTS}; create extension intarray`)
  const owned = await house.database(major, OWNED)
  await owned.query(OBJECTS)
  const planted = await makeHostile(owned, OWNED, 'mallory', texts)
  await setHostileSettings(owned, OWNED)
  if (planted.functions < 500 || planted.operators < 500) throw new Error(`Little was planted on ${major}: ${JSON.stringify(planted)}`)
  return planted
}
