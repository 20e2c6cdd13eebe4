import { requestFor } from '../../domain/command-request'
import type { GuideViewName } from '../../domain/guide-views'

/** `schema`: that of the tables of the LMS guide. */
export const createMaterializedViewRequest = requestFor<{ view: GuideViewName; schema: string }>('create-materialized-view', {
  verb: 'Create',
  many: 'materialized views',
})
