import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { CHECKOUT } from './settings'

interface Locked {
  version?: string
  integrity?: string
  resolved?: string
  link?: boolean
}

const { packages } = JSON.parse(await readFile(path.join(CHECKOUT, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> }
const locked = Object.entries(packages).filter(([place]) => place !== '')

it('knows the SHA-512 of every package, so that npm ci takes none that was changed since', () => {
  expect(locked.length).toBeGreaterThan(100)
  expect(locked.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? '')).map(([place]) => place)).toEqual([])
})

it('takes every package from the registry of whoever installs: names no host, no link, no branch of a repository', () => {
  expect(locked.filter(([, { resolved, link }]) => resolved || link).map(([place]) => place)).toEqual([])
})
