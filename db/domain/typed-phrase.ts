interface Asking {
  plan: { phrase: string; alwaysTyped: boolean }
  preflight: { status: 'pass' | 'warn' | 'stop' }[]
}

/**
 * What has to be typed before these commands may run, or null: asked for where the plan always asks, and where a check does not pass.
 * One command asks for its object's name, several ask for the database's.
 */
export function typedPhrase(commands: Asking[], database: string): string | null {
  const asked = commands.some(({ plan, preflight }) => plan.alwaysTyped || preflight.some(({ status }) => status !== 'pass'))
  if (!asked) return null
  const [first] = commands
  return first && commands.length === 1 ? first.plan.phrase : database
}
