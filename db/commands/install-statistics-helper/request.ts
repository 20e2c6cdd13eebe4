import { requestFor } from '../../domain/command-request'

export const installStatisticsHelperRequest = requestFor<object>('install-statistics-helper')
