import { setTimeout as sleep } from 'node:timers/promises'
import { type Fake, fakeServer, SECRET } from '../test/support/fake-server'
import { type Attempt, type Harm, harm, harmIf, type Kind } from './hostile-case'
import { ASKING, FAKES } from './hostile-fakes'
import type { House } from './hostile-house'

const PATIENCE_MS = 30_000
/** Fakes at the same time. */
const TOGETHER = 6
/** What a message that announces more than it may hold costs web and worker, in MB; and six servers whose answers never end. */
const MOST_MEMORY = { announced: 300, endless: 1_200 }
const MODES = ['disable', 'prefer', 'require'] as const

/** A fake server does harm to nobody but itself: web and worker go on, in reasonable memory, and no password goes out in the clear. */
export const wireKind: Kind = {
  name: 'wire',
  prepare: async (house) => {
    const attempts = Object.entries(FAKES).map(([name, fake]): Attempt => ({ name, make: () => tried(house, name, fake) }))
    for (const [name, fake] of Object.entries(ASKING))
      for (const sslmode of MODES) attempts.push({ name: `${name}, ${sslmode}`, make: () => askedFor(house, fake, sslmode) })
    const most = memoryOf(house)
    return {
      attempts,
      together: TOGETHER,
      after: async () => {
        const harms = tooMuch('all', await most(), MOST_MEMORY.endless)
        // Alone, so that it is seen whose the memory is.
        for (const [name, fake] of Object.entries(FAKES).filter(([name]) => name.endsWith('B'))) {
          const grown = memoryOf(house)
          await tried(house, `${name}, alone`, fake)
          harms.push(...tooMuch(name, await grown(), MOST_MEMORY.announced))
        }
        return harms
      },
      control: async () => {
        const before = await house.crashes()
        await house.killWorker()
        for (let waited = 0; waited < PATIENCE_MS && (await house.crashes()) === before; waited += 500) await sleep(500)
        return harmIf((await house.crashes()) > before, 'crashes', 'the worker was killed, and that was seen')
      },
    }
  },
}

const tooMuch = (name: string, grown: number, most: number): Harm[] =>
  harmIf(grown > most, 'other', `${name}: web and worker grew by ${Math.round(grown)} MB`)

/** Follows the memory of web and worker; by how much it grew at most, in MB. */
function memoryOf(house: House): () => Promise<number> {
  let over = false
  const watch = (async () => {
    const before = await house.memory()
    let most = before
    for (; !over; await sleep(1_000)) most = Math.max(most, await house.memory())
    return most - before
  })()
  return () => {
    over = true
    return watch
  }
}

/** Adds a fake server, tests the connection, opens its pages, and lets the worker have its turn with it. */
async function tried(house: House, name: string, fake: Fake): Promise<Harm[]> {
  const server = await fakeServer(fake)
  const watched = `Fake ${name}`
  try {
    const address = `postgresql://ada:${SECRET}@127.0.0.1:${server.target.port}/lms`
    const id = await house.watch(watched, address, fake.tls ? 'require' : 'disable')
    const began = Date.now()
    const [test, page, home] = await Promise.all([
      house.act('testStoredServer', [id], house.cookies.admin),
      house.get(`/${id}/db/lms/overview`, house.cookies.viewer),
      house.get('/', house.cookies.viewer),
      sleep(2_500), // the worker's turn
    ])
    await house.act('takeServerAway', [id, watched], house.cookies.admin)
    return [
      ...harmIf(test.ok, 'other', 'the connection test believed it'),
      ...harmIf(page.status !== 200 || /Something went wrong/.test(page.text), 'other', `its page answered ${page.status}`),
      ...harmIf(home.status !== 200 || !home.text.includes('lms-sample'), 'other', `the page of all servers answered ${home.status}`),
      ...harmIf(Date.now() - began > PATIENCE_MS, 'other', `it took ${Date.now() - began} ms`),
      ...server.passwords.filter((sent) => sent.includes(SECRET)).flatMap(() => harm('secrets', 'the password was sent')),
    ]
  } finally {
    await server.close()
  }
}

/** Whether a password goes out in a form that gives it away, to a server that shows no certificate. */
async function askedFor(house: House, fake: Fake, sslmode: string): Promise<Harm[]> {
  const server = await fakeServer(fake)
  try {
    const connection = {
      kind: 'address',
      address: `postgresql://ada:${SECRET}@127.0.0.1:${server.target.port}/lms?sslmode=${sslmode}`,
    }
    await house.act('testServer', [{ name: 'Asking', readOnly: true, connection }, undefined], house.cookies.admin)
    return server.passwords
      .filter((sent) => sent.includes(SECRET) || /md5[0-9a-f]{32}/.test(sent))
      .flatMap((sent) => harm('secrets', `sent ${sent.slice(0, 40)}`))
  } finally {
    await server.close()
  }
}
