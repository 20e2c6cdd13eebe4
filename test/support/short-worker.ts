/** A worker process that takes another for asleep after 2 s, for tests that stop one with SIGSTOP. Ends with SIGKILL. */
import { startWorker } from '../../db/worker/worker'

await startWorker({ beatMs: 200, asleepMs: 2_000 })
