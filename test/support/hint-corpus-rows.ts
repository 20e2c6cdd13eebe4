/** Fills the tables anew: with NULLs, duplicates and rows that match nothing, by a seed; some tables stay empty where `empty` names them. */
export const randomRows = (seed: number, empty: string[] = []): string => {
  const maybe = (value: string, part = 0.2) => `case when random() > ${part} then ${value} end`
  const one = (most: number) => `1 + floor(random() * ${most})::int`
  // Around midnight in several zones, and on the days when clocks of Berlin and New York change.
  const moment = `(timestamp '2024-03-08' + floor(random() * 25)::int * interval '1 day' + (array[0, 1, 3599, 3600, 7200, 43200, 82800, 86399])[${one(8)}] * interval '1 second')`
  const rows: Record<string, string> = {
    users: `select g, 'u' || g || '@example.org', (array['Ann', 'Bob', 'ann'])[${one(3)}], (array['student', 'teacher'])[${one(2)}], ${maybe(`${moment} at time zone 'UTC'`)}, null, ${maybe(moment)}, ${maybe(`(${moment})::date`)}, ${maybe('1', 0.5)} from generate_series(1, 12) g order by g`,
    courses: `select g, 'Course ' || g % 3, 'easy', ${maybe(one(12))}, ${moment} at time zone 'UTC', null, '{}' from generate_series(1, 8) g`,
    lessons: `select g, ${maybe(one(8))}, 'L', g from generate_series(1, 10) g`,
    student_progress: `select row_number() over (), u, c, ${maybe(`${moment} at time zone 'UTC'`)}, now(), ${maybe('(random() * 4)::int * 25')}, ${maybe("(random() * 9)::int * interval '1 hour'")}, null::int from generate_series(1, 12) u, generate_series(1, 8) c where random() > 0.6 union all select 1000 + g, ${maybe(one(12), 0.6)}, null, now(), now(), 100, null, null from generate_series(1, 3) g`,
    quiz_results: `select g, ${maybe(one(12))}, 1, (random() * 5)::int * 10, 50, now(), 1 from generate_series(1, 30) g`,
    course_tags: `select c, t from generate_series(1, 8) c, unnest(array['a', 'b', 'c']) t where random() > 0.5`,
    counters: `select g, (random() * 6)::int, (random() * 6)::int, random() from generate_series(1, 2000) g`,
    'shop.customers': `select g, 'c' || g, ${moment} from generate_series(1, 6) g`,
    'shop.orders': `select g, ${one(6)}, (random() * 100)::int, ${moment}, ${maybe(one(6))} from generate_series(1, 20) g`,
    'shop.visits': `select g, ${one(6)}, ${maybe('(random() * 100)::int')}, ${moment} from generate_series(1, 15) g`,
  }
  const filled = Object.entries(rows).filter(([table]) => !empty.includes(table))
  return [
    `set session_replication_role = replica; select setseed(${seed})`,
    `truncate ${Object.keys(rows).join(', ')} cascade`,
    ...filled.map(([table, query]) => `insert into ${table} ${query}`),
    "insert into courses select g, 'More', 'hard', null, now(), null from generate_series(100, 1400) g where " +
      (empty.includes('courses') ? 'false' : 'true'),
    'set session_replication_role = origin',
  ].join(';\n')
}
