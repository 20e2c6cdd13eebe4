import { requestFor } from '../../domain/command-request'

export const setTableOptionsRequest = requestFor<{ oid: number; set?: Record<string, string>; reset?: string[] }>('set-table-options')
