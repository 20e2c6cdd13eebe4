import { requestFor } from '../../domain/command-request'

export const installHealthFunctionsRequest = requestFor<{ schema?: string }>('install-health-functions')
