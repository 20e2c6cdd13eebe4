import { formatCount, formatFirst } from '../../domain/format'
import { grant, grantRole } from '../../server/grants'
import { identifier } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { line, type PreflightCheck } from '../define-command'
import { standby } from '../preflight/standby'
import type { ExtensionFacts } from './facts'

type Check = PreflightCheck<ExtensionFacts>

/**
 * Ownership of the extension; beyond that a superuser where its files say so, or CREATE on the database where they call it trusted: its
 * script then runs as the bootstrap superuser (manual, 36.17.1 and CREATE EXTENSION).
 */
const rights: Check = async (target, { server, facts }) => {
  const { owner, owns, superuser, trusted, may_create: mayCreate, extname } = facts
  const refused = (detail: string) => line('privilege', 'stop', `${server.role} may not do this`, detail)
  if (!owns) return refused(`Only the owner may update it. ${grantRole(owner, server).join('; ')} would allow it.`)
  if (!superuser || server.isSuperuser)
    return line(
      'privilege',
      'pass',
      'Privilege',
      `${server.role} ${server.isSuperuser ? 'is a superuser' : `acts for ${owner}, the owner of ${extname}`}`,
    )
  if (!trusted) return refused(`${extname} ${facts.to} is not trusted: only a superuser may update it.`)
  return mayCreate
    ? line('privilege', 'pass', 'Privilege', `${extname} is trusted, and ${server.role} may create in this database`)
    : refused(`${grant(`CREATE ON DATABASE ${identifier(target.database)}`, server)} would allow it.`)
}

/** As whom the script runs, and who could put something in the way of its names (manual, 36.17.6). */
const script: Check = async (_target, { server, facts }) => {
  const { intruders, superuser, nspname, path } = facts
  const as = server.isSuperuser || superuser ? 'a superuser' : server.role
  const runs = `The script (${path}) runs as ${as}. The server pins its names to ${nspname} and pg_temp, with the schemas of what it requires.`
  return intruders.length === 0
    ? line('script', 'pass', 'Nobody else may create in its schema', runs)
    : line(
        'script',
        'warn',
        `${formatFirst(intruders)} may create in ${nspname}`,
        `${runs} A function or an operator of theirs that fits better than the intended one would run as ${as}: REVOKE CREATE ON SCHEMA ${identifier(nspname)} first, or look at what is there.`,
      )
}

const dependents: Check = async (_target, { facts: { dependents: names, dependents_count: count, extname } }) =>
  count === 0
    ? line('dependents', 'pass', 'Nothing depends on it', `No object outside of ${extname} uses what it brings.`)
    : line(
        'dependents',
        'pass',
        `${formatCount(count, 'object')} depend${count === 1 ? 's' : ''} on it`,
        `${formatFirst(names)}. A script that would have to drop what they use fails, and changes nothing.`,
      )

const preloaded: Check = async (_target, { facts: { preloaded: is, extname } }) =>
  is
    ? line(
        'library',
        'warn',
        'Its library is loaded at the start of the server',
        `If its package was updated since, the former library of ${extname} serves the new definitions until a restart.`,
      )
    : ok(null)

export const EXTENSION_CHECKS: Check[] = [standby, rights, script, preloaded, dependents]
