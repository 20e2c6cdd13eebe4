import type { Check } from '../../checks/define-check'
import { ok } from '../../server/problem'
import { OF_SERVER, readWalState } from '../look'

/** Without checksums a page that the disk has changed is read as if it were right (manual, 28.2). initdb makes them from 18 on. */
export const checksumsOff: Check = {
  name: 'checksums-off',
  about: 'The cluster has no data checksums, so damage by the storage is not noticed',
  scope: 'server',
  look: async (target) => {
    const state = await readWalState(target)
    if (!state.ok) return state
    if (state.value.data_checksums) return ok([])
    return ok([
      {
        ...OF_SERVER,
        name: 'data_checksums',
        title: 'Data checksums are off',
        evidence:
          'Pages that the storage damages are read without an error. pg_checksums --enable turns checksums on while the server is stopped; it reads and ' +
          'writes every file once. On a cluster with standbys, do each server before any is started.',
        severity: 'info',
      },
    ])
  },
}
