import type { Check } from '../../checks/define-check'
import { updateExtensionRequest } from '../../commands/update-extension/request'
import { identifier } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { outdatedExtensions } from '../reads/outdated-extensions'

/** Silent where no script leads to the version of the files, as where they were replaced by older ones. */
export const extensionOutdated: Check = {
  name: 'extension-outdated',
  about: 'Extensions whose files on the server are newer than what is installed in the database, as after an upgrade',
  cadence: 'hour',
  look: async (target) => {
    const read = await runRead(target, outdatedExtensions, {})
    if (!read.ok) return read
    return ok(
      read.value.map(({ extname, installed, available, owner }) => ({
        kind: 'server',
        name: extname,
        title: `Extension ${extname} can be updated to ${available}`,
        evidence: `Installed in this database is ${installed}; the files on the server bring ${available}. New programs with the objects of an old version are what fewest people run. Its owner is ${owner}.`,
        trust: { kind: 'exact' },
        severity: 'info',
        fix: updateExtensionRequest({ extension: extname }),
        sql: `ALTER EXTENSION ${identifier(extname)} UPDATE;`,
      })),
    )
  },
}
