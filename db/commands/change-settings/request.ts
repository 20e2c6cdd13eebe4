import { requestFor } from '../../domain/command-request'

export const changeSettingsRequest = requestFor<{ set?: Record<string, string | null>; reset?: string[] }>('change-settings')
