import process from 'node:process'

/** Prints what is being done, and how long it took once that is worth saying. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now()
  process.stdout.write(`${name} …`)
  try {
    const value = await work()
    const seconds = (Date.now() - started) / 1000
    process.stdout.write(seconds >= 1 ? ` ${seconds.toFixed(1)} s\n` : ' done\n')
    return value
  } catch (error) {
    process.stdout.write(' failed\n')
    throw error
  }
}

/** Prints the parts of something longer as they begin, each with its seconds once the next one does. */
export function tellSteps(): { begin: (name: string) => void; end: () => void } {
  let started: number | null = null
  const end = () => {
    if (started !== null) process.stdout.write(` ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
    started = null
  }
  const begin = (name: string) => {
    end()
    started = Date.now()
    process.stdout.write(`  ${name} …`)
  }
  return { begin, end }
}
