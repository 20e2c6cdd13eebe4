import type { ExtensionList } from '@/db/extensions/list-extensions'
import { plural } from '../format'

/** Must I act? */
export function extensionsTitle({ installed }: ExtensionList): string {
  const gone = installed.filter(({ default_version: version }) => version === null).length
  const outdated = installed.filter(({ differs }) => differs).length - gone
  if (gone > 0) return `${plural(gone, 'extension has', 'extensions have')} no files on the server.`
  if (outdated > 0) return `${plural(outdated, 'extension differs', 'extensions differ')} from the version of the server's files.`
  return 'Every extension has the version of the server’s files.'
}

export const extensionsEvidence = ({ installed, available }: ExtensionList): string =>
  `${installed.length} installed in this database; ${plural(available.length, 'more is', 'more are')} on the server's disk. An upgrade of PostgreSQL or of a package brings new files; each database keeps the old objects until ALTER EXTENSION UPDATE.`
