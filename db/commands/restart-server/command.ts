import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { logLines, postmasterOf, shutDown } from '../../server/postmaster'
import { failed, ok, type Result } from '../../server/problem'
import type { Target } from '../../server/target'
import { type Before, type CommandFacts, defineCommand, type Restart } from '../define-command'
import type { Plan } from '../plan'
import { atOnce } from '../work'
import { loadPostmaster, type PostmasterFacts, readPostmaster, settingsAfter } from './facts'
import { RESTART_CHECKS } from './preflight'
import { restartServerRequest } from './request'

/** Shutting down, the pause before it is started again, and two starts where the first one is refused. */
const COMES_BACK_MS = 3 * 60_000

/** A fast shutdown of the sample, which its launcher then starts again; https://www.postgresql.org/docs/current/server-shutdown.html */
export const restartServer = defineCommand({
  name: restartServerRequest.command,
  about: 'Restarts the sample server that comes with the console, so that settings that wait for it take effect',
  input: z.strictObject({}),
  face: { verb: 'Restart server', does: { did: 'the server runs again' } },
  measures: 'nothing',
  weight: 'alone',
  facts: loadPostmaster,
  plan: planRestart,
  preflight: RESTART_CHECKS,
  act: restart,
  readBack: async (target, before) => {
    const seen = await seeAfter(target, before)
    if (!seen.ok) return seen
    const { settings, said } = seen.value
    if (said.length > 0)
      return failed('sql_error', `It did not start with these settings: ${mainLine(said)}`, {
        hint: 'It runs with those of its last good start: everything set by ALTER SYSTEM since then was reverted, and is kept in postgresql.auto.conf.refused.',
      })
    const not = settings.filter(({ took }) => !took).map(({ name, is }) => `${name} is ${is ?? 'gone'}`)
    return not.length === 0 ? ok(null) : failed('conflict', `Restarted, but did not take effect: ${not.join('; ')}`)
  },
  done: async (target, { object }): Promise<Result<'yes' | 'no'>> => {
    const now = await readPostmaster(target)
    return now.ok ? ok(now.value.started_micros === object.relfilenode ? 'no' : 'yes') : now
  },
  look: async (target, before) => {
    const startedBefore = new Date(before.object.relfilenode / 1000).toISOString()
    const seen = await seeAfter(target, before)
    if (!seen.ok)
      return { checkedAfter: `could not look: ${seen.problem.message}`, restart: { startedBefore, startedAfter: null, settings: [] } }
    const { startedAfter, settings, said } = seen.value
    const took = settings.filter((setting) => setting.took).length
    const words =
      startedAfter === startedBefore
        ? 'not restarted'
        : said.length > 0
          ? 'restarted, with the settings of the last good start'
          : 'restarted'
    const checkedAfter =
      settings.length > 0 && words === 'restarted' ? `restarted, ${took} of ${settings.length} settings took effect` : words
    return { checkedAfter, restart: { startedBefore, startedAfter, settings }, notices: said }
  },
})

/** What the restart itself tells of, as it goes. */
const PHASES = ['Shut down', 'Start', 'Read back']

function planRestart(_input: unknown, { object, facts: { postmaster, pending }, known }: CommandFacts<PostmasterFacts>): Result<Plan> {
  if (!known.embedded)
    return failed('invalid_input', 'Only the sample server that comes with the console can be restarted from it', {
      hint: 'Restart any other where it is run: with pg_ctl, systemd, or in the console of its provider.',
    })
  if (postmaster === null) return failed('unreachable', 'The postmaster of this server cannot be found on this machine')
  const changes = pending.map(({ name, was, wanted }) => `${name} ${plain(was)} → ${plain(wanted)}`)
  return ok({
    title: 'Restart PostgreSQL',
    // The changes stand in the statement, so that they are part of what is confirmed.
    ...atOnce('CHECKPOINT', `\\! kill -INT ${object.oid} # the postmaster${changes.map((change) => `; ${change}`).join('')}`),
    form: 'shell',
    phases: [{ name: 'Checkpoint' }, ...PHASES.map((name) => ({ name }))],
    locks: [],
    effect: [
      'Shuts the server down fast, and the console starts it again: open transactions are rolled back.',
      'The checkpoint comes first, so that the server is away for a shorter time.',
      ...(pending.length > 0 ? changes.map((change) => `${change}.`) : ['No setting waits for a restart.']),
      'If it does not start, everything set by ALTER SYSTEM since its last good start is reverted, and the run fails with the message of the server.',
      'Given up when it has not come back after 3 min.',
    ],
    cancel: 'During the checkpoint nothing has happened yet. From the shutdown on it cannot be stopped.',
    meanwhile: 'Every session is ended, and nobody can connect until the server has started again.',
    phrase: 'restart',
    alwaysTyped: true,
    undo: null,
    prediction: null,
  })
}

/** On one line, as what follows # goes to its end. */
const plain = (text: string): string => (text === '' ? "''" : text.replaceAll(/\p{Cc}/gu, ' '))

/** Asks the server to end, and waits until it is another one. */
async function restart(
  target: Target,
  { object }: Before,
  phase: (name: string) => Promise<void>,
  stopping: AbortSignal,
): Promise<Result<null>> {
  const now = await readPostmaster(target)
  if (!now.ok) return now
  const folder = now.value.data_directory ?? ''
  const former = await postmasterOf(folder)
  if (former?.pid !== object.oid || now.value.started_micros !== object.relfilenode)
    return failed('conflict', 'The server was restarted since it was confirmed')
  await phase('Shut down')
  const asked = await shutDown(folder, former)
  if (!asked.ok) return asked
  let ended = false
  for (const until = Date.now() + COMES_BACK_MS; Date.now() < until && !stopping.aborted; await sleep(200)) {
    const postmaster = await postmasterOf(folder)
    if (!ended && postmaster?.pid === former.pid && postmaster.start === former.start) continue
    if (!ended) await phase('Start')
    ended = true
    const again = await readPostmaster(target)
    if (!again.ok || again.value.started_micros === object.relfilenode) continue
    await phase('Read back')
    return ok(null)
  }
  const hint = mainLine(await logLines(folder, 'log')) || undefined
  return failed('timeout', ended ? 'It has ended, and was not started again within 3 min' : 'It did not end within 3 min', { hint })
}

/** What there is after a restart. `said`: the lines of the start that failed, where settings were put back. */
async function seeAfter(target: Target, before: Before): Promise<Result<Pick<Restart, 'startedAfter' | 'settings'> & { said: string[] }>> {
  const now = await readPostmaster(target)
  if (!now.ok) return now
  const { started_micros: micros, data_directory: folder } = now.value
  const said = micros === before.object.relfilenode ? [] : await logLines(folder ?? '', 'refused')
  const settings = await settingsAfter(target, before.pending ?? [], said.length > 0)
  return settings.ok ? ok({ startedAfter: new Date(micros / 1000).toISOString(), settings: settings.value, said }) : settings
}

/** The line that says why: FATAL or worse, else the last one. */
const mainLine = (lines: string[]): string =>
  (lines.findLast((one) => /\b(FATAL|PANIC): /.test(one)) ?? lines.at(-1) ?? '').replace(/^.*?\b(FATAL|PANIC): +/, '$1: ')
