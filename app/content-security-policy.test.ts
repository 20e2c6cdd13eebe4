import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { contentSecurityPolicy } from './content-security-policy'

it('lets no script run without the nonce in production, and frames nowhere', () => {
  const policy = contentSecurityPolicy('N0NCE', { development: false, https: true })
  const scripts = policy.split('; ').find((directive) => directive.startsWith('script-src'))
  expect(scripts).toBe("script-src 'self' 'nonce-N0NCE' 'strict-dynamic'")
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).toContain('upgrade-insecure-requests')
  expect(policy).not.toContain('unsafe-eval')
  expect(policy).not.toMatch(/(?<!style-src-attr )'unsafe-inline'/)
})

it('knows the style sheet of the installed sonner', async () => {
  const file = createRequire(import.meta.url).resolve('sonner')
  const [, inserted] = /__insertCSS\(("(?:\\.|[^"\\])*")\)/.exec(await readFile(file, 'utf8')) ?? []
  const css: string = JSON.parse(inserted ?? '""')
  const hash = createHash('sha256').update(css).digest('base64')
  expect(css).toContain('[data-sonner-toaster]')
  expect(contentSecurityPolicy('x', { development: false, https: false })).toContain(`'sha256-${hash}'`)
})
