import { spawnSync } from 'node:child_process'
import process from 'node:process'

/** Installs a package of Debian where we are root; elsewhere it does nothing, and whoever looks for it finds nothing. */
export function installFromDebian(name: string): void {
  if (process.getuid?.() !== 0) return
  process.stdout.write(`Installing ${name} (apt-get) …\n`)
  const quiet = {
    stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  spawnSync('apt-get', ['update', '-qq'], quiet)
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], quiet)
}
