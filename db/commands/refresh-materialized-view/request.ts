import { requestFor } from '../../domain/command-request'

export const refreshMaterializedViewRequest = requestFor<{ oid: number; concurrently?: boolean }>('refresh-materialized-view')
