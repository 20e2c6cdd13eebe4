import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { asProblem, type ConsoleFault } from '../db/console/console-fault'
import { readFault } from '../db/console/health'
import { log } from '../db/console/log'

/** Files of the build, what is asked about the console itself, and what tells a fault by itself: actions, and sign-in for scripts. */
const NEEDS_NO_DATABASE = /^\/(_next\/|icon\.svg$|healthz$|metrics$|api\/auth\/)/
const WITHIN_MS = 2_500
const AGAIN_SECONDS = 5

/**
 * Lets a request in to the pages, or says what is wrong with the console database where no page could be made: in a page of its own, or
 * as a problem where a script asks. It is known for a moment, so that the database is not asked for each request; a page that it goes away
 * under says so itself (components/ui/bug-panel.tsx).
 */
export async function letIn(request: IncomingMessage, response: ServerResponse, enter: () => unknown): Promise<void> {
  const path = request.url?.split('?')[0] ?? '/'
  const fault = NEEDS_NO_DATABASE.test(path) || request.headers['next-action'] ? null : await readFault(WITHIN_MS)
  if (!fault) {
    enter()
    return
  }
  log().warn({ path, method: request.method, fault: fault.kind }, 'the console database was in the way')
  const isScript = path.startsWith('/api/')
  const body = isScript ? JSON.stringify({ ok: false, problem: asProblem(fault), at: new Date().toISOString() }) : page(fault)
  response.writeHead(503, { ...HEADERS, 'content-type': isScript ? 'application/json' : 'text/html; charset=utf-8' })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** The colours of app/globals.css; nothing else is loaded, so that nothing else can fail. */
const STYLE = `
:root { color-scheme: light dark; --canvas: #f6f7f7; --surface: #fff; --line: #e4e7e8; --ink: #12171a; --ink-2: #434c52; --bad: #b3262b }
@media (prefers-color-scheme: dark) { :root { --canvas: #0d1012; --surface: #13171a; --line: #23292d; --ink: #e9edef; --ink-2: #b6bfc4; --bad: #ff8d8a } }
body { margin: 0; padding: max(48px, 16vh) 16px 48px; background: var(--canvas); color: var(--ink); font: 14px/1.5 system-ui, sans-serif }
main { box-sizing: border-box; max-width: 520px; margin: 0 auto; padding: 20px 24px; background: var(--surface); border: 1px solid var(--line); border-radius: 8px }
h1 { margin: 0 0 8px; font-size: 16px; line-height: 1.4 } h1::before { content: "● "; color: var(--bad) }
p { margin: 8px 0 0; color: var(--ink-2) } a { color: inherit }`

const HEADERS = {
  'cache-control': 'no-store',
  'retry-after': String(AGAIN_SECONDS),
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
}

/** Of sentences that are ours; there is nothing in them to escape. */
const page = ({ message, hint }: ConsoleFault): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="${AGAIN_SECONDS}">
<title>Console database · Proctor</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${message}</h1>
<p>${hint}</p>
<p>Without it Proctor can show nothing: it knows neither who you are nor your servers. They are not touched by this, and what a confirmed run had begun there goes on. This page tries again every ${AGAIN_SECONDS} seconds.</p>
</main>
</body>
</html>
`
