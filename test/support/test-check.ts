import { expect, vi } from 'vitest'
import type { Check, Finding, Past } from '../../db/checks/define-check'
import type { Major } from '../../db/embedded/binaries'
import { forgetReads } from '../../db/server/run-read'
import type { Target } from '../../db/server/target'
import { type TestDatabase, testDatabase } from './test-database'

/** What a check's test does: make the offender, see exactly one finding, fix it, see none. */
interface Steps {
  /** Runs statements, each by itself. */
  offend: (...statements: string[]) => Promise<void>
  /** Runs the statement that the one finding advises. */
  fix: () => Promise<void>
  one: () => Promise<Finding>
  none: () => Promise<void>
  connect: TestDatabase['connect']
  target: Target
}

/** Tests a check in a database of its own, where it finds nothing at first. `past`: what is known beside the server. */
export async function checked(major: Major, check: Check, test: (steps: Steps) => Promise<void>, past?: Past): Promise<void> {
  const db = await testDatabase(major)
  let last: Finding | undefined
  const look = async (): Promise<Finding[]> => {
    forgetReads()
    const result = await check.look(db.target, past)
    if (!result.ok) throw new Error(result.problem.message)
    return result.value
  }
  const none = async () => expect(await look()).toEqual([])
  const offend: Steps['offend'] = async (...statements) => {
    for (const statement of statements) await db.client.query(statement)
  }
  const one = async () => {
    // A failed build's error comes a moment before its backend takes the progress report back.
    const [finding] = await vi.waitFor(
      async () => {
        const found = await look()
        expect(found).toHaveLength(1)
        return found
      },
      { timeout: 120_000, interval: 100 },
    )
    if (!finding) throw new Error('No finding')
    last = finding
    return finding
  }
  try {
    await none()
    await test({ offend, one, none, connect: db.connect, target: db.target, fix: () => offend(last?.sql ?? '') })
  } finally {
    await db.drop()
  }
}
