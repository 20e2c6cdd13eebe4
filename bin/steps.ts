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
