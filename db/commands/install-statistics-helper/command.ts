import { z } from 'zod'
import { HELPER_SCHEMA, helperRemoval, helperStatements } from '../../indexes/reads/statistics-helper-sql'
import { statisticsHelperState } from '../../indexes/reads/statistics-helper-state'
import type { Row } from '../../server/define-read'
import { failed, ok } from '../../server/problem'
import { forgetRead, runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { defineCommand, line, type PreflightCheck } from '../define-command'
import { standby } from '../preflight/standby'
import { quickly } from '../work'
import { installStatisticsHelperRequest } from './request'

type State = Row<typeof statisticsHelperState>

const mayInstall: PreflightCheck<State> = async (_target, { server, facts }) => {
  if (!facts.may_install)
    return line(
      'privilege',
      'stop',
      `${server.role} may not do this`,
      `It needs CREATE on the database, or on the schema ${HELPER_SCHEMA} if that is there.`,
    )
  return facts.reads_all
    ? line('privilege', 'pass', 'Privilege', `${server.role} may make functions here, and sees the statistics of every table`)
    : line(
        'privilege',
        'stop',
        `${server.role} sees too little`,
        'The functions see what their owner sees: install them as a role of pg_read_all_data.',
      )
}

async function stateOf(target: Target) {
  forgetRead(target, statisticsHelperState, {})
  return runRead(target, statisticsHelperState, {})
}

/** CREATE FUNCTION … SECURITY DEFINER, for the functions that let a role of pg_monitor estimate bloat. */
export const installStatisticsHelper = defineCommand({
  name: installStatisticsHelperRequest.command,
  about: 'Installs two functions that return widths and frequencies of columns, without values, to members of pg_monitor',
  input: z.strictObject({}),
  face: { verb: 'Install functions' },
  measures: 'nothing',
  weight: 'light',
  facts: async (target) => {
    const rows = await stateOf(target)
    if (!rows.ok) return rows
    const [facts] = rows.value
    if (!facts) return failed('conflict', 'The catalog did not answer')
    return ok({ object: { oid: facts.oid, schemaname: HELPER_SCHEMA, relname: HELPER_SCHEMA, relfilenode: 0, relid: facts.oid }, facts })
  },
  plan: (_input, { facts }) =>
    ok({
      title: `${facts.functions > 0 ? 'Renew' : 'Install'} the statistics helper`,
      ...quickly(...helperStatements),
      locks: [],
      effect: [
        `Makes ${HELPER_SCHEMA}.column_statistics and ${HELPER_SCHEMA}.key_combinations, which run with the rights of the role that installs them (SECURITY DEFINER) and look names up in pg_catalog only.`,
        'They return the widths of values, shares of NULLs, numbers of distinct values and frequencies, never a value. Only roles of pg_monitor may call them.',
        'With them, a role that may not read the tables can estimate how bloated their indexes are.',
      ],
      cancel: 'Cancel at any time. Functions already created stay.',
      phrase: HELPER_SCHEMA,
      alwaysTyped: false,
      undo: facts.functions > 0 ? null : helperRemoval,
      prediction: null,
    }),
  preflight: [standby, mayInstall],
  done: async (target) => {
    const rows = await stateOf(target)
    return rows.ok ? ok(rows.value[0]?.functions === 2 ? 'yes' : 'no') : rows
  },
})
