/** What is wrong with the console itself, as /healthz says it. */
export interface ConsoleTrouble {
  message: string
  hint: string
  /** It can be read, but not be written to. */
  readable: boolean
}

/** Asks /healthz, which needs no session and answers within two seconds. Null: nothing is wrong. Errors: throws where nothing answers. */
export async function askConsoleHealth(signal?: AbortSignal): Promise<ConsoleTrouble | null> {
  const response = await fetch('/healthz', { signal, cache: 'no-store' })
  return response.ok ? null : ((await response.json()) as ConsoleTrouble)
}
