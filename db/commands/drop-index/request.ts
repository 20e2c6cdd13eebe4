import { requestFor } from '../../domain/command-request'

export const dropIndexRequest = requestFor<{
  oid?: number
  name?: { schemaname: string; relname: string }
  concurrently?: boolean
  knowing?: boolean
}>('drop-index', { verb: 'Drop', many: 'indexes' })

/** Takes back what was made: by name, as it has no OID yet; who takes it back knows which foreign key it served. */
export const dropAgain = ({ schemaname, relname }: { schemaname: string; relname: string }, partitioned: boolean) => ({
  command: dropIndexRequest.command,
  input: { name: { schemaname, relname }, concurrently: !partitioned, knowing: true },
})
