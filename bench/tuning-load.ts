import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

/** Rows of pgbench's accounts table for each unit of its scale. */
const ACCOUNTS = 100_000
const TELLERS = 10

const pick = (most: number): number => 1 + Math.floor(Math.random() * most)

export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined) // told by the query that it cuts
  await client.connect()
  return client
}

/** Tables in the shape of pgbench, with orders for the analytic mix: several rows an account, in no order. */
export async function makeTables(client: Client, scale: number): Promise<void> {
  await client.query('set synchronous_commit = off')
  await client.query(/* sql */ `
create table branches (bid int primary key, bbalance int, filler char(88)) with (fillfactor = 100);
create table tellers (tid int primary key, bid int, tbalance int, filler char(84)) with (fillfactor = 100);
create table accounts (aid int primary key, bid int, abalance int, filler char(84)) with (fillfactor = 100);
create table history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
create table orders (id int primary key, aid int, day date, amount numeric(9, 2), note text)`)
  await client.query(`insert into branches select n, 0, '' from generate_series(1, $1::int) n`, [scale])
  await client.query(`insert into tellers select n, 1 + (n - 1) / ${TELLERS}, 0, '' from generate_series(1, $1::int * ${TELLERS}) n`, [
    scale,
  ])
  await client.query(`insert into accounts select n, 1 + (n - 1) / ${ACCOUNTS}, 0, '' from generate_series(1, $1::int * ${ACCOUNTS}) n`, [
    scale,
  ])
  // The same rows each time the bench is run: a hash of the number stands for chance.
  await client.query(
    `insert into orders select n, 1 + abs(hashint4(n)::int8) % ($1::int * ${ACCOUNTS}), date '2026-01-01' + abs(hashint4(n + 1)) % 300,
            (abs(hashint4(n + 2)) % 100000)::numeric / 100, md5(n::text) from generate_series(1, $1::int * ${ACCOUNTS / 2}) n`,
    [scale],
  )
  await client.query('create index on orders (aid)')
  await client.query('vacuum (freeze, analyze)')
  await client.query('checkpoint')
}

const TPC_B = {
  account: 'update accounts set abalance = abalance + $1 where aid = $2',
  balance: 'select abalance from accounts where aid = $1',
  teller: 'update tellers set tbalance = tbalance + $1 where tid = $2',
  branch: 'update branches set bbalance = bbalance + $1 where bid = $2',
  history: 'insert into history (tid, bid, aid, delta, mtime) values ($1, $2, $3, $4, current_timestamp)',
}

/** The transaction of pgbench's TPC-B-like script, prepared. */
async function transfer(client: Client, scale: number): Promise<void> {
  const run = (name: keyof typeof TPC_B, values: number[]) => client.query({ name, text: TPC_B[name], values })
  const [aid, tid, bid, delta] = [pick(scale * ACCOUNTS), pick(scale * TELLERS), pick(scale), pick(10_000) - 5_000]
  await client.query('begin')
  await run('account', [delta, aid])
  await run('balance', [aid])
  await run('teller', [delta, tid])
  await run('branch', [delta, bid])
  await run('history', [tid, bid, aid, delta])
  await client.query('commit')
}

/** Transactions a second of so many connections, over so many seconds after a warm-up. */
export async function measureTransfers(url: string, scale: number, connections: number, seconds: number): Promise<number> {
  const clients = await Promise.all(Array.from({ length: connections }, () => connect(url)))
  let done = 0
  let going = true
  const loops = clients.map(async (client) => {
    while (going) {
      await transfer(client, scale)
      done += 1
    }
  })
  const measured = (async () => {
    await sleep(Math.min(2_000, seconds * 200))
    const [before, started] = [done, performance.now()]
    await sleep(seconds * 1000)
    const rate = ((done - before) / (performance.now() - started)) * 1000
    going = false
    return rate
  })()
  // A loop that fails ends the measuring with its error.
  const [rate] = await Promise.all([measured, ...loops]).finally(() => {
    going = false
  })
  await Promise.all(clients.map((client) => client.end()))
  return rate
}

/** Read-only statements as reports have them: a sort, a hash join, groups, a window, and rows picked by an index. */
const REPORTS = [
  'select bid, count(*), avg(abalance) from accounts group by bid order by bid',
  'select count(*) from (select * from orders order by amount, note offset 1) sorted',
  'select a.bid, sum(o.amount) from orders o join accounts a using (aid) group by a.bid order by 2 desc',
  'select day, count(distinct aid), sum(amount) from orders group by day order by day',
  'select max(rank) from (select rank() over (partition by day order by amount desc) as rank from orders) ranked',
  `select count(*) from accounts a join orders o using (aid) where a.aid between 5000 and 9000 and o.amount > 10`,
]

/** Rounds of all reports a minute, by so many connections that do so many rounds each. */
export async function measureReports(url: string, connections: number, rounds: number): Promise<number> {
  const clients = await Promise.all(Array.from({ length: connections }, () => connect(url)))
  await clients[0]?.query('select count(*) from accounts; select count(*) from orders')
  const started = performance.now()
  await Promise.all(
    clients.map(async (client, at) => {
      // Each begins with another one, so that not all sort at the same time.
      for (let n = 0; n < rounds * REPORTS.length; n++) await client.query(REPORTS[(n + at) % REPORTS.length] as string)
    }),
  )
  const minutes = (performance.now() - started) / 60_000
  await Promise.all(clients.map((client) => client.end()))
  return (connections * rounds) / minutes
}
