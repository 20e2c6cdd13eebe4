import { spawnSync } from 'node:child_process'
import { chown, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { serverAccount } from '../../db/embedded/account'
import type { Setting } from './case'
import type { Fault } from './fault'
import { type House, mountSmall } from './house'
import { variant } from './works'

/** The disk of a monitored server's tablespace is full while a run writes there. */

const MEGABYTES = 20
const FULL_MS = 8_000

/** Where the tablespace of the group that is going on lies. */
let space = ''
let made = 0

async function onSmallDisk(house: House): Promise<Setting> {
  space = path.join(house.folder, `space-${++made}`)
  if (!mountSmall(space, MEGABYTES)) throw new Error('Only root can give a tablespace a small disk')
  const [location, account] = [path.join(space, 'tablespace'), await serverAccount()]
  await mkdir(location, { mode: 0o700 })
  if (account) await chown(location, account.uid, account.gid)
  const server = await house.newServer()
  await server.query('postgres', `create tablespace small location '${location}'`)
  return {
    server,
    prepare: (one, database) =>
      one.query(
        database,
        'alter table t set tablespace small; alter index t_id set tablespace small; alter materialized view m set tablespace small',
      ),
    end: async () => {
      await server.stop()
      spawnSync('umount', [space], { stdio: 'ignore' })
    },
  }
}

const fill = () => spawnSync('dd', ['if=/dev/zero', `of=${path.join(space, 'filler')}`, 'bs=8k'], { stdio: 'ignore' })

export const FULL_DISK: Fault[] = [
  {
    kind: 'disk of the monitored server full',
    name: 'while a run writes there',
    variants: [
      variant('rebuild', 'building'),
      variant('rebuild in place', 'building'),
      variant('create', 'building'),
      variant('vacuum full', 'rewriting'),
      variant('refresh', 'running'),
    ],
    setting: onSmallDisk,
    inject: async (_house, cases) => {
      fill()
      await Promise.all(cases.map((one) => one.release()))
      await sleep(FULL_MS)
      await rm(path.join(space, 'filler'), { force: true })
    },
  },
]
