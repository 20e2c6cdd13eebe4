import { grantRole } from '../../server/grants'
import { type CommandFacts, line, type PreflightCheck } from '../define-command'

/** Whether this role may send CHECKPOINT. */
export const mayCheckpoint: PreflightCheck<{ may_checkpoint: boolean }> = async (_target, context) =>
  context.facts.may_checkpoint
    ? line('checkpoint-privilege', 'pass', 'Privilege', `${context.server.role} may make a checkpoint`)
    : line('checkpoint-privilege', 'stop', `${context.server.role} may not make a checkpoint`, whatAllows(context))

const whatAllows = ({ server }: Pick<CommandFacts<unknown>, 'server'>): string =>
  server.major < 15 ? 'Before PostgreSQL 15 only a superuser may.' : `${grantRole('pg_checkpoint', server).join('; ')} would allow it.`
