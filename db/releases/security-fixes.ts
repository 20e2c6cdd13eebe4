/**
 * Which minor releases fixed which vulnerabilities of PostgreSQL 14 and later, and until when a major gets fixes.
 * Sources: https://www.postgresql.org/support/security/ and the records of the PostgreSQL project at cve.org, which name for
 * each the first minor release without it; https://www.postgresql.org/support/versioning/ for the ends.
 * Complete up to the releases of KNOWN_UNTIL. Not known here: what later releases fix, and what packagers and clouds have fixed
 * under the same number. Some concern client programs or extensions alone.
 */
export const KNOWN_UNTIL = '2026-08-13'

/** The day from which on a major no longer gets fixes. */
export const END_OF_LIFE: Readonly<Record<number, string>> = {
  14: '2026-11-12',
  15: '2027-11-11',
  16: '2028-11-09',
  17: '2029-11-08',
  18: '2030-11-14',
}

interface SecurityReleases {
  date: string
  /** The minor release of each major that came out then. */
  minors: Readonly<Record<number, number>>
  /** The vulnerabilities that they fixed in all of these majors, without "CVE-". */
  all: readonly string[]
  /** Those that only some of these majors had. */
  some?: Readonly<Record<string, readonly number[]>>
}

/** Newest first. */
export const SECURITY_RELEASES: readonly SecurityReleases[] = [
  {
    date: '2026-08-13',
    minors: { 18: 6, 17: 11, 16: 15, 15: 19, 14: 24 },
    all: [
      ...['2026-6464', '2026-6469', '2026-6470', '2026-6471', '2026-14662', '2026-14663', '2026-14664', '2026-14666'],
      ...['2026-14668', '2026-14669', '2026-14670', '2026-14671', '2026-14677', '2026-14678', '2026-14679', '2026-14680'],
      ...['2026-15741', '2026-15742', '2026-16239', '2026-16241', '2026-18024', '2026-18408', '2026-19385'],
    ],
    some: {
      '2026-14672': [16, 17, 18],
      '2026-14673': [14, 15, 16, 18],
      '2026-14676': [18],
      '2026-14681': [17, 18],
      '2026-16238': [18],
    },
  },
  {
    date: '2026-05-14',
    minors: { 18: 4, 17: 10, 16: 14, 15: 18, 14: 23 },
    all: ['2026-6472', '2026-6473', '2026-6474', '2026-6475', '2026-6477', '2026-6478', '2026-6479', '2026-6637'],
    some: { '2026-6476': [17, 18], '2026-6575': [18], '2026-6638': [16, 17, 18] },
  },
  {
    date: '2026-02-12',
    minors: { 18: 2, 17: 8, 16: 12, 15: 16, 14: 21 },
    all: ['2026-2003', '2026-2004', '2026-2005', '2026-2006'],
    some: { '2026-2007': [18] },
  },
  { date: '2025-11-13', minors: { 18: 1, 17: 7, 16: 11, 15: 15, 14: 20 }, all: ['2025-12817', '2025-12818'] },
  { date: '2025-08-14', minors: { 17: 6, 16: 10, 15: 14, 14: 19 }, all: ['2025-8713', '2025-8714', '2025-8715'] },
  { date: '2025-05-08', minors: { 17: 5, 16: 9, 15: 13, 14: 18 }, all: ['2025-4207'] },
  { date: '2025-02-13', minors: { 17: 3, 16: 7, 15: 11, 14: 16 }, all: ['2025-1094'] },
  { date: '2024-11-14', minors: { 17: 1, 16: 5, 15: 9, 14: 14 }, all: ['2024-10976', '2024-10977', '2024-10978', '2024-10979'] },
  { date: '2024-08-08', minors: { 16: 4, 15: 8, 14: 13 }, all: ['2024-7348'] },
  { date: '2024-05-09', minors: { 16: 3, 15: 7, 14: 12 }, all: ['2024-4317'] },
  { date: '2024-02-08', minors: { 16: 2, 15: 6, 14: 11 }, all: ['2024-0985'] },
  { date: '2023-11-09', minors: { 16: 1, 15: 5, 14: 10 }, all: ['2023-5868', '2023-5869', '2023-5870'] },
  { date: '2023-08-10', minors: { 15: 4, 14: 9 }, all: ['2023-39417'], some: { '2023-39418': [15] } },
  { date: '2023-05-11', minors: { 15: 3, 14: 8 }, all: ['2023-2454', '2023-2455'] },
  { date: '2023-02-09', minors: { 15: 2, 14: 7 }, all: ['2022-41862'] },
  { date: '2022-08-11', minors: { 14: 5 }, all: ['2022-2625'] },
  { date: '2022-05-12', minors: { 14: 3 }, all: ['2022-1552'] },
  { date: '2021-11-11', minors: { 14: 1 }, all: ['2021-23214', '2021-23222'] },
]
