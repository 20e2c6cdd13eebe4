import { CATALOG } from './bloat-catalog-sql'
import { COPIES } from './bloat-copies-sql'
import { PAGES } from './bloat-pages-sql'
import { FROM_HELPER, FROM_PG_STATS } from './bloat-statistics-sql'
import { TUPLES } from './bloat-tuples-sql'

/** The statement of the read index-bloat-estimate, which says what it is. */
export const INDEX_BLOAT_ESTIMATE = /* sql */ `with /* proctor:index-bloat-estimate */ recursive ${CATALOG}${FROM_PG_STATS}${TUPLES}${COPIES}${PAGES}`

/** The same with the statistics that the helper hands out. */
export const INDEX_BLOAT_BY_HELPER = /* sql */ `with /* proctor:index-bloat-by-helper */ recursive ${CATALOG}${FROM_HELPER}${TUPLES}${COPIES}${PAGES}`
