/**
 * Bloat from here on is worth a rebuild. A b-tree filled in random order settles at about 70 % full, a rebuilt one
 * at 90 % (its fillfactor), so below a fifth a rebuild gives back what the next inserts take again. 1 MB is
 * what a rebuild must give back for its WAL and its two table scans to be worth while; a higher floor would call
 * whole small databases healthy, and in large ones the order by bytes puts what matters first anyway.
 */
export const BLOAT_RATIO = 0.2
export const BLOAT_BYTES = 1024 * 1024
