interface Circumstances {
  /** The development server evaluates code, injects styles and keeps a web socket. */
  development: boolean
  /** Browsers speak TLS with the console. */
  https: boolean
}

/**
 * sonner puts its one style sheet into the page without a nonce: an empty element first, then its text. A test
 * compares the second hash with the installed version.
 */
const SONNER_STYLES = ["'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='", "'sha256-StEaX+se6YS7pqjzrzMIA0KaX9zF/8zAhvQXZAe5epY='"]

/**
 * The policy of a page. Scripts run by nonce only, and what they load; nothing inline, nothing evaluated.
 * Style attributes stay allowed: a chart's bar has its width there, and they run no code.
 */
export function contentSecurityPolicy(nonce: string, { development, https }: Circumstances): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}' ${SONNER_STYLES.join(' ')}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...(https ? ['upgrade-insecure-requests'] : []),
  ].join('; ')
}
