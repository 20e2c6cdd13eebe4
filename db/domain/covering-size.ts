/**
 * How much larger an index that could serve the same queries may be and still count as an equal. Rows cost the same to fetch through
 * either; a range read from the index alone costs pages in proportion to size. Measured on 500,000 rows with 200 values of an int4 that
 * deduplication had packed: another fixed-width column makes the index 3.2 (int4), 4.5 (timestamptz) or 5.8 times (uuid) as large, which
 * is what everybody accepts for one index less; a text of 96 characters 19 times, and the same count(*) reads 799 pages for 46. Below a
 * megabyte more the difference is a millisecond.
 */
export const LARGER_TIMES = 6
export const LARGER_BYTES = 1024 * 1024

/** Whether an index of so many bytes is too large to stand in for the other. */
export const isMuchLarger = (standIn: number, bytes: number): boolean => standIn > LARGER_TIMES * bytes && standIn - bytes > LARGER_BYTES
