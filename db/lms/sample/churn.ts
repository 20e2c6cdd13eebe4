import type { Step } from './step'

const ROUNDS = 2

/**
 * Students come on in rounds. Each rewrites a row whose completion, time and last access are index keys, so it is no HOT
 * update and the b-trees keep what it left behind: the way in which they bloat in life.
 */
const progressRound = (round: number): string => /* sql */ `
  update student_progress p
  set completed_sections = done, completed_lessons = done / 4, completion_percentage = round(100.0 * done / e.sections, 2),
      total_time_spent = done * e.pace, last_accessed_at = e.at + (e.seen - e.at) * ${round} / ${ROUNDS},
      current_section_id = s.id, current_lesson_id = s.lesson_id
  from sample_enrolment e
  cross join lateral (select (e.reach * ${round}.0 / ${ROUNDS})::int as done) d
  left join sample_section s on s.n = e.n and s.position = done + 1
  where p.user_id = e.user_id and p.course_id = e.course_id and e.reach > 0 and e.moves`

/** While the rows change, autovacuum is kept off three tables, so that what is left does not hang on when it wakes. */
const CHURNED = ['student_progress', 'section_progress', 'quiz_results']

/** Storage parameters belong to partitions, not to the table that they make up. */
const autovacuum = (table: string, change: string): string => /* sql */ `
  do $$ declare leaf regclass; begin
    for leaf in select '${table}'::regclass where not exists (select from pg_partition_tree('${table}'))
                union all select relid from pg_partition_tree('${table}') where isleaf
    loop execute format('alter table %s ${change}', leaf); end loop;
  end $$`

/** A session may hold its row counts back for a second; later than VACUUM or ANALYZE, they would be counted twice. */
const COUNTS_REPORTED = /* sql */ `
  do $$ begin
    if current_setting('server_version_num')::int >= 150000 then perform pg_stat_force_next_flush(); else perform pg_sleep(1.1); end if;
  end $$`

export const CHURN: Step[] = [
  {
    name: 'Progress, term by term',
    statements: [
      ...CHURNED.map((table) => autovacuum(table, 'set (autovacuum_enabled = off)')),
      ...Array.from({ length: ROUNDS }, (_, at) => progressRound(at + 1)),
      /* sql */ `
        -- what was open is finished
        update section_progress p
        set updated_at = t.at + (pg_temp.today() - t.at) * pg_temp.chance(t.key, 90), attempts = attempts + 1,
            time_spent = time_spent + interval '3 minutes', completed_at = coalesce(completed_at, t.at + interval '2 hours')
        from sample_touch t
        where p.user_id = t.user_id and p.section_id = t.section_id and t.updated`,
    ],
  },
  {
    name: 'The purge of the oldest term',
    statements: [
      ...['section_progress', 'quiz_results'].map(
        (table) =>
          /* sql */ `delete from ${table} r using sample_touch t where t.term = 1 and r.user_id = t.user_id and r.section_id = t.section_id`,
      ),
      /* sql */ `
        delete from student_progress p using sample_enrolment e where e.term = 1 and p.user_id = e.user_id and p.course_id = e.course_id`,
    ],
  },
  {
    name: 'VACUUM and ANALYZE',
    statements: [COUNTS_REPORTED, 'vacuum (analyze) users, courses, lessons, sections, student_progress, section_progress, quiz_results'],
  },
  {
    name: 'Quizzes marked again',
    statements: [
      /* sql */ `
        -- dead rows that nobody has vacuumed yet: fewer than the fifth at which autovacuum would come by itself
        update quiz_results q set score = round(q.max_score * least(1, q.score / q.max_score + 0.05), 2)
        from sample_touch t
        where q.user_id = t.user_id and q.section_id = t.section_id and pg_temp.chance(t.key, 92) < 0.15`,
      COUNTS_REPORTED,
      'analyze quiz_results',
      ...CHURNED.map((table) => autovacuum(table, 'reset (autovacuum_enabled)')),
    ],
  },
]
